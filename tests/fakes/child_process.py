"""A child process that is never started: keeps what is sent, and delivers what a test says."""

import collections
from collections.abc import Callable
from typing import Any, TypeVar

import msgspec

from core.ipc.child_process import ChildProcess
from core.messages import ChildDied
from core.sandbox.grants import Grants

Sent = TypeVar("Sent", bound=msgspec.Struct)


class FakeChildProcess(ChildProcess[Any]):
    """Stands in for any child behind the real clients.

    `sent` holds the messages in the order in which they were sent; `deliver` queues events, which
    the client's next `poll` hands on, and calls `wake`. A subclass answers in `receive`.
    """

    def __init__(self, role: str = "fake") -> None:
        self.role = role
        self.wake: Callable[[], None] = lambda: None
        self.environment: dict[str, str] = {}
        self.grants = Grants(read=("/",), write=("/",), servers=True)
        self.sent: list[msgspec.Struct] = []
        self.starts = 0
        self.is_loosened = False
        self._running = False
        self._queue: collections.deque[Any] = collections.deque()

    @property
    def pid(self) -> int | None:
        """4711 while it runs."""
        return 4711 if self._running else None

    def start(self) -> None:
        """Count a start."""
        if not self._running:
            self._running = True
            self.starts += 1

    def send(self, request: msgspec.Struct) -> None:
        """Keep a message."""
        self.start()
        self.sent.append(request)
        self.receive(request)

    def receive(self, request: msgspec.Struct) -> None:
        """Answer a message: nothing is answered by itself."""

    def deliver(self, *events: msgspec.Struct) -> None:
        """Queue events as if the child had sent them."""
        self._queue.extend(events)
        self.wake()

    @property
    def event_count(self) -> int:
        """How many events were delivered that nobody has polled."""
        return len(self._queue)

    @property
    def has_events(self) -> bool:
        """Whether something was delivered that nobody has polled."""
        return bool(self._queue)

    def all_sent(self, kind: type[Sent]) -> list[Sent]:
        """Return the messages of a kind that were sent, the first one first."""
        return [message for message in self.sent if isinstance(message, kind)]

    def last_sent(self, kind: type[Sent]) -> Sent:
        """Return the last message of a kind that was sent."""
        return self.all_sent(kind)[-1]

    def next_event(self) -> Any:
        """Return the first event that was queued."""
        if not self._queue:
            return None
        event = self._queue.popleft()
        if isinstance(event, ChildDied):
            self._running = False
        return event

    def stop(self, grace: float = 0.0) -> None:
        """End: what was queued is dropped, as the words of an ended child are."""
        self._running = False
        self._queue.clear()

    def hang_up(self) -> None:
        """Leave, which the next poll reports."""
        if self._running:
            self.die(0)

    def kill(self) -> None:
        """Die, which the next poll reports."""
        if self._running:
            self.die(-9)

    def die(self, exit_code: int = -11, tail: str = "") -> None:
        """End as a crash does; what a subclass was at is lost."""
        self.deliver(ChildDied(role=self.role, exit_code=exit_code, tail=tail))
