"""The library child: owns library.db, answers requests between the steps of a sync."""

import logging
import threading
import time
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, assert_never

from core.channel import Channel, ParentGone
from core.errors import Code, InglenookError, LibraryError
from core.library.embedder import Embedder
from core.library.reading import Reader
from core.library.records import Folder, Records, display_name
from core.library.search import Searcher
from core.library.sync import Sync, Tools
from core.library.tokens import TokenCounter
from core.messages import (
    AddFolder,
    Cancel,
    Document,
    DocumentText,
    Failed,
    FileSkipped,
    FolderRemoved,
    Folders,
    GiveWay,
    LibraryRequest,
    ListFolders,
    ListSkipped,
    RemoveFolder,
    Search,
    SearchDone,
    SkippedFiles,
    SyncDone,
    SyncFolder,
    SyncStatistics,
)
from core.paths import Paths, default_root, embedding_model

_WAIT_SECONDS = 0.02
_log = logging.getLogger(__name__)


def serve(incoming: BinaryIO, outgoing: BinaryIO) -> None:
    """Answer requests until the parent hangs up."""
    channel: Channel[LibraryRequest] = Channel(LibraryRequest, incoming, outgoing)
    channel.start("library")
    library = Library(channel, Paths(default_root()))
    try:
        library.run()
    finally:
        library.close()


@dataclass(slots=True)
class _Job:
    """A sync that is under way or waits for its turn."""

    request_id: str
    folder: Folder
    sync: Sync | None = None
    steps: Iterator[bool] | None = None


