"""The parent's side of the library child: requests out, events in, one restart by itself."""

from collections.abc import Callable

import uuid_utils

from core.errors import Code
from core.library.names import display_name, raw_name
from core.messages import (
    AddFolder,
    Cancel,
    ChooseEmbedder,
    ChooseReranker,
    Document,
    DocumentText,
    EmbedderMeasured,
    EvaluateRetrieval,
    Failed,
    FileRead,
    Filters,
    FolderRemoved,
    Folders,
    GiveWay,
    IncludeParts,
    KeepInStep,
    LibraryEvent,
    LibraryStatus,
    LibraryVerified,
    ListFolders,
    ListSkipped,
    ListStatus,
    MeasureEmbedder,
    PauseFolders,
    ReadFile,
    RemoveFolder,
    RenderedPage,
    RenderPage,
    RerankerChosen,
    RetrievalEvaluated,
    Search,
    SearchDone,
    SearchFiles,
    SkippedFiles,
    SyncDone,
    SyncFolder,
    VerifyLibrary,
    WorkerDied,
)
from core.paths import ROOT_VARIABLE, Paths
from core.worker import Worker, describe_exit

_LAST = (
    Document,
    EmbedderMeasured,
    Failed,
    FileRead,
    FolderRemoved,
    Folders,
    LibraryStatus,
    LibraryVerified,
    RenderedPage,
    RerankerChosen,
    RetrievalEvaluated,
    SearchDone,
    SkippedFiles,
    SyncDone,
)
"""Events that end the request they name."""
EVERYTHING = Filters()
_MOST_DEATHS = 3
"""So many deaths without an answer between them: folders are no longer kept in step by force."""

_Request = (
    AddFolder
    | ChooseEmbedder
    | ChooseReranker
    | DocumentText
    | EvaluateRetrieval
    | IncludeParts
    | ListFolders
    | ListSkipped
    | ListStatus
    | MeasureEmbedder
    | PauseFolders
    | ReadFile
    | RemoveFolder
    | RenderPage
    | Search
    | SearchFiles
    | SyncFolder
    | VerifyLibrary
)


