"""The client of a child process: sends requests, routes each event to the reply of its request."""

from collections.abc import Callable
from typing import Any, Generic, TypeVar

import uuid_utils

from core.base.error_codes import ErrorCode
from core.ipc.child_process import ChildProcess, describe_death
from core.ipc.reply import Reply
from core.messages import Cancel, ChildDied, Failed, FinalMessage, Hello, Message, Request, Seal
from core.sandbox.grants import NO_GRANTS, Grants

Event = TypeVar("Event")
Progress = TypeVar("Progress")
Result = TypeVar("Result")


class Client(Generic[Event]):
    """Talks to one child, which is started by the first request. One thread owns a client.

    `poll` delivers: an event that names a pending request goes to that request's reply, any other
    to `on_broadcast`; it is a change of state that nobody asked for. When the child dies, each
    pending request is sent again if `retry_request` says so, and fails with `died` otherwise.
    """

    def __init__(
        self,
        process: ChildProcess[Event],
        died: ErrorCode,
        on_broadcast: Callable[[Event], None] = lambda _event: None,
        *,
        ends_when_idle: bool = False,
    ) -> None:
        """`ends_when_idle`: the child ends when nothing is pending, to free what it holds."""
        self._process = process
        self._own_grants = process.grants
        self._is_renewing = False
        self._cancelled: set[str] = set()  # ids of pending requests
        self._died = died
        self._ends_when_idle = ends_when_idle
        self.on_broadcast = on_broadcast
        self._pending: dict[str, tuple[Request[Any, Any], Reply[Any, Any]]] = {}
        self.has_started = False
        """Whether the child has said hello: it has found all that it imports at once."""
        self.seal: Seal | None = None
        """What held the last child that said hello, None if none has."""
        self.last_death: ChildDied | None = None
        """How the last child ended that did so by itself, None if none has."""

    @property
    def pid(self) -> int | None:
        """The child's process id, None while there is none."""
        return self._process.pid

    @property
    def pending(self) -> tuple[Request[Any, Any], ...]:
        """The requests that have not had their last event, the first sent first."""
        return tuple(request for request, _reply in self._pending.values())

    def start(self) -> None:
        """Start the child ahead of the first request; returns at once."""
        self.grant_files(NO_GRANTS)
        self._process.start()

    def send(self, request: Request[Progress, Result]) -> Reply[Progress, Result]:
        """Queue a request, starting the child if needed; never waits."""
        request_id = request.request_id
        reply: Reply[Progress, Result] = Reply(request_id, lambda: self.cancel(request_id))
        self.grant_files(self.grants_for(request))
        self._pending[request_id] = request, reply
        self._process.send(request)
        return reply

    def grant_files(self, needed: Grants) -> None:
        """Have a child that was granted what is needed: a running one can't be given more."""
        process = self._process
        if process.pid is None and not self._pending:
            process.grants = self.own_grants().joined(needed)  # what others needed is over
        elif not process.grants.covers(needed):
            is_held = _is_held(self.seal, process.grants, needed)
            process.grants = process.grants.joined(needed)
            if process.pid is not None and is_held and not self._is_renewing:
                self.renew_child()

    def own_grants(self) -> Grants:
        """Return what every child is granted; asked before each start."""
        return self._own_grants

    def grants_for(self, _request: Request[Any, Any]) -> Grants:
        """Return what the child must have been granted to work on a request."""
        return NO_GRANTS

    def renew_child(self) -> None:
        """Replace a running child that was granted too little; what is pending begins again."""
        self._is_renewing = True
        if self.has_started:
            self._process.hang_up()
        else:
            self._process.kill()  # it has begun nothing, and would import all it needs first

    def begin_again(self) -> None:
        """Send to a new child what the one before it was to do."""
        for request, _reply in self._pending.values():
            _send_again(request, self._cancelled, self._process)

    def send_if_running(self, message: Message) -> None:
        """Queue a message that has no reply; without a child it is dropped and none is started."""
        if self._process.pid is not None:
            self._process.send(message)

    def cancel(self, request_id: str) -> None:
        """Ask the child to stop working on a request; its last event still comes."""
        if request_id in self._pending:
            self._cancelled.add(request_id)
            if not self._is_renewing:
                self._process.send(Cancel(request_id=request_id))

    def poll(self) -> None:
        """Deliver what has arrived before this moment, in order; never waits.

        What arrives meanwhile is for the next call: a child that is quicker than its replies'
        callbacks keeps nothing else waiting.
        """
        for _number in range(self._process.event_count):
            event = self._process.next_event()
            if event is None:
                break
            if isinstance(event, ChildDied):
                self.has_started, self.last_death = False, event
                self._is_renewing |= self._process.is_loosened
                self._handle_death(event)
            elif isinstance(event, Hello):
                self.has_started, self.seal = True, event.seal
            else:
                self._deliver(event)
        if self._ends_when_idle and not self._pending:
            self._process.stop(grace=0)

    def stop(self, grace: float = 0.0) -> None:
        """End the child, within `grace` seconds by itself; pending requests are forgotten."""
        self._pending.clear()
        self._cancelled.clear()
        self.has_started = self._is_renewing = False
        self._process.stop(grace)

    def kill(self) -> None:
        """End the child at once, as a crash would; the next `poll` handles its death."""
        self._process.kill()

    # ------------------------------------------------------------ what a client may adapt

    def retry_request(
        self, _request: Request[Any, Any], _death: ChildDied
    ) -> Request[Any, Any] | None:
        """Return what to send again for a request whose child died, None to let it fail."""
        return None

    def restore_state(self) -> None:
        """Send what a new child must know; called when the child died, before requests fail."""

    def death_facts(self, _request: Request[Any, Any], death: ChildDied) -> dict[str, str]:
        """Return the facts of the failure of a request whose child died."""
        return {"detail": describe_death(death)}

    def _deliver(self, event: Event) -> None:
        request_id = getattr(event, "request_id", "")
        if request_id not in self._pending:
            self.on_broadcast(event)
        elif isinstance(event, FinalMessage):
            reply = self._pending.pop(request_id)[1]
            self._cancelled.discard(request_id)
            if self._ends_when_idle and not self._pending:
                # Before the callbacks: a request that follows gets a child of its own.
                self._process.stop(grace=0)
            if isinstance(event, Failed):
                reply.fail(event)
            else:
                reply.finish(event)
        else:
            self._pending[request_id][1].report(event)

    def _handle_death(self, death: ChildDied) -> None:
        if self._is_renewing:
            self._is_renewing = False
            self.begin_again()
            return
        pending, self._pending = self._pending, {}
        failed: list[tuple[Reply[Any, Any], Failed]] = []
        for request, reply in pending.values():
            again = self.retry_request(request, death)
            if again is not None:
                self._pending[again.request_id] = again, reply
                _send_again(again, self._cancelled, self._process)
            else:
                self._cancelled.discard(request.request_id)
                facts = self.death_facts(request, death)
                failure = Failed(request_id=request.request_id, code=self._died, facts=facts)
                failed.append((reply, failure))
        self.restore_state()
        for reply, failure in failed:
            reply.fail(failure)


def _send_again(
    request: Request[Any, Any], cancelled: set[str], process: ChildProcess[Any]
) -> None:
    """Have another child work on a request; one that was cancelled ends there as it would have."""
    process.send(request)
    if request.request_id in cancelled:
        process.send(Cancel(request_id=request.request_id))


def _is_held(seal: Seal | None, granted: Grants, needed: Grants) -> bool:
    """Whether a child can't do what is needed with what it was granted, as far as is known yet.

    On Windows it may read everything, and is held from writing alone.
    """
    if seal is None or seal.files:
        return True
    return seal.writes and not granted.covers(Grants(write=needed.write))


def new_request_id() -> str:
    """Return an id for a request; later ones sort after earlier ones."""
    return uuid_utils.uuid7().hex
