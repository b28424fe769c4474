"""Open library: one library at work in its child, which answers requests between other steps."""

import logging
import os
from pathlib import Path

import apsw
import msgspec

from core.base.errors import ErrorCode, InglenookError, StorageError
from core.base.paths import Paths
from core.ipc.channel import Channel, ParentGone
from core.library.embedding.embedder_loader import EmbedderLoader, IdleLoading
from core.library.index.index_generations import invalidate_index
from core.library.index.index_stores import LoggedStores
from core.library.index.vector_index import VectorIndex
from core.library.library_options import given_options
from core.library.maintenance.embedder_choice import current_embedder_folder
from core.library.maintenance.library_maintenance import (
    PAUSE_SECONDS,
    CheckRequest,
    LibraryMaintenance,
)
from core.library.maintenance.reembedding import EMBEDDER_TUNING_KEY, Reembedding
from core.library.maintenance.unreadable_contents import UNDECODABLE
from core.library.reading.file_reader import ReadingPace
from core.library.serving.error_mapping import to_inglenook_error
from core.library.serving.file_viewer import FileViewer, ViewerRequest
from core.library.serving.folder_requests import FolderRequest, FolderRequests
from core.library.serving.library_backends import LibraryBackends
from core.library.serving.library_components import LibraryComponents, open_installed_judge
from core.library.serving.library_replies import LibraryReplies, RecordsRequest
from core.library.serving.restart_state import RestartState
from core.library.serving.search_queue import SearchQueue
from core.library.serving.unread_files import UnreadFiles
from core.library.store.damaged_library import new_aside_path
from core.library.store.library_records import LibraryRecords
from core.library.sync.background_pace import BackgroundPace
from core.library.sync.folder_manager import FolderManager
from core.library.sync.folder_watch import DiskChanged, FolderWatch
from core.library.sync.sync_queue import SyncQueue
from core.library.tasks.task_context import TaskContext
from core.library.tasks.task_queue import LibraryTask, LibraryTaskQueue
from core.messages import (
    Cancel,
    ChooseEmbedder,
    EmbedderProgress,
    EmbedTexts,
    Failed,
    JudgeOpened,
    LibraryRequest,
    SearchFolders,
    ThrottleIndexing,
    WatchFolders,
)

_log = logging.getLogger(__name__)

Request = LibraryRequest | DiskChanged