class LibraryClient:
    """All methods belong to one thread; `wake` is called from others when `poll` has news."""

    def __init__(
        self, paths: Paths, wake: Callable[[], None], *, command: list[str] | None = None
    ) -> None:
        """`command` starts another program than the library child."""
        self._worker: Worker[LibraryEvent] = Worker(
            "library",
            LibraryEvent,
            paths.logs / "library.log",
            wake,
            command=command,
            environment={ROOT_VARIABLE: str(paths.root)},
        )
        self._pending: dict[str, _Request] = {}
        self._resumed: set[str] = set()
        self._gives_way = False
        self._keeps = False
        self._deaths = 0

    @property
    def pid(self) -> int | None:
        """The child's process id, None while there is none."""
        return self._worker.pid

    def start(self) -> None:
        """Start the child, which keeps all folders in step from now on; returns at once."""
        self._keeps = True
        self._worker.send(KeepInStep())

    def stop(self) -> None:
        """End the child; what is unfinished goes on at the next sync."""
        self._keeps = False
        self._pending.clear()
        self._worker.stop()

    def kill(self) -> None:
        """End the child now; pending syncs are resumed by the next `poll`."""
        self._worker.kill()

    def list_folders(self) -> str:
        """Ask for all folders."""
        return self._send(ListFolders(request_id=_new_id()))

    def add_folder(self, path: str, *, hidden: bool = False) -> str:
        """Add the folder at an absolute path, which may hold any bytes, and read it."""
        shown, raw = display_name(path), raw_name(path)
        return self._send(AddFolder(request_id=_new_id(), path=shown, raw=raw, hidden=hidden))

    def sync(self, folder_id: str, *, retry: bool = False, file: str = "") -> str:
        """Compare a folder with the disk and read what changed.

        `retry`: also what was skipped, only `file` of it if one is named.
        """
        return self._send(
            SyncFolder(request_id=_new_id(), folder_id=folder_id, retry=retry, file=file)
        )

    def pause(self, folder_ids: tuple[str, ...], *, paused: bool) -> str:
        """Pause or resume these folders, all if none is given."""
        return self._send(PauseFolders(request_id=_new_id(), folder_ids=folder_ids, paused=paused))

    def include(self, folder_id: str, patterns: tuple[str, ...], *, hidden: bool) -> str:
        """Say which parts of a folder are read though they are passed over elsewhere."""
        return self._send(
            IncludeParts(
                request_id=_new_id(), folder_id=folder_id, hidden=hidden, patterns=patterns
            )
        )

    def status(self) -> str:
        """Ask how every folder and the index stand."""
        return self._send(ListStatus(request_id=_new_id()))

    def verify(self) -> str:
        """Check everything that is kept, and mend what is wrong."""
        return self._send(VerifyLibrary(request_id=_new_id()))

    def choose_embedder(self, path: str) -> str:
        """Let the model in another folder embed; "" is the one that ships."""
        return self._send(ChooseEmbedder(request_id=_new_id(), path=path))

    def measure_embedder(self) -> str:
        """Time the embedding model by itself."""
        return self._send(MeasureEmbedder(request_id=_new_id()))

    def remove(self, folder_id: str) -> str:
        """Forget a folder."""
        return self._send(RemoveFolder(request_id=_new_id(), folder_id=folder_id))

    def skipped(self, folder_id: str) -> str:
        """Ask which files were skipped and why."""
        return self._send(ListSkipped(request_id=_new_id(), folder_id=folder_id))

    def document(self, folder_id: str, file: str) -> str:
        """Ask for a file's text; `file` is relative, with "/"."""
        return self._send(DocumentText(request_id=_new_id(), folder_id=folder_id, file=file))

    def read_file(self, path: str) -> str:
        """Read the file at an absolute path, which may hold any bytes, without keeping it."""
        return self._send(
            ReadFile(request_id=_new_id(), path=display_name(path), raw=raw_name(path))
        )

    def render_page(self, folder_id: str, file: str, page: int, width: int, text: str) -> str:
        """Draw page `page` (from 1) of an indexed file, and find `text` on it."""
        return self._send(
            RenderPage(
                request_id=_new_id(),
                folder_id=folder_id,
                file=file,
                page=page,
                width=width,
                text=text,
            )
        )

    def search(
        self,
        query: str,
        folder_ids: tuple[str, ...] = (),
        k: int = 8,
        filters: Filters = EVERYTHING,
    ) -> str:
        """Search these folders, all if none is given, and in them the files that `filters` let."""
        return self._send(
            Search(request_id=_new_id(), query=query, folder_ids=folder_ids, k=k, filters=filters)
        )

    def search_files(self, query: str, paths: tuple[str, ...], k: int, tokens: int) -> str:
        """Search files at absolute paths; those of at most `tokens` together come as a whole."""
        return self._send(
            SearchFiles(
                request_id=_new_id(),
                query=query,
                paths=tuple(display_name(path) for path in paths),
                raws=tuple(raw_name(path) for path in paths),
                k=k,
                tokens=tokens,
            )
        )

    def choose_reranker(self, path: str) -> str:
        """Let the cross-encoder in a folder put results into order; "": none."""
        return self._send(ChooseReranker(request_id=_new_id(), path=path))

    def evaluate(self, path: str) -> str:
        """Measure search on a retrieval set."""
        return self._send(EvaluateRetrieval(request_id=_new_id(), path=path))

    def cancel(self, request_id: str) -> None:
        """Stop a request; its last event still comes."""
        if request_id in self._pending:
            self._worker.send(Cancel(request_id=request_id))

    def give_way(self, active: bool) -> None:  # noqa: FBT001 - the name says it
        """Pause indexing while the engine answers; never starts the child by itself."""
        self._gives_way = active
        if self._worker.pid is not None:
            self._worker.send(GiveWay(active=active))

    def poll(self) -> list[LibraryEvent]:
        """Return what has arrived, in order; never waits."""
        events: list[LibraryEvent] = []
        for event in self._worker.poll():
            if isinstance(event, WorkerDied):
                events.extend(self._died(event))
                continue
            if isinstance(event, _LAST):
                self._deaths = 0
                self._pending.pop(event.request_id, None)
                self._resumed.discard(event.request_id)
            events.append(event)
        return events

    def _send(self, request: _Request) -> str:
        self._pending[request.request_id] = request
        self._worker.send(request)
        return request.request_id

    def _died(self, event: WorkerDied) -> list[LibraryEvent]:
        """Resume syncs once; say of everything else that it failed."""
        self._deaths += 1
        pending, self._pending = self._pending, {}
        failed: list[LibraryEvent] = []
        detail = describe_exit(event.exit_code)
        for request_id, request in pending.items():
            if isinstance(request, AddFolder | SyncFolder) and request_id not in self._resumed:
                self._resumed.add(request_id)
                self._send(request)
            else:
                self._resumed.discard(request_id)
                failed.append(
                    Failed(request_id=request_id, code=Code.LIBRARY_DIED, facts={"detail": detail})
                )
        if self._keeps and self._deaths <= _MOST_DEATHS:
            self._worker.send(KeepInStep())
        if self._gives_way and self._worker.pid is not None:
            self._worker.send(GiveWay(active=True))
        return failed


def _new_id() -> str:
    return uuid_utils.uuid7().hex