class Library:
    """Everything of one root; all on the main thread but the embedder's import."""

    def __init__(self, channel: Channel[LibraryRequest], paths: Paths) -> None:
        paths.create()
        self._channel = channel
        self._paths = paths
        self._records = Records(paths)
        self._embedder = Embedder(embedding_model())
        self._searcher = Searcher(self._records.connection, self._embedder)
        self._jobs: deque[_Job] = deque()
        self._searches: deque[Search] = deque()
        self._gives_way = False
        self._loading: threading.Thread | None = None
        self._load_error: LibraryError | None = None
        for folder in self._records.folders():
            if folder.state == "syncing":
                self._records.set_state(folder.id, "stopped")

    def close(self) -> None:
        """Let go of the database; runs at the end of the process."""
        for job in self._jobs:
            _close_steps(job)
        self._records.close()

    def run(self) -> None:
        """Answer, step, wait; until ParentGone."""
        if self._records.folders():
            self._load()
        wait: float | None = 0.0
        while True:
            request = self._channel.receive(timeout=wait)
            if request is not None:
                self._answer(request)
                wait = 0.0
                continue
            wait = self._step()

    # ------------------------------------------------------------ requests

    def _answer(self, request: LibraryRequest) -> None:
        try:
            self._dispatch(request)
        except InglenookError as error:
            self._fail(_id_of(request), error)
        except ParentGone:
            raise
        except Exception as error:  # noqa: BLE001 - the border: a request never ends the child
            _log.exception("a request failed")
            self._fail(_id_of(request), _internal(error, self._paths))

    def _dispatch(self, request: LibraryRequest) -> None:
        match request:
            case ListFolders():
                self._send_folders(request.request_id)
            case AddFolder():
                self._add(request)
            case SyncFolder():
                self._queue_sync(request.request_id, self._records.folder(request.folder_id))
            case RemoveFolder():
                self._remove(request)
            case ListSkipped():
                self._list_skipped(request)
            case Search():
                self._load()
                self._searches.append(request)
            case DocumentText():
                self._document(request)
            case GiveWay():
                self._gives_way = request.active
            case Cancel():
                self._cancel(request.request_id)
            case _:
                assert_never(request)

    def _add(self, request: AddFolder) -> None:
        path = Path(request.path)
        _check_addable(path, self._paths.root)
        if not path.is_dir():
            raise LibraryError(Code.FOLDER_GONE, path=request.path)
        folder = self._records.add_folder(str(path.absolute()))
        self._queue_sync(request.request_id, folder)

    def _queue_sync(self, request_id: str, folder: Folder) -> None:
        self._records.set_state(folder.id, "syncing")
        self._jobs.append(_Job(request_id, self._records.folder(folder.id)))
        self._send_folders("")
        self._load()

    def _remove(self, request: RemoveFolder) -> None:
        folder = self._records.folder(request.folder_id)
        for job in [job for job in self._jobs if job.folder.id == folder.id]:
            self._end(job, "stopped")
        self._records.remove_folder(folder.id)
        self._channel.send(FolderRemoved(request_id=request.request_id, folder_id=folder.id))
        self._send_folders("")

    def _list_skipped(self, request: ListSkipped) -> None:
        folder = self._records.folder(request.folder_id)
        files = tuple(
            FileSkipped(
                request_id=request.request_id,
                folder_id=folder.id,
                file=skipped.name,
                code=skipped.code,
                facts=skipped.facts,
            )
            for skipped in self._records.skipped(folder.id)
        )
        self._channel.send(SkippedFiles(request_id=request.request_id, files=files))

    def _document(self, request: DocumentText) -> None:
        folder = self._records.folder(request.folder_id)
        pages = self._records.pages(folder.id, request.file)
        path = str(Path(folder.path) / request.file)
        if pages is None:
            raise LibraryError(Code.FILE_UNKNOWN, file=request.file)
        self._channel.send(
            Document(
                request_id=request.request_id,
                file=request.file,
                path=display_name(path),
                pages=pages,
            )
        )

    def _cancel(self, request_id: str) -> None:
        for job in [job for job in self._jobs if job.request_id == request_id]:
            self._end(job, "stopped")
        for search in [search for search in self._searches if search.request_id == request_id]:
            self._searches.remove(search)
            self._channel.send(SearchDone(request_id=request_id, hits=(), seconds=0.0))

    # ------------------------------------------------------------ steps

    def _step(self) -> float | None:
        """Do one step of what is to be done; return how long to wait for a request then."""
        if self._searches and self._is_loaded():
            self._search(self._searches.popleft())
            return 0.0
        if self._searches:
            return _WAIT_SECONDS
        if not self._jobs or self._gives_way:
            return None
        return 0.0 if self._advance(self._jobs[0]) else _WAIT_SECONDS

    def _search(self, request: Search) -> None:
        started = time.monotonic()
        try:
            if self._load_error:
                raise self._load_error
            hits = self._searcher.search(request.query, request.folder_ids, request.k)
        except InglenookError as error:
            self._fail(request.request_id, error)
            return
        except Exception as error:  # noqa: BLE001 - the border: a search never ends the child
            _log.exception("a search failed")
            self._fail(request.request_id, _internal(error, self._paths))
            return
        seconds = time.monotonic() - started
        self._channel.send(SearchDone(request_id=request.request_id, hits=hits, seconds=seconds))

    def _advance(self, job: _Job) -> bool:
        """Take one step of a sync; return whether the next can follow at once."""
        try:
            if self._load_error:
                raise self._load_error
            if job.steps is None:
                job.sync = Sync(self._tools(), job.folder, job.request_id)
                job.steps = job.sync.steps()
            return next(job.steps)
        except StopIteration:
            self._end(job, None)
        except InglenookError as error:
            self._abort(job, error)
        except ParentGone:
            raise
        except Exception as error:  # noqa: BLE001 - the border: a sync never ends the child
            _log.exception("a sync failed")
            self._abort(job, _internal(error, self._paths))
        return True

    def _tools(self) -> Tools:
        return Tools(
            records=self._records,
            embedder=self._embedder,
            counter=TokenCounter(embedding_model()),
            new_reader=lambda: Reader(self._paths.logs / "extractor.log", lambda: None),
            app_root=self._paths.root,
            send=self._channel.send,
        )

    def _end(self, job: _Job, state: str | None) -> None:
        """Finish a sync; `state` None: what its files say."""
        _close_steps(job)
        self._jobs.remove(job)
        described = self._records.describe(job.folder)
        self._records.set_state(job.folder.id, state or ("ready" if described.indexed else "empty"))
        described = self._records.describe(self._records.folder(job.folder.id))
        assert job.sync is not None or state is not None  # only a finished sync has no state
        statistics = job.sync.statistics if job.sync else SyncStatistics()
        self._channel.send(
            SyncDone(request_id=job.request_id, folder=described, statistics=statistics)
        )
        self._send_folders("")

    def _abort(self, job: _Job, error: InglenookError) -> None:
        _close_steps(job)
        self._jobs.remove(job)
        state = "offline" if error.code == Code.FOLDER_GONE else "failed"
        try:
            self._records.set_state(job.folder.id, state)
        except InglenookError:
            _log.exception("the state of a folder can't be kept")
        self._fail(job.request_id, error)
        self._send_folders("")

    # ------------------------------------------------------------ embedder

    def _load(self) -> None:
        """Begin to import the embedder on a thread of its own, once; nothing else runs there."""
        if self._loading is None:
            self._loading = threading.Thread(
                target=self._import, name="embedder-import", daemon=True
            )
            self._loading.start()

    def _import(self) -> None:
        try:
            self._embedder.load()
        except LibraryError as error:
            self._load_error = error

    def _is_loaded(self) -> bool:
        return self._embedder.loaded or self._load_error is not None

    # ------------------------------------------------------------ sending

    def _send_folders(self, request_id: str) -> None:
        folders = tuple(self._records.describe(folder) for folder in self._records.folders())
        self._channel.send(Folders(request_id=request_id, folders=folders))

    def _fail(self, request_id: str, error: InglenookError) -> None:
        self._channel.send(Failed(request_id=request_id, code=error.code, facts=error.facts))


def _close_steps(job: _Job) -> None:
    close = getattr(job.steps, "close", None)
    if close:
        close()


def _id_of(request: LibraryRequest) -> str:
    return getattr(request, "request_id", "")


def _internal(error: Exception, paths: Paths) -> InglenookError:
    return InglenookError(Code.INTERNAL, detail=type(error).__name__, logs=str(paths.logs))


def _check_addable(path: Path, app_root: Path) -> None:
    resolved, root = path.resolve(), app_root.resolve()
    if resolved == Path(resolved.anchor) or resolved == root or root in resolved.parents:
        raise LibraryError(Code.FOLDER_REFUSED, path=str(path), detail="")
