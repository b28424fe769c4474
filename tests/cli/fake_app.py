"""An application without children: answers, folders and models by script, chats for real."""

import itertools
from collections.abc import Callable
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

from core.app.chats.answer_service import AnswerService
from core.app.chats.chat_service import ChatService
from core.app.chats.chat_stores import ChatStores
from core.app.chats.routing_service import RoutingDecision
from core.app.events.app_events import (
    AnswerFailed,
    AnswerFinished,
    AnswerSources,
    AnswerStage,
    AnswerStarted,
    AnswerTextAdded,
    AnswerThinkingAdded,
    AppEvent,
    Notice,
    Problem,
)
from core.app.library.folder_service import FolderService
from core.app.loading.kv_state_folders import KvStateFolders
from core.app.models.model_quarantine import ModelQuarantine
from core.app.network.server_service import ServerService
from core.base.errors import ErrorCode, InglenookError, ModelError
from core.base.paths import Paths
from core.base.settings.app_settings import Settings
from core.chat.conversations.conversation import AnswerStatistics, Citation, Source
from core.chat.store.chat_database import ChatDatabase
from core.chat.store.retrying_saver import RetryingSaver
from core.chat.store.temporary_chats import TemporaryChats
from core.ipc.reply import Reply
from core.library.filesystem.path_encoding import display_name
from core.messages import (
    Failed,
    FileSkipped,
    FolderRemoved,
    FolderState,
    RankingMetrics,
    RetrievalEvaluated,
    SearchDone,
    SearchFilters,
    SearchHit,
    SkippedFiles,
    SyncDone,
    SyncProgress,
    SyncStatistics,
)  # fmt: skip
from core.models.info.model_entry import ModelEntry
from core.models.info.model_fit_cache import ModelFit
from core.models.registry.model_registry import ModelRegistry
from tests.cli.fake_keeping import FakeFolderDesk
from tests.cli.shelving import FakeModelDesk, Shelving

PASSAGE = "The pear tree was planted in 1931 by Aunt Mathilda."
SOURCE = Source(
    n=1,
    folder_id="f1",
    folder="docs",
    file="notes/garden.pdf",
    path="/docs/notes/garden.pdf",
    page=3,
    heading="Trees",
    text=PASSAGE,
    content_hash="00",
    score=0.91234,
)
HIT = SearchHit(
    rank=1,
    passage_id=1,
    section_id=1,
    folder_id="f1",
    file=SOURCE.file,
    path=SOURCE.path,
    page=3,
    heading="Trees",
    text=PASSAGE,
    section=PASSAGE,
    content_hash="00",
    score=0.91234,
)


class _Telling:
    """Opening, closing and pumping; events wait until they are pumped."""

    models: FakeModelDesk

    def __init__(self, paths: Paths, wake: Callable[[], None]) -> None:
        self.paths = paths
        self._wake = wake
        self._listeners: list[Callable[[AppEvent], None]] = []
        self._waiting: list[AppEvent | Callable[[], None]] = []
        self._ids = map(str, itertools.count(1))
        self.known_folders: tuple[FolderState, ...] = ()
        self.thinking: tuple[str, ...] = ()
        self.answer: tuple[str, ...] = ("Aunt", " Mathilda", " planted it.")
        self.error: InglenookError | None = None
        self.hanging = False
        self.offline: set[str] = set()
        self.notices: tuple[Notice, ...] = ()
        self.on_hang: Callable[[], None] = lambda: None
        self.asked: dict[str, Any] = {}
        self.cancelled: list[str] = []
        self.retried: list[tuple[str, str]] = []
        self.open_error: Exception | None = None
        self.closed = False

    def subscribe(self, listener: Callable[[AppEvent], None]) -> None:
        self._listeners.append(listener)

    def open_root(self) -> None:
        if self.open_error:
            raise self.open_error
        self.paths.create_folders()
        self.settings = Settings(self.paths.settings)
        self.chats = ChatDatabase(self.paths.chats, self.paths.backups, self._on_damage)
        self.chat_service = ChatService(
            ChatStores(
                self.chats, RetryingSaver(self.chats, lambda _error: None), TemporaryChats()
            ),
            KvStateFolders(self.paths, self.settings),
            cast("FolderService", self),  # all that is asked of it are the known folders
            cast("ServerService", SimpleNamespace(persist_chat_server=lambda _chat_id: None)),
            cast("AnswerService", SimpleNamespace(end_answers_in_chat=lambda _chat_id: None)),
            self._tell,
        )
        self.quarantine = ModelQuarantine(self.paths)
        self.files = self.registry = self.models.registry = ModelRegistry(
            self.paths, lambda _header: ModelFit("yes", 1), self.quarantine.quarantine_problem
        )
        shelving = Shelving(self.paths, self.files, self.settings, self._later, self._wake)
        self.model_settings, self.adapters = shelving.model_settings, shelving.adapters
        self.checksums, self.model_files = shelving.checksums, shelving.model_files
        self._file_tasks = shelving.file_tasks

    def close(self) -> None:
        self.closed = True
        for tasks in self._file_tasks:
            tasks.close()
        self.model_files.close()
        self.chats.close()

    def process_events(self) -> None:
        for tasks in self._file_tasks:
            tasks.poll()
        waiting, self._waiting = self._waiting, []
        for event in waiting:
            if callable(event):
                event()
            else:
                self._tell(event)
        if self.hanging and self.asked and not waiting:
            self.on_hang()

    def _on_damage(self, error: InglenookError) -> None:
        self._later(Notice(key="chats", severity="warning", problem=_problem(error)))

    def answer_request(self, make: Callable[[str], Any], *progress: Any) -> Reply[Any, Any]:
        """Return a reply that ends when events are processed, with what `make` returns now."""
        request_id = next(self._ids)
        reply: Reply[Any, Any] = Reply(request_id, lambda: self.cancelled.append(request_id))
        if self.error:
            failed = Failed(request_id=request_id, code=self.error.code, facts=self.error.facts)
            self._later(partial(reply.fail, failed))
            return reply
        result = make(request_id)
        for each in progress:
            self._later(partial(reply.report, each))
        self._later(partial(reply.finish, result))
        return reply

    def _later(self, event: AppEvent | Callable[[], None]) -> None:
        self._waiting.append(event)
        self._wake()

    def _tell(self, event: AppEvent) -> None:
        for listener in self._listeners:
            listener(event)


