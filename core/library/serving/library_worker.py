"""Library worker: the child's main loop, which answers requests between steps of other work."""

import logging
from pathlib import Path
from typing import assert_never

import apsw
import msgspec

from core.base.errors import ErrorCode, InglenookError, StorageError
from core.base.paths import Paths, embedding_model
from core.base.settings.app_settings import INDEX_SERVER, RERANKER, Settings
from core.ipc.channel import Channel, ParentGone
from core.library.embedding.embedder_loader import EmbedderLoader
from core.library.index.index_generations import invalidate_index
from core.library.index.vector_index import VectorIndex
from core.library.maintenance.library_maintenance import LibraryMaintenance
from core.library.maintenance.reembedding import (
    EMBEDDER_TUNING_KEY,
    Reembedding,
    current_embedder_folder,
)
from core.library.serving.error_mapping import to_inglenook_error
from core.library.serving.file_viewer import FileViewer
from core.library.serving.library_backends import LibraryBackends
from core.library.serving.library_components import LibraryComponents
from core.library.serving.library_replies import LibraryReplies
from core.library.serving.search_queue import SearchQueue
from core.library.store.damaged_library import new_aside_path
from core.library.store.library_records import FolderRecord, LibraryRecords
from core.library.sync.folder_comparison import SyncOptions
from core.library.sync.folder_manager import FolderManager
from core.library.sync.folder_sync import SYNC_EVERYTHING
from core.library.sync.folder_watch import DiskChanged, FolderWatch
from core.library.sync.sync_queue import SyncQueue
from core.library.tasks.task_context import TaskContext
from core.library.tasks.task_queue import LibraryTask, LibraryTaskQueue
from core.messages import (
    AddFolder,
    Cancel,
    ChooseEmbedder,
    ChooseReranker,
    EmbedderProgress,
    EvaluateRetrieval,
    Failed,
    FolderRemoved,
    LibraryRequest,
    ListFiles,
    ListFolders,
    ListSkipped,
    ListStatus,
    LoadDocument,
    MeasureEmbedder,
    PauseFolders,
    PauseIndexing,
    PrepareViewing,
    ReadFile,
    ReadLetters,
    RemoveFolder,
    RenderPage,
    SearchFiles,
    SearchFolders,
    SetFolderInclusions,
    SyncFolder,
    VerifyLibrary,
    WatchFolders,
)

_WAIT_SECONDS = 0.02
_log = logging.getLogger(__name__)

Request = LibraryRequest | DiskChanged


class RestartState(msgspec.Struct, frozen=True):
    """What one process was told that its next library must know."""

    keeps: bool = False
    gives_way: bool = False


