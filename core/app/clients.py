"""Clients of the child processes of one root, as the application is given them."""

from collections.abc import Callable, Iterable
from typing import NamedTuple

from core.api.client import ApiClient
from core.base.paths import Paths
from core.courier.client import CourierClient
from core.courier.key_store_thread import KeyStoreThread
from core.engine.client.early_engine import EarlyEngine
from core.engine.client.engine_client import EngineClient
from core.engine.client.planner_client import PlannerClient
from core.engine.client.quantization_client import QuantizationClient
from core.library.client.library_client import LibraryClient
from core.training.trainer_client import TrainerClient


class Clients(NamedTuple):
    """One client for each child. Ladders and quantization have a child each.

    A ladder is shown while a model is quantized. `examples` is an engine that reads and measures
    the examples of a training, so that chats keep theirs.
    """

    engine: EngineClient
    library: LibraryClient
    courier: CourierClient
    planner: PlannerClient
    ladders: QuantizationClient
    quantization: QuantizationClient
    api: ApiClient
    examples: EngineClient
    trainer: TrainerClient

    def set_known_models(self, known: Callable[[], Iterable[str]]) -> None:
        """Say what files children that plan or make quantizations may be asked for."""
        for client in (self.planner, self.ladders, self.quantization):
            client.known_models = known


def open_clients(
    paths: Paths, wake: Callable[[], None], engine: EarlyEngine | None = None
) -> Clients:
    """Return clients of real children; none is started before the first request, but `engine`.

    `wake` is called from other threads when a client has something to `poll`.
    """
    return Clients(
        engine=EngineClient(paths, wake, early=engine),
        library=LibraryClient(paths, wake),
        courier=CourierClient(paths, wake, KeyStoreThread(paths, wake)),
        planner=PlannerClient(paths, wake),
        ladders=QuantizationClient(paths, wake),
        quantization=QuantizationClient(paths, wake),
        api=ApiClient(paths, wake),
        examples=EngineClient(paths, wake, remembers=False),
        trainer=TrainerClient(paths, wake),
    )
