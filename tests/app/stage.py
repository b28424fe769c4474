"""An open application over scripted children, and everything it told."""

import functools
import hashlib
from pathlib import Path
from typing import Any

from core.app.app import App
from core.app.clients import open_clients
from core.app.events.app_events import AppEvent
from core.base.paths import Paths, resources_folder
from core.engine.client.planner_client import PlannerClient
from core.messages import (
    AnswerChunk,
    AnswerDone,
    FolderState,
    Generate,
    LoadModel,
    ModelLoaded,
    Placement,
    PromptFitted,
    SearchDone,
    SearchHit,
)
from core.models.info.model_facts import read_stamp
from core.models.registry.model_cache import ModelCache
from tests.fakes.child_process import FakeChildProcess


class FakeEngine:
    """Loads and answers when told to; has an EngineClient's calls."""

    def __init__(self) -> None:
        self.inbox: list[Any] = []
        self.loads: list[str] = []
        self.orders: list[LoadModel] = []
        self.generated: list[Generate] = []
        self.cancelled: list[str] = []
        self.loaded: ModelLoaded | None = None
        self.loading_request: LoadModel | None = None
        self.is_answering = False
        self.stopped = False

    def load_model(self, path: str, wish: Placement, **more: Any) -> str:
        self.loads.append(path)
        self.loading_request = LoadModel(
            request_id=f"load{len(self.loads)}", path=path, wish=wish, **more
        )
        self.orders.append(self.loading_request)
        return self.loading_request.request_id

    def finish_loading(self, *, draft: str = "") -> None:
        assert self.loading_request
        self.loaded = ModelLoaded(
            request_id=self.loading_request.request_id,
            path=self.loading_request.path,
            fingerprint="print",
            context=2048,
            threads=2,
            prompt_tokens_per_second=100.0,
            seconds=0.5,
            draft=draft,
        )
        self.loading_request = None
        self.inbox.append(self.loaded)

    def start_generation(self, request: Generate) -> None:
        self.is_answering = True
        self.generated.append(request)

    def answer(self, text: str, nth: int = -1) -> None:
        """Answer the `nth` question the engine was given."""
        request_id = self.generated[nth].request_id
        self.is_answering = False
        self.inbox += [
            PromptFitted(
                request_id=request_id,
                sent="sent",
                sources_used=tuple(source.n for source in self.generated[nth].sources),
                turns_left_out=0,
                sources_left_out=0,
                prompt_tokens=3,
                cached_tokens=0,
            ),
            AnswerChunk(request_id=request_id, text=text),
            AnswerDone(request_id=request_id, stop="eos", text=text),
        ]

    def cancel(self, request_id: str) -> None:
        self.cancelled.append(request_id)

    def poll(self) -> list[Any]:
        inbox, self.inbox = self.inbox, []
        return inbox

    def unload_model(self) -> None:
        self.loaded = self.loading_request = None
        self.is_answering = False

    def stop(self) -> None:
        self.stopped = True


class FakeLibrary:
    """Writes down what it is asked; has a LibraryClient's calls."""

    def __init__(self) -> None:
        self.inbox: list[Any] = []
        self.calls: list[tuple[Any, ...]] = []
        self.giving_way: list[bool] = []

    def __getattr__(self, name: str) -> Any:
        def call(*arguments: Any, **options: Any) -> str:
            self.calls.append((name, *arguments, *options.values()))
            return f"{name}{len(self.calls)}"

        return call

    def pause_indexing(self, active: bool) -> None:
        self.giving_way.append(active)

    def poll(self) -> list[Any]:
        inbox, self.inbox = self.inbox, []
        return inbox


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

    def __init__(self, paths: Paths) -> None:
        self.engine, self.library = FakeEngine(), FakeLibrary()
        self.planner = FakeChildProcess("planner")
        clients = open_clients(paths, lambda: None)._replace(
            engine=self.engine,  # type: ignore[arg-type]
            library=self.library,  # type: ignore[arg-type]
            planner=PlannerClient(paths, lambda: None, process=self.planner),
        )
        self.app = App(paths, lambda: None, clients)
        self.told: list[AppEvent] = []
        self.app.subscribe(self.told.append)
        know_sums(paths)
        self.app.open_root()

    def hear(self, *events: Any) -> None:
        self.library.inbox += events
        self.app.process_events()

    def found(self, *hits: SearchHit, nth: int = -1) -> None:
        """Answer the `nth` search the library was given."""
        calls = enumerate(self.library.calls, start=1)
        request_id = [f"search_folders{n}" for n, call in calls if call[0] == "search_folders"][nth]
        self.hear(SearchDone(request_id=request_id, hits=hits, seconds=0.1))

    def of(self, kind: type) -> list[Any]:
        return [event for event in self.told if isinstance(event, kind)]

    def loaded(self) -> None:
        self.app.models.choose_model(self.app.models.list_models()[0].ref)
        self.engine.finish_loading()
        self.app.process_events()
