"""Courier client: the front end's side; its child lives only while it has something to do."""

import time
from collections.abc import Callable

import msgspec
import uuid_utils

from core.base.errors import ErrorCode
from core.base.paths import Paths
from core.courier.connection.contact_log import CONTACTS_VARIABLE
from core.ipc.child_process import ChildProcess, describe_death
from core.messages import (
    AnswerDone,
    AskServer,
    Cancel,
    CheckUpdate,
    ChildDied,
    CourierEvent,
    DownloadFiles,
    Failed,
    FilesDownloaded,
    Hello,
    KeySaved,
    ListRepository,
    ListServerModels,
    RepositoryListed,
    SaveKey,
    ServerModels,
    UpdateChecked,
)

CourierWork = ListRepository | DownloadFiles | SaveKey | CheckUpdate | ListServerModels | AskServer

_LAST = (
    RepositoryListed
    | FilesDownloaded
    | KeySaved
    | UpdateChecked
    | ServerModels
    | AnswerDone
    | Failed
)

IDLE_SECONDS = 20.0
"""How long the child stays for the next press: looking something up is mostly followed by one."""


class CourierClient:
    """Sends requests that a person pressed for. All methods belong to the thread that made it.

    The child starts with the first request, and ends when nothing was asked for a while.
    """

    def __init__(
        self,
        paths: Paths,
        wake: Callable[[], None],
        *,
        process: ChildProcess[CourierEvent] | None = None,
        idle_seconds: float = IDLE_SECONDS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._process: ChildProcess[CourierEvent] = process or ChildProcess(
            "courier",
            CourierEvent,
            paths.logs / "courier.log",
            wake,
            environment={CONTACTS_VARIABLE: str(paths.contacts)},
        )
        self._pending: dict[str, CourierWork] = {}
        self._idle_seconds = idle_seconds
        self._clock = clock
        self._busy_at = 0.0

    @property
    def pid(self) -> int | None:
        """The child's process id, None when there is none."""
        return self._process.pid

    def start(self) -> None:
        """Start the child ahead of the first request; it reaches nobody by itself."""
        self._process.start()

    @property
    def pending_requests(self) -> frozenset[str]:
        """The requests that have not had their last event."""
        return frozenset(self._pending)

    def send(self, request: CourierWork) -> str:
        """Have something done; its last event is the one its message names, or Failed.

        A request without an id gets one. Returns the id.
        """
        if not request.request_id:
            request = msgspec.structs.replace(request, request_id=uuid_utils.uuid7().hex)
        self._pending[request.request_id] = request
        self._busy_at = self._clock()
        self._process.send(request)
        return request.request_id

    def cancel(self, request_id: str) -> None:
        """Stop a request; its last event still comes."""
        if request_id in self._pending:
            self._process.send(Cancel(request_id=request_id))

    def poll(self) -> list[CourierEvent]:
        """Return what arrived; a dead child ends every pending request with Failed."""
        events: list[CourierEvent] = []
        for event in self._process.poll():
            if isinstance(event, ChildDied):
                events += self._bury(event)
            elif not isinstance(event, Hello):
                if isinstance(event, _LAST):
                    self._pending.pop(event.request_id, None)
                events.append(event)
        now = self._clock()
        if self._pending or events:
            self._busy_at = now
        elif self._process.pid is not None and now - self._busy_at >= self._idle_seconds:
            self._process.stop(grace=0)
        return events

    def kill(self) -> None:
        """End the child at once, as a crash would."""
        self._process.kill()

    def stop(self) -> None:
        """End the child; what was pending is forgotten, and what it fetched is kept."""
        self._pending.clear()
        self._process.stop(grace=0)

    def _bury(self, death: ChildDied) -> list[CourierEvent]:
        pending, self._pending = self._pending, {}
        facts = {"detail": describe_death(death)}
        return [
            Failed(request_id=request_id, code=ErrorCode.COURIER_DIED, facts=facts)
            for request_id in pending
        ]
