"""Awaited replies: who waits for one reply at a time hears of no other."""

from typing import Any, TypeVar

from core.ipc.reply import Reply

Progress = TypeVar("Progress")
Result = TypeVar("Result")


class AwaitedReply:
    """The one reply that its owner waits for; the one before it is detached."""

    def __init__(self) -> None:
        self._reply: Reply[Any, Any] | None = None

    @property
    def is_waiting(self) -> bool:
        """Whether there is one; that it has ended changes nothing."""
        return self._reply is not None

    def wait_for(self, reply: Reply[Progress, Result]) -> Reply[Progress, Result]:
        """Wait for this one from now on; returns it, so that callbacks can be registered."""
        self.give_up()
        self._reply = reply
        return reply

    def give_up(self) -> None:
        """Wait for none any more; the work goes on."""
        if self._reply is not None:
            self._reply.detach()
            self._reply = None

    def abandon(self) -> None:
        """Wait for none any more, and ask for the end of the work."""
        reply = self._reply
        self.give_up()
        if reply is not None:
            reply.cancel()

    def cancel(self) -> None:
        """Ask for the end of the work, whose last event is still waited for."""
        if self._reply is not None:
            self._reply.cancel()
