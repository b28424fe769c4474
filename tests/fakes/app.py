"""The real application over scripted children."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from core.api.client import ApiClient
from core.app.app import App
from core.app.clients import Clients
from core.base.paths import Paths
from core.courier.client import CourierClient
from core.engine.client.engine_client import EngineClient
from core.engine.client.planner_client import PlannerClient
from core.engine.client.quantization_client import QuantizationClient
from core.library.client.library_client import LibraryClient
from core.training.trainer_client import TrainerClient
from tests.fakes.api_child import FakeApiChild
from tests.fakes.child_process import FakeChildProcess
from tests.fakes.courier_child import FakeCourierChild
from tests.fakes.engine_child import FakeEngineChild
from tests.fakes.key_store import FakeKeyStore
from tests.fakes.library_child import FakeLibraryChild
from tests.fakes.models import SMALL_MODEL, prepare_models, tiny_gguf
from tests.fakes.planner_child import FakePlannerChild
from tests.fakes.quantization_child import FakeQuantizationChild
from tests.fakes.trainer_child import FakeTrainerChild


@dataclass
class FakeChildren:
    """A scripted child of each kind, for one application after the other.

    What they keep (folders, keys) outlives an application, as it does on disk.
    """

    engine: FakeEngineChild = field(default_factory=FakeEngineChild)
    library: FakeLibraryChild = field(default_factory=FakeLibraryChild)
    courier: FakeCourierChild = field(default_factory=FakeCourierChild)
    keys: FakeKeyStore = field(default_factory=FakeKeyStore)
    planner: FakePlannerChild = field(default_factory=FakePlannerChild)
    ladders: FakeQuantizationChild = field(default_factory=FakeQuantizationChild)
    quantization: FakeQuantizationChild = field(default_factory=FakeQuantizationChild)
    api: FakeApiChild = field(default_factory=FakeApiChild)
    examples: FakeEngineChild = field(default_factory=FakeEngineChild)
    trainer: FakeTrainerChild = field(default_factory=FakeTrainerChild)

    @property
    def all_children(self) -> Iterable[FakeChildProcess]:
        """All of them."""
        return (
            self.engine,
            self.library,
            self.courier,
            self.planner,
            self.ladders,
            self.quantization,
            self.api,
            self.examples,
            self.trainer,
        )

    def make_app(self, paths: Paths, wake: Callable[[], None] = lambda: None) -> App:
        """Return an application over these children, still to be opened.

        `wake` is called as real children do: when there is something to process.
        """
        for child in self.all_children:
            child.wake = wake
        clients = Clients(
            engine=EngineClient(paths, wake, process=self.engine),
            library=LibraryClient(paths, wake, process=self.library),
            courier=CourierClient(paths, wake, self.keys, process=self.courier),
            planner=PlannerClient(paths, wake, process=self.planner),
            ladders=QuantizationClient(paths, wake, process=self.ladders),
            quantization=QuantizationClient(paths, wake, process=self.quantization),
            api=ApiClient(paths, wake, process=self.api),
            examples=EngineClient(paths, wake, process=self.examples, remembers=False),
            trainer=TrainerClient(paths, wake, process=self.trainer),
        )
        return App(paths, wake, clients)


def prepare_root(folder: Path, *models: Path) -> Paths:
    """Return a root under `folder` that knows these models, else one small one, and no others."""
    paths = Paths(folder / "root")
    files = models or (write_small_model(folder),)
    prepare_models(paths, *files)
    return paths


def write_small_model(folder: Path) -> Path:
    """Write the model that every prepared root knows."""
    path = folder / "models" / f"{SMALL_MODEL}.gguf"
    path.parent.mkdir(exist_ok=True)
    return tiny_gguf().write(path)


def make_app(folder: Path, children: FakeChildren | None = None) -> tuple[App, FakeChildren]:
    """Return an open application with one small model over scripted children.

    Whoever calls this closes it, and calls `process_events` after children delivered something.
    """
    made = children or FakeChildren()
    app = made.make_app(prepare_root(folder))
    app.open_root()
    return app, made