class OpenLibrary:
    """Opens the library of a root and works on it, on the main thread."""

    def __init__(
        self,
        channel: Channel[Request],
        paths: Paths,
        earlier: RestartState | None,
        aside: Path | None,
        *,
        backends: LibraryBackends,
    ) -> None:
        """`earlier` is the state of the library before this one.

        `aside` is where its file was moved if it was damaged: folders are taken over from there.
        """
        self._channel = channel
        self._paths = paths
        self._backends = backends
        self._damaged_copy = aside
        self._damage: StorageError | None = None
        self._pace = BackgroundPace()
        self._records = LibraryRecords(paths, self._on_library_replaced)
        self._embedder = backends.open_embedder(
            current_embedder_folder(self._records), self._records.get_metadata(EMBEDDER_TUNING_KEY)
        )
        self._embedder_loader = EmbedderLoader(self._embedder, self._convert_error)
        self._idle_loading = IdleLoading(self._embedder_loader)
        self._options = given_options(os.environ, paths)
        stores = LoggedStores(backends.open_vector_store, paths.contacts)
        server, connection = self._options.index_server, self._records.connection
        self._index = VectorIndex(paths.index, connection, stores.open_store, server=server)
        parts = paths, self._records, self._embedder, self._index, channel.send
        components = LibraryComponents(*parts, recognize=self._options.recognize_text)
        self._build_background_work(components)
        self._build_request_handlers(components)
        earlier = earlier or RestartState()
        self._dispatch_change(ThrottleIndexing(active=earlier.is_indexing_throttled))
        if earlier.is_watching:
            self._folder_watch.start_watching()

    def _build_request_handlers(self, components: LibraryComponents) -> None:
        """Build what answers requests somebody waits for."""
        judge = open_installed_judge(self._backends.open_judge)
        if judge is not None:
            self._channel.send(JudgeOpened(name=judge.name))
        send, searcher = self._channel.send, components.new_searcher(judge)
        self._searches = SearchQueue(
            searcher,
            self._embedder_loader,
            send,
            self._convert_error,
            self._unread_files.count_unread_files,
        )
        context = TaskContext(
            paths=self._paths,
            records=self._records,
            embedder=self._embedder,
            searcher=searcher,
            new_reader=components.new_awaited_reader,
            open_reranker=self._backends.open_reranker,
            send=send,
            judge=judge,
            load_embedder=self._embedder_loader.is_loaded_or_begun,
        )
        self._tasks = LibraryTaskQueue(context, self._embedder_loader, self._convert_error)
        self._viewer = FileViewer(
            self._records, self._embedder, components.new_awaited_reader, self._paths.logs, send
        )

    def _build_background_work(self, components: LibraryComponents) -> None:
        """Build what goes on by itself: syncs, watching, maintenance."""
        records, send = self._records, self._channel.send
        self._syncs = SyncQueue(
            records,
            lambda: components.sync_dependencies(self._folder_watch.on_folders_entered),
            send,
            self._on_sync_ended,
            self._convert_error,
        )
        self._folder_watch = FolderWatch(records, self._syncs, self._channel.post_request)
        self._unread_files = UnreadFiles(records, self._syncs, self._folder_watch)
        self._reembedding = Reembedding(
            self._paths, records, self._backends.open_embedder, send, self._convert_error
        )
        self._replies = LibraryReplies(
            records, self._syncs, self._index, self._reembedding, self._folder_watch
        )
        self._maintenance = LibraryMaintenance(
            records,
            self._index,
            self._reembedding,
            self._embedder_loader,
            send,
            self._convert_error,
            self._sync_waiting_files,
        )
        self._folder_requests = FolderRequests(
            FolderManager(records, self._syncs, self._folder_watch, self._paths.root),
            self._syncs,
            self._maintenance,
            self._replies,
            send,
        )

    @property
    def restart_state(self) -> RestartState:
        """The state that the next library must know."""
        return RestartState(
            is_watching=self._folder_watch.is_watching,
            is_indexing_throttled=self._pace.is_throttled,
        )

    @property
    def embedder_changed_event(self) -> EmbedderProgress:
        """The event that says that another embedding model has taken its place."""
        return msgspec.structs.replace(self._reembedding.embedder_progress(), changed=True)

    def close(self) -> None:
        """Close everything; called at the end of the process."""
        self._folder_watch.close()
        self._viewer.close()
        self._tasks.close()
        self._maintenance.record_clean_end()
        self._reembedding.close()
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
            busy = self._syncs or self._searches or self._tasks
            if self._reembedding.is_ready and not busy:
                return None
            request = self._channel.receive(timeout=wait)
            if request is None:
                wait = self._answer_viewer(self._step())
            else:
                self._idle_loading.note_request()
                self._handle_request(request)
                wait = 0.0
        self._syncs.fail_all_syncs(self._damage)
        self._searches.fail_all_searches(self._damage)
        self._tasks.fail_all_tasks(self._damage)
        self._channel.send(Failed.from_error("", self._damage))
        return self._damage

    def _resume(self) -> None:
        """Go on with what an earlier process left, and read again what a damaged file held.

        An error here is only reported: on a full disk, folders are still searched.
        """
        try:
            if self._folder_watch.is_watching:
                self._load_for_folders()
            if self._damaged_copy is not None:
                invalidate_index(self._paths.index)
                for folder in self._records.restore_folders(self._damaged_copy):
                    self._folder_requests.sync_folder("", folder)
            self._maintenance.start_maintenance()
            if path := self._options.reranker:
                self._tasks.restore_reranker(path)
        except Exception as error:  # noqa: BLE001 - the border: searches are answered without it
            _log.exception("what an earlier process left can't be continued")
            self._convert_error(error)

    def _load_for_folders(self) -> None:
        """Have the model loaded for what will be read: a command that only searches never is."""
        self._idle_loading.is_wanted = bool(self._records.active_folders())

    def _on_library_replaced(self, error: StorageError) -> None:
        """Remember where the damaged file was moved when the library was opened."""
        self._damaged_copy = self._paths.library.with_name(error.facts["aside"])
        self._channel.send(Failed.from_error("", error))

    # ------------------------------------------------------------ requests

    def _handle_request(self, request: Request) -> None:
        try:
            self._dispatch(request)
        except ParentGone:
            raise
        except Exception as error:  # noqa: BLE001 - the border: a request never ends the child
            _log.exception("a request failed")
            request_id = getattr(request, "request_id", "")
            self._channel.send(Failed.from_error(request_id, self._convert_error(error)))

    def _dispatch(self, request: Request) -> None:
        """Pass a request to what handles it; each handler names the requests it takes."""
        if isinstance(request, RecordsRequest):
            self._channel.send(self._replies.reply_to(request))
        elif isinstance(request, ViewerRequest):
            self._viewer.submit_request(request)
        elif isinstance(request, CheckRequest):
            self._maintenance.queue_check(request)
        elif isinstance(request, LibraryTask):
            self._tasks.add_task(request)
        else:
            self._dispatch_change(request)

    def _dispatch_change(
        self,
        request: FolderRequest
        | SearchFolders
        | EmbedTexts
        | ChooseEmbedder
        | WatchFolders
        | DiskChanged
        | ThrottleIndexing
        | Cancel,
    ) -> None:
        """Handle a request that concerns several parts, or none that has handlers of its own."""
        match request:
            case SearchFolders():
                self._syncs.prioritize_folders(request.folder_ids)
                self._searches.add_search(request)
            case EmbedTexts():
                self._searches.add_search(request)
            case ThrottleIndexing():
                self._pace.is_throttled = request.active
                self._syncs.set_pace(ReadingPace.SLOW if request.active else ReadingPace.FAIR)
            case WatchFolders():
                self._folder_watch.start_watching()
                self._load_for_folders()
            case DiskChanged():
                self._on_disk_changed(request)
            case Cancel():
                for queue in (self._syncs, self._viewer, self._searches, self._tasks):
                    queue.cancel(request.request_id)
            case ChooseEmbedder():
                if request.path:
                    self._reembedding.choose_embedder(Path(request.path))
                else:
                    self._reembedding.choose_by_languages()
                self._maintenance.restart_maintenance()
                self._channel.send(self._replies.status_reply(request.request_id))
            case _:
                self._folder_requests.handle_request(request)

    # ------------------------------------------------------------ steps

    def _step(self) -> float | None:
        """Do one step of the work; return how many seconds to wait for a request then.

        A folder that is removed stops answering before the next search; maintenance comes last.
        None: nothing is to be done until a request comes.
        """
        if self._maintenance.is_removing:
            if self._maintenance.run_removal_step():
                self._on_sync_ended("", ())
            return 0.0
        if self._searches:
            return 0.0 if self._searches.answer_next_search() else PAUSE_SECONDS
        if self._tasks:
            return 0.0 if self._tasks.run_task_step() else PAUSE_SECONDS
        return self._run_background_step()

    def _answer_viewer(self, wait: float | None) -> float | None:
        """Answer requests of the viewer; return how many seconds to wait for a request then."""
        if self._viewer.answer_ready_requests():
            return PAUSE_SECONDS if wait is None else min(wait, PAUSE_SECONDS)
        return self._viewer.seconds_until_release if wait is None else wait

    def _run_background_step(self) -> float | None:
        """Do one step of what nobody waits for at this moment: a sync, else maintenance.

        While a model answers, steps of a sync have rests between them; maintenance waits.
        """
        due = self._folder_watch.queue_due_syncs()
        if rest := self._pace.seconds_to_rest:
            return rest if due is None else min(rest, due)
        if not self._syncs:
            wait = None if self._pace.is_throttled else self._maintenance.run_maintenance_step()
            if self._syncs:  # a check may have let files be read again
                return 0.0
            if wait is None and not self._pace.is_throttled:  # nothing is left to be done
                due = self._idle_loading.load_if_due(due)
            return min((each for each in (wait, due) if each is not None), default=None)
        if self._syncs.needs_model:
            self._embedder_loader.start_loading()
        if self._embedder_loader.error is not None:
            self._syncs.fail_all_syncs(self._embedder_loader.error)
            return 0.0
        with self._pace.timed_step():
            goes_on = self._syncs.run_sync_step()
        return 0.0 if goes_on else PAUSE_SECONDS

    def _on_disk_changed(self, change: DiskChanged) -> None:
        """Plan to compare what changed, at once what is gone; tell that a folder isn't in step."""
        before = self._folder_watch.pending_changes(change.folder_id)
        self._folder_watch.on_disk_changed(change)
        if self._folder_watch.has_removals:
            self._pace.end_rest()
        elif not before and self._folder_watch.pending_changes(change.folder_id):
            self._channel.send(self._replies.folders_reply())

    def _sync_waiting_files(self) -> None:
        """Read the files whose texts a check has dropped, in folders that are not paused."""
        for folder in self._records.active_folders():
            if not folder.paused and self._records.count_waiting_files(folder.id):
                self._folder_requests.sync_folder("", folder)

    def _on_sync_ended(self, folder_id: str, unsettled_files: tuple[str, ...]) -> None:
        """Broadcast the folders after a sync, and start the maintenance that may follow."""
        self._folder_watch.on_sync_ended(folder_id, unsettled_files)
        self._maintenance.restart_maintenance()
        self._maintenance.follow_languages()  # before whoever waited for the sync asks for it
        try:
            self._channel.send(self._replies.folders_reply())
        except apsw.Error as error:
            _log.exception("the folders can't be listed")
            self._convert_error(error)

    # ------------------------------------------------------------ errors

    def _convert_error(self, error: Exception) -> InglenookError:
        """Return the problem of any exception; `run` ends when the library's file is damaged."""
        if isinstance(error, apsw.CorruptError | apsw.NotADBError):
            if self._damage is None:
                aside = new_aside_path(self._paths.library).name
                path = str(self._paths.library)
                self._damage = StorageError(ErrorCode.DATABASE_DAMAGED, path=path, aside=aside)
            return self._damage
        if isinstance(error, UNDECODABLE):
            self._maintenance.check_after_damage()
        return to_inglenook_error(error, self._paths)
