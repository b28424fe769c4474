"""Engine and trainer as the program has them, one after the other over the same model."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from core.base.data_key import no_key, use_data_key
from core.base.paths import Paths
from core.engine.client.engine_client import EngineClient
from core.ipc.client import new_request_id
from core.ipc.reply import Reply
from core.messages import (
    Adapter,
    AdapterTrained,
    ExamplesScored,
    ExampleTokens,
    LoadModel,
    Placement,
    ScoreExamples,
    TrainAdapter,
    TrainingSettings,
)
from core.training.trainer_client import TrainerClient


class Workshop:
    """Loads models, scores examples, trains adapters; waits for each."""

    def __init__(self, paths: Paths, wait_for: Callable[..., Any]) -> None:
        self.paths = paths
        self.engine = EngineClient(paths, lambda: None)
        self.trainer = TrainerClient(paths, lambda: None)
        self._wait_for = wait_for

    def end_of(self, reply: Reply[Any, Any]) -> str:
        """Wait for the end of a reply; return the code of its failure, "" for a result."""

        def is_done() -> bool:
            self.engine.poll()
            self.trainer.poll()
            return reply.is_done

        self._wait_for(is_done, 240)
        return "" if reply.failure is None else reply.failure.code

    def result_of(self, reply: Reply[Any, Any]) -> Any:
        assert not self.end_of(reply), reply.failure
        return reply.result

    def score(
        self, model: Path, examples: tuple[ExampleTokens, ...], *adapters: Adapter
    ) -> tuple[float, ...]:
        placement = Placement(context=512, threads=1, device="cpu", sequences=2)
        self.result_of(
            self.engine.load_model(
                LoadModel(
                    request_id=new_request_id(),
                    path=str(model),
                    placement=placement,
                    adapters=tuple(adapter.path for adapter in adapters),
                )
            )
        )
        request = ScoreExamples(
            request_id=new_request_id(), examples=examples, adapters=tuple(adapters)
        )
        scored = self.result_of(self.engine.send(request))
        assert isinstance(scored, ExamplesScored)
        self.engine.unload_model()
        return scored.losses

    def request(self, model: Path, **changes: Any) -> TrainAdapter:
        given: dict[str, Any] = {
            "examples": (),
            "held_out": (),
            "expected": (),
            "settings": TrainingSettings(),
            "checkpoint": str(self.paths.training_checkpoint),
            "adapter": str(self.paths.trained_adapter),
            "threads": 1,
        }
        return TrainAdapter(request_id=new_request_id(), path=str(model), **(given | changes))

    def train(self, model: Path, **changes: Any) -> AdapterTrained:
        trained = self.result_of(self.trainer.send(self.request(model, **changes)))
        assert isinstance(trained, AdapterTrained)
        return trained

    def close(self) -> None:
        self.engine.stop(0.0)
        self.trainer.stop(0.0)


@pytest.fixture(autouse=True)
def _plain_again() -> Iterator[None]:
    yield
    use_data_key(no_key)


@pytest.fixture
def workshop(root: Paths, wait_for: Callable[..., Any]) -> Iterator[Workshop]:
    root.create_folders()
    made = Workshop(root, wait_for)
    yield made
    made.close()