class LibraryWorker:
    """Everything of one root; all on the main thread but the embedder's import."""

    def __init__(
        self,
        channel: Channel[Request],
        paths: Paths,
        earlier: RestartState | None = None,
        aside: Path | None = None,
        *,
        backends: LibraryBackends,
    ) -> None:
        """`earlier` is what the library before this one knew; `aside`: its file was damaged."""
        self._channel = channel
        self._paths = paths
        self._backends = backends
        self._aside = aside
        self._damage: StorageError | None = None
        self._records = LibraryRecords(paths, self._begun_anew)
        self._embedder = backends.open_embedder(
            current_embedder_folder(self._records), self._records.get_metadata(EMBEDDER_TUNING_KEY)
        )
        self._loading = EmbedderLoader(self._embedder, self._in_words)
        server = str(Settings(paths.settings).get_value(INDEX_SERVER))
        self._index = VectorIndex(
            paths.index, self._records.connection, backends.open_vector_store, server=server
        )
        workshop = LibraryComponents(
            paths, self._records, self._embedder, self._index, channel.send
        )
        self._build_answers(workshop)
        self._build_keeping(workshop)
        earlier = earlier or RestartState()
        self._gives_way = earlier.gives_way
        if earlier.keeps:
            self._keeper.start_watching()

    def _build_answers(self, workshop: LibraryComponents) -> None:
        """Build what somebody waits for."""
        send, searcher = self._channel.send, workshop.new_searcher()
        self._questions = SearchQueue(searcher, self._loading, send, self._in_words)
        desk = TaskContext(
            paths=self._paths,
            embedder=self._embedder,
            searcher=searcher,
            new_reader=workshop.new_reader,
            open_reranker=self._backends.open_reranker,
            send=send,
        )
        self._errands = LibraryTaskQueue(desk, self._loading, self._in_words)
        self._viewer = FileViewer(
            self._records, self._embedder, workshop.new_reader, self._paths.logs, send
        )

    def _build_keeping(self, workshop: LibraryComponents) -> None:
        """Build what goes on by itself: syncs, watching, chores."""
        records, send = self._records, self._channel.send
        self._syncs = SyncQueue(
            records,
            lambda: workshop.sync_dependencies(self._keeper.on_folders_entered),
            send,
            self._on_end,
            self._in_words,
        )
        self._keeper = FolderWatch(records, self._syncs, self._channel.post_request)
        self._arranger = FolderManager(records, self._syncs, self._keeper, self._paths.root)
        self._renewal = Reembedding(
            self._paths, records, self._backends.open_embedder, send, self._in_words
        )
        self._replies = LibraryReplies(
            records, self._syncs, self._index, self._renewal, self._keeper.watch_mode
        )
        self._chores = LibraryMaintenance(
            records,
            self._index,
            self._renewal,
            self._loading,
            send,
            self._in_words,
            self._read_again,
        )

    @property
    def restart_state(self) -> RestartState:
        """What the next library must know."""
        return RestartState(keeps=self._keeper.is_watching, gives_way=self._gives_way)

    @property
    def embedder_changed_event(self) -> EmbedderProgress:
        """What is told when the library of another embedding model has taken its place."""
        return msgspec.structs.replace(self._renewal.embedder_progress(), changed=True)

    def close(self) -> None:
        """Let go of everything; runs at the end of the process."""
        self._keeper.close()
        self._viewer.close()
        self._errands.close()
        self._chores.record_clean_end()
        self._renewal.close()
        self._syncs.close()
        self._index.close()
        self._records.close()

    def run(self) -> StorageError | None:
        """Answer, step, wait until ParentGone; the return says why the library is to be left.

        A StorageError: it is damaged. None: a library of another embedding model takes its place.
        """
        self._resume()
        wait: float | None = 0.0
        while self._damage is None:
            busy = self._syncs or self._questions or self._errands
            if self._renewal.is_ready and not busy:
                return None
            request = self._channel.receive(timeout=wait)
            if request is None:
                wait = self._viewed(self._step())
            else:
                self._answer(request)
                wait = 0.0
        self._syncs.fail_all_syncs(self._damage)
        self._questions.fail_all_searches(self._damage)
        self._errands.fail_all_tasks(self._damage)
        self._fail("", self._damage)
        return self._damage

    def _resume(self) -> None:
        """Go on with what an earlier process left, and read again what a damaged file took along.

        On a full disk, folders are still searched.
        """
        try:
            if self._records.active_folders():
                self._loading.start_loading()
            if self._aside is not None:
                invalidate_index(self._paths.index)
                for folder in self._records.restore_folders(self._aside):
                    self._sync("", folder)
            self._chores.start_maintenance()
            if path := str(Settings(self._paths.settings).get_value(RERANKER)):
                self._errands.add_task(ChooseReranker(request_id="", path=path))
        except Exception as error:  # noqa: BLE001 - the border: searches are answered without it
            _log.exception("what was left behind can't be taken up")
            self._in_words(error)

    def _begun_anew(self, error: StorageError) -> None:
        """Remember which damaged file was put aside while the library was opened."""
        self._aside = self._paths.library.with_name(error.facts["aside"])
        self._fail("", error)

    # ------------------------------------------------------------ requests

    def _answer(self, request: Request) -> None:
        try:
            self._dispatch(request)
        except ParentGone:
            raise
        except Exception as error:  # noqa: BLE001 - the border: a request never ends the child
            _log.exception("a request failed")
            self._fail(getattr(request, "request_id", ""), self._in_words(error))

    def _dispatch(self, request: Request) -> None:
        match request:
            case SearchFolders():
                self._syncs.prioritize_folders(request.folder_ids)
                self._questions.add_search(request)
            case PauseIndexing():
                self._gives_way = request.active
            case WatchFolders():
                self._keeper.start_watching()
            case DiskChanged():
                self._keeper.on_disk_changed(request)
            case Cancel():
                for queue in (self._syncs, self._viewer, self._questions, self._errands):
                    queue.cancel(request.request_id)
            case ListFolders() | ListSkipped() | ListFiles() | ListStatus() | LoadDocument():
                self._channel.send(self._replies.reply_to(request))
            case ReadFile() | RenderPage() | ReadLetters() | PrepareViewing():
                self._viewer.submit_request(request)
            case VerifyLibrary() | MeasureEmbedder():
                self._chores.queue_check(request)
            case _:
                self._arrange(request)

    def _arrange(
        self,
        request: AddFolder
        | SyncFolder
        | RemoveFolder
        | PauseFolders
        | SetFolderInclusions
        | ChooseEmbedder
        | LibraryTask,
    ) -> None:
        match request:
            case SearchFiles() | EvaluateRetrieval() | ChooseReranker():
                self._errands.add_task(request)
            case ChooseEmbedder():
                self._renewal.choose_embedder(Path(request.path or embedding_model()))
                self._chores.restart_maintenance()
                self._channel.send(self._replies.status_reply(request.request_id))
            case AddFolder():
                self._sync(request.request_id, self._arranger.add_folder(request))
            case SyncFolder():
                wish = SyncOptions(retry=request.retry, file=request.file)
                self._sync(request.request_id, self._arranger.folder_to_sync(request), wish)
            case RemoveFolder():
                steps = self._arranger.remove_folder(request.folder_id)
                told = FolderRemoved(request_id=request.request_id, folder_id=request.folder_id)
                self._chores.queue_removal(steps, told)
            case PauseFolders():
                self._arranger.pause_folders(request)
                self._channel.send(self._replies.folders_reply(request.request_id))
            case SetFolderInclusions():
                self._arranger.include_parts(request)
                self._channel.send(self._replies.folders_reply(request.request_id))
            case _:
                assert_never(request)

    def _sync(
        self, request_id: str, folder: FolderRecord, wish: SyncOptions = SYNC_EVERYTHING
    ) -> None:
        self._syncs.add_sync(request_id, folder, wish)
        self._channel.send(self._replies.folders_reply())
        self._loading.start_loading()

    # ------------------------------------------------------------ steps

    def _step(self) -> float | None:
        """Do one step of what is to be done; return how long to wait for a request then.

        What is removed stops answering before the next search; chores come last.
        """
        if self._chores.is_removing:
            if self._chores.run_removal_step():
                self._on_end("", ())
            return 0.0
        if self._questions:
            return 0.0 if self._questions.answer_next_search() else _WAIT_SECONDS
        if self._errands:
            return 0.0 if self._errands.run_task_step() else _WAIT_SECONDS
        return None if self._gives_way else self._work()

    def _viewed(self, wait: float | None) -> float | None:
        """Answer who looks at single files; return how long to wait for a request then."""
        if self._viewer.answer_ready_requests():
            return _WAIT_SECONDS if wait is None else min(wait, _WAIT_SECONDS)
        rests = self._viewer.seconds_until_release
        return rests if wait is None else wait

    def _work(self) -> float | None:
        """Do one step of what nobody waits for at this moment."""
        due = self._keeper.queue_due_syncs()
        if not self._syncs:
            more = self._chores.run_maintenance_step()
            if more is None:
                return 0.0 if self._syncs else due  # a check may have let files be read again
            return 0.0 if more else _WAIT_SECONDS
        self._loading.start_loading()
        if self._loading.error is not None:
            self._syncs.fail_all_syncs(self._loading.error)
            return 0.0
        return 0.0 if self._syncs.run_sync_step() else _WAIT_SECONDS

    def _read_again(self) -> None:
        """Read what a check let go, wherever it is at hand."""
        for folder in self._records.active_folders():
            if not folder.paused and self._records.count_waiting_files(folder.id):
                self._sync("", folder)

    def _on_end(self, folder_id: str, restless: tuple[str, ...]) -> None:
        """A sync ended: tell what the folders are like now, and let upkeep follow."""
        self._keeper.on_sync_ended(folder_id, restless)
        self._chores.restart_maintenance()
        try:
            self._channel.send(self._replies.folders_reply())
        except apsw.Error as error:
            _log.exception("the folders can't be told")
            self._in_words(error)

    # ------------------------------------------------------------ sending

    def _fail(self, request_id: str, error: InglenookError) -> None:
        self._channel.send(Failed(request_id=request_id, code=error.code, facts=error.facts))

    def _in_words(self, error: Exception) -> InglenookError:
        """Return what a person is told; a damaged library is left as soon as that is said."""
        if isinstance(error, apsw.CorruptError | apsw.NotADBError):
            if self._damage is None:
                aside = new_aside_path(self._paths.library).name
                path = str(self._paths.library)
                self._damage = StorageError(ErrorCode.DATABASE_DAMAGED, path=path, aside=aside)
            return self._damage
        return to_inglenook_error(error, self._paths)
