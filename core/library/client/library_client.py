"""Library client: the parent's side of the library child, with one restart by itself."""

from collections.abc import Callable

from core.base.errors import ErrorCode
from core.base.paths import ROOT_VARIABLE, Paths
from core.ipc.child_process import ChildProcess, describe_exit
from core.library.client.library_request_sender import LibraryRequestSender, Request
from core.messages import (
    AddFolder,
    Cancel,
    ChildDied,
    Document,
    EmbedderMeasured,
    Failed,
    FileRead,
    FilesListed,
    FolderRemoved,
    FoldersListed,
    LibraryEvent,
    LibraryStatus,
    LibraryVerified,
    PageLetters,
    PauseIndexing,
    PrepareViewing,
    RenderedPage,
    RerankerChosen,
    RetrievalEvaluated,
    SearchDone,
    SkippedFiles,
    SyncDone,
    SyncFolder,
    WatchFolders,
)

_LAST = (
    Document,
    EmbedderMeasured,
    Failed,
    FileRead,
    FilesListed,
    FolderRemoved,
    FoldersListed,
    LibraryStatus,
    LibraryVerified,
    PageLetters,
    RenderedPage,
    RerankerChosen,
    RetrievalEvaluated,
    SearchDone,
    SkippedFiles,
    SyncDone,
)
"""Events that end the request they name."""
_MOST_DEATHS = 3
"""So many deaths without an answer between them: folders are no longer kept in step by force."""


class LibraryClient(LibraryRequestSender):
    """All methods belong to one thread; `wake` is called from others when `poll` has news."""

    def __init__(
        self,
        paths: Paths,
        wake: Callable[[], None],
        *,
        command: list[str] | None = None,
        process: ChildProcess[LibraryEvent] | None = None,
    ) -> None:
        """`command` starts another program than the library child."""
        self._process: ChildProcess[LibraryEvent] = process or ChildProcess(
            "library",
            LibraryEvent,
            paths.logs / "library.log",
            wake,
            command=command,
            environment={ROOT_VARIABLE: str(paths.root)},
        )
        self._pending: dict[str, Request] = {}
        self._resumed: set[str] = set()
        self._gives_way = False
        self._keeps = False
        self._deaths = 0

    @property
    def pid(self) -> int | None:
        """The child's process id, None while there is none."""
        return self._process.pid

    def start(self) -> None:
        """Start the child, which keeps all folders in step from now on; returns at once."""
        self._keeps = True
        self._process.send(WatchFolders())

    def stop(self) -> None:
        """End the child; what is unfinished goes on at the next sync."""
        self._keeps = False
        self._pending.clear()
        self._process.stop()

    def kill(self) -> None:
        """End the child now; pending syncs are resumed by the next `poll`."""
        self._process.kill()

    def cancel(self, request_id: str) -> None:
        """Stop a request; its last event still comes."""
        if request_id in self._pending:
            self._process.send(Cancel(request_id=request_id))

    def pause_indexing(self, active: bool) -> None:  # noqa: FBT001 - the name says it
        """Pause indexing while the engine answers; never starts the child by itself."""
        self._gives_way = active
        if self._process.pid is not None:
            self._process.send(PauseIndexing(active=active))

    def prepare_viewing(self) -> None:
        """Let pages be drawn without delay from now on; never starts the child by itself."""
        if self._process.pid is not None:
            self._process.send(PrepareViewing())

    def poll(self) -> list[LibraryEvent]:
        """Return what has arrived, in order; never waits."""
        events: list[LibraryEvent] = []
        for event in self._process.poll():
            if isinstance(event, ChildDied):
                events.extend(self._died(event))
                continue
            if isinstance(event, _LAST):
                self._deaths = 0
                self._pending.pop(event.request_id, None)
                self._resumed.discard(event.request_id)
            events.append(event)
        return events

    def _send(self, request: Request) -> str:
        self._pending[request.request_id] = request
        self._process.send(request)
        return request.request_id

    def _died(self, event: ChildDied) -> list[LibraryEvent]:
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
                    Failed(
                        request_id=request_id, code=ErrorCode.LIBRARY_DIED, facts={"detail": detail}
                    )
                )
        if self._keeps and self._deaths <= _MOST_DEATHS:
            self._process.send(WatchFolders())
        if self._gives_way and self._process.pid is not None:
            self._process.send(PauseIndexing(active=True))
        return failed