class FakeApp(_Telling):
    """What `core.app.app.App` offers to the command line, with an answer that a test may change.

    `answer` are the pieces of the text, `error` makes every answer and request fail with it,
    `hanging` lets the answer wait for Stop.
    """

    def __init__(self, paths: Paths, wake: Callable[[], None]) -> None:
        super().__init__(paths, wake)
        self.questions = self.answers = self
        self.folders = FakeFolderDesk(self)
        self.library = SimpleNamespace(search_folders=self.search_folders, cancel=self.cancel)
        self.documents = SimpleNamespace()
        """Filled by the tests that read single files."""
        self.models = FakeModelDesk(self)
        self.servers = SimpleNamespace(list_servers=lambda: ())
        self.routing = SimpleNamespace(
            route_question=lambda model, _text, _chat, **_wishes: RoutingDecision(
                self.find_model(model)
            )
        )

    # ------------------------------------------------------------ chats

    def ask_question(self, text: str, **order: Any) -> AnswerStarted:
        self.asked = {"text": text, **order}
        entry = self.find_model(order["model"])
        self._sources = (SOURCE,) if order["folder_ids"] else ()
        self._turns = [
            AnswerStarted(chat_id="c1", question_id="q1", turn_id=f"t{n}", model=entry.ref)
            for n in range(1, order["samples"] + 1)
        ]
        for started in self._turns:
            self._tell(started)
        for started in reversed(self._turns):  # the first is not always the quickest
            self._go_through(started, with_folder=bool(order["folder_ids"]))
        if not (self.error or self.hanging):
            self._finish("eos")
        return self._turns[0]

    def _go_through(self, started: AnswerStarted, *, with_folder: bool) -> None:
        turn: Any = {"chat_id": started.chat_id, "turn_id": started.turn_id}
        self._later(AnswerStage(stage="loading", **turn))
        if with_folder:
            self._later(AnswerSources(sources=self._sources, **turn))
        for piece in self.thinking:
            self._later(AnswerThinkingAdded(text=piece, **turn))
        for piece in self.answer:
            self._later(AnswerTextAdded(text=piece, **turn))
        if self.error:
            self._later(AnswerFailed(problem=_problem(self.error), **turn))

    def stop_answer(self, turn_id: str | None = None) -> None:
        self._finish("cancelled")

    def _finish(self, stop: str) -> None:
        for started in reversed(self._turns):
            self._end(started, stop)

    def _end(self, started: AnswerStarted, stop: str) -> None:
        text = "".join(self.answer)
        self._later(
            AnswerFinished(
                chat_id=started.chat_id,
                turn_id=started.turn_id,
                text=text,
                citations=tuple(
                    Citation(n=source.n, start=0, end=len(text)) for source in self._sources
                ),
                sources=self._sources,
                statistics=AnswerStatistics(
                    prompt_tokens=31,
                    cached_tokens=7,
                    completion_tokens=3,
                    seconds_to_first_token=0.123456,
                    tokens_per_second=101.239,
                    checks=40,
                    drafted_tokens=120,
                    accepted_tokens=84,
                    stop=stop,
                    seconds_of_thinking=2.5 if self.thinking else 0.0,
                ),
                note="",
                thinking="".join(self.thinking),
            )
        )

    # ------------------------------------------------------------ folders

    def list_folders(self) -> Reply[Any, Any]:
        self._waiting.extend(self.notices)
        return self.answer_request(lambda _id: self.known_folders)

    def add_folder(self, path: str, *, hidden: bool = False) -> Reply[Any, Any]:
        if not Path(path).is_dir():
            self.error = InglenookError(ErrorCode.FOLDER_GONE, path=path)
        folder = FolderState(
            folder_id=f"f{len(self.known_folders) + 1}",
            name=display_name(Path(path).name),
            path=display_name(path),
            files=3,
            indexed=2,
            skipped=1,
            passages=9,
            state="ready",
        )
        return self._sync(folder)

    def sync_folder(
        self, folder_id: str, *, retry: bool = False, file: str = ""
    ) -> Reply[Any, Any]:
        if retry:
            self.retried.append((folder_id, file))
        return self._sync(next(each for each in self.known_folders if each.folder_id == folder_id))

    def _sync(self, folder: FolderState) -> Reply[Any, Any]:
        if folder.name in self.offline:
            reply: Reply[Any, Any] = Reply()
            gone = Failed(request_id="", code=ErrorCode.FOLDER_GONE, facts={"path": folder.path})
            self._later(partial(reply.fail, gone))
            return reply
        self.known_folders = (
            *(each for each in self.known_folders if each.path != folder.path),
            folder,
        )
        progress = SyncProgress(
            request_id="",
            folder_id=folder.folder_id,
            done=1,
            total=3,
            skipped=0,
            current="a.txt",
        )
        statistics = SyncStatistics(seconds=1.25)
        return self.answer_request(
            lambda request_id: SyncDone(
                request_id=request_id, folder=folder, statistics=statistics
            ),
            progress,
        )

    def remove_folder(self, folder_id: str) -> Reply[Any, Any]:
        self.known_folders = tuple(
            each for each in self.known_folders if each.folder_id != folder_id
        )
        return self.answer_request(
            lambda request_id: FolderRemoved(request_id=request_id, folder_id=folder_id)
        )

    def list_skipped_files(self, folder_id: str) -> Reply[Any, Any]:
        skipped = FileSkipped(
            request_id="",
            folder_id=folder_id,
            file="sub/secret.pdf",
            code=ErrorCode.FILE_ENCRYPTED,
        )
        return self.answer_request(
            lambda request_id: SkippedFiles(request_id=request_id, files=(skipped,))
        )

    def search_folders(
        self, query: str, folder_ids: tuple[str, ...], k: int, filters: SearchFilters
    ) -> Reply[Any, Any]:
        self.asked = {"query": query, "folder_ids": folder_ids, "k": k, "filters": filters}
        hits = () if query == "nothing" else (HIT,)
        return self.answer_request(
            lambda request_id: SearchDone(request_id=request_id, hits=hits, seconds=0.1)
        )

    def evaluate_search(self, path: str) -> Reply[Any, Any]:
        self.asked = {"path": path}
        figures = RankingMetrics(ndcg=0.5, recall=0.6, mrr=0.7, hit=0.8, milliseconds=1.234)
        return self.answer_request(
            lambda request_id: RetrievalEvaluated(
                request_id=request_id,
                name="set",
                documents=3,
                passages=4,
                queries=2,
                vector=figures,
                bm25=figures,
                fused=figures,
                reranked=None,
                low=-0.1,
                high=0.1,
            )
        )

    def cancel(self, request_id: str) -> None:
        self.cancelled.append(request_id)

    # ------------------------------------------------------------ models

    def add_model(self, path: str, *, anyway: bool = False) -> ModelEntry:
        return self.files.add_model(path, anyway=anyway)

    def retry_model(self, ref: str) -> ModelEntry:
        self.quarantine.allow_retry(self.files.find_model(ref).path)
        return self.files.find_model(ref)

    def find_model(self, ref: str, **_wishes: bool) -> ModelEntry:
        entry = self.files.find_model(ref) if ref else self.files.list_models()[0]
        if entry.problem_code:
            raise ModelError(ErrorCode(entry.problem_code), **entry.problem_facts)
        return entry


def _problem(error: InglenookError) -> Problem:
    return Problem(code=error.code, message=error.message, hint=error.hint)
