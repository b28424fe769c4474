"""Calls to the application: sent over the pipe, their events awaited in the loop of the server."""

import contextlib
import math
from collections.abc import AsyncIterator, Callable
from typing import TypeVar

import anyio
import msgspec
from anyio.streams.memory import MemoryObjectReceiveStream, MemoryObjectSendStream

from core.api.api_errors import ApiError, error_of_failure
from core.messages import ApiCall, ApiProgress, ApiResult, CancelCall, Failed

Outcome = TypeVar("Outcome")

LAST_SECONDS = 1.0
"""How long what a cancelled call has cost is waited for; its client has gone."""


class CallEvents:
    """The events of one call, the outcome last."""

    def __init__(
        self,
        stream: MemoryObjectReceiveStream[ApiProgress | ApiResult],
        send_cancel: Callable[[], None],
    ) -> None:
        self._stream = stream
        self._send_cancel = send_cancel
        self.has_ended = False

    async def next_event(self) -> msgspec.Struct:
        """Return the next event. Raises ApiError for a call that failed."""
        message = await self._stream.receive()
        if isinstance(message, ApiProgress):
            return message.event
        self.has_ended = True
        if isinstance(message.outcome, Failed):
            raise error_of_failure(message.outcome)
        return message.outcome

    async def cancel_call(self) -> msgspec.Struct | None:
        """Cancel the call for a client that has gone; return its outcome, None if it failed.

        That comes within some milliseconds; it is waited for at most LAST_SECONDS.
        """
        self._send_cancel()
        with (
            anyio.move_on_after(LAST_SECONDS, shield=True),
            contextlib.suppress(ApiError, anyio.EndOfStream),
        ):
            while not self.has_ended:
                event = await self.next_event()
            return event
        return None


class ApplicationCalls:
    """The calls on their way. All methods belong to the thread of the server's loop."""

    def __init__(self, send: Callable[[msgspec.Struct], None]) -> None:
        self._send = send
        self._streams: dict[str, MemoryObjectSendStream[ApiProgress | ApiResult]] = {}

    @property
    def count(self) -> int:
        """How many calls have not ended."""
        return len(self._streams)

    @contextlib.asynccontextmanager
    async def open_call(self, call: ApiCall) -> AsyncIterator[CallEvents]:
        """Send a call; left before its end, the call is cancelled at once."""
        sender, receiver = anyio.create_memory_object_stream[ApiProgress | ApiResult](math.inf)
        self._streams[call.call_id] = sender
        was_cancelled = False

        def cancel() -> None:
            nonlocal was_cancelled
            if not was_cancelled:
                was_cancelled = True
                self._send(CancelCall(call_id=call.call_id))

        events = CallEvents(receiver, cancel)
        try:
            self._send(call)
            yield events
        finally:
            self._streams.pop(call.call_id, None)
            sender.close()
            receiver.close()
            if not events.has_ended:
                cancel()

    async def call_for(self, call: ApiCall, kind: type[Outcome]) -> Outcome:
        """Return the outcome of a call. Raises ApiError."""
        async with self.open_call(call) as events:
            while True:
                event = await events.next_event()
                if isinstance(event, kind):
                    return event
                if events.has_ended:
                    raise ApiError(500, f"{type(event).__name__} came instead of {kind.__name__}")

    def deliver(self, message: ApiProgress | ApiResult) -> None:
        """Hand on what the application said; what nobody waits for is dropped."""
        stream = self._streams.get(message.call_id)
        if stream is not None:
            stream.send_nowait(message)
