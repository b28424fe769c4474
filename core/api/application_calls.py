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


class CallEvents:
    """The events of one call, the outcome last."""

    def __init__(self, stream: MemoryObjectReceiveStream[ApiProgress | ApiResult]) -> None:
        self._stream = stream
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
        events = CallEvents(receiver)
        try:
            self._send(call)
            yield events
        finally:
            self._streams.pop(call.call_id, None)
            sender.close()
            receiver.close()
            if not events.has_ended:
                self._send(CancelCall(call_id=call.call_id))

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
