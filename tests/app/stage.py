"""An open application over scripted children, and everything it told."""

import functools
import hashlib
from pathlib import Path
from typing import Any

from core.app.app import App
from core.app.clients import open_clients
from core.app.events.app_events import AppEvent
from core.base.paths import Paths, resources_folder
from core.engine.client.engine_client import EngineClient
from core.engine.client.planner_client import PlannerClient
from core.library.client.library_client import LibraryClient
from core.messages import (
    Cancel,
    ChildDied,
    FolderState,
    Generate,
    LoadModel,
    SearchDone,
    SearchFolders,
    SearchHit,
    ThrottleIndexing,
)
from core.models.info.model_facts import read_stamp
from core.models.registry.model_cache import ModelCache
from tests.fakes.child_process import FakeChildProcess
from tests.fakes.engine_child import FakeEngineChild


class StageEngine(FakeEngineChild):
    """Loads and answers when told to; keeps the requests in the order in which they came."""

    def __init__(self) -> None:
        super().__init__()
        self.loads_at_once = False
        self.context = 2048
        self.title = self.rewriting = None

    @property
    def orders(self) -> list[LoadModel]:
        return self.all_sent(LoadModel)

    @property
    def loads(self) -> list[str]:
        return [request.path for request in self.orders]

    @property
    def generated(self) -> list[Generate]:
        return self.all_sent(Generate)

    @property
    def cancelled(self) -> list[str]:
        return [request.request_id for request in self.all_sent(Cancel)]

    def finish_loading(self, **changes: Any) -> None:
        super().finish_loading(**{"fingerprint": "print", "draft": "", **changes})

    def answer(self, text: str, nth: int = -1, **fitted: Any) -> None:
        """Answer the `nth` question the engine was given."""
        request_id = self.generated[nth].request_id
        self.fit_prompt(request_id=request_id, **{"sent": "sent", **fitted})
        self.write(text, request_id=request_id)
        self.finish_answer(request_id=request_id)

    def die(self, exit_code: int = -11, tail: str = "") -> None:
        """End the child in the middle of its work."""
        self.loading = None
        self.running.clear()
        self.deliver(ChildDied(role="engine", exit_code=exit_code, tail=tail))


GARDEN = FolderState(
    folder_id="f",
    name="Garden",
    path="/g",
    files=1,
    indexed=1,
    skipped=0,
    passages=1,
    state="ready",
)
HIT = SearchHit(
    rank=1,
    passage_id=1,
    section_id=1,
    folder_id="f",
    folder="Garden",
    file="duties.md",
    path="/g/duties.md",
    page=None,
    heading="Watering",
    text="The beds are watered every Friday.",
    section="The beds are watered every Friday.",
    content_hash="h",
    score=0.9,
)


@functools.cache
def sum_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def know_sums(paths: Paths) -> None:
    """Remember the shipped models' checksums.

    Else each test's application computes them anew, and tells of it at any moment.
    """
    memory = ModelCache(paths.model_registry_cache, paths.checksums)
    for path in (resources_folder() / "models").glob("*.gguf"):
        memory.store_sha256(str(path), read_stamp(path), sum_of(path))


class Stage:
    """An open application, its scripted children, and everything it told."""

    def __init__(self, paths: Paths, *, is_open: bool = True) -> None:
        """Without `is_open`, whoever makes it opens the root."""
        self.engine, self.planner = StageEngine(), FakeChildProcess("planner")
        self.library = FakeChildProcess("library")
        self.library.start()
        clients = open_clients(paths, lambda: None)._replace(
            engine=EngineClient(paths, lambda: None, process=self.engine),
            library=LibraryClient(paths, lambda: None, process=self.library),
            planner=PlannerClient(paths, lambda: None, process=self.planner),
        )
        self.app = App(paths, lambda: None, clients)
        self.told: list[AppEvent] = []
        self.app.subscribe(self.told.append)
        if not paths.key_file.exists():
            know_sums(paths)
        if is_open:
            self.app.open_root()

    def hear(self, *events: Any) -> None:
        self.library.deliver(*events)
        self.app.process_events()

    def found(self, *hits: SearchHit, nth: int = -1) -> None:
        """Answer the `nth` search the library was given."""
        request_id = self.searches[nth].request_id
        self.hear(SearchDone(request_id=request_id, hits=hits, seconds=0.1))

    @property
    def searches(self) -> list[SearchFolders]:
        """The searches that the library was given."""
        return self.library.all_sent(SearchFolders)

    @property
    def pauses(self) -> list[bool]:
        """Whether indexing was to pause, each time that this changed."""
        return [message.active for message in self.library.all_sent(ThrottleIndexing)]

    def of(self, kind: type) -> list[Any]:
        return [event for event in self.told if isinstance(event, kind)]

    def loaded(self) -> None:
        self.app.models.choose_model(self.app.registry.list_models()[0].ref)
        self.engine.finish_loading()
        self.app.process_events()
