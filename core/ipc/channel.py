"""Child's half of the pipe: a reader thread that only enqueues, and a locked writer."""

import contextlib
import os
import queue
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO, Generic, TypeVar

import msgspec

from core.ipc.framing import FrameError, decode_payload, encode_frame, read_payload
from core.messages import PROTOCOL, Hello
from core.sandbox.seal import current_seal

Request = TypeVar("Request")

OUTLIVED_VARIABLE = "INGLENOOK_OUTLIVED"
"""Names a file that a child removes when it outlives its parent: what the file says was being done
is then not what ended the parent."""


class ParentGone(Exception):  # noqa: N818 - not an error: the sign to leave
    """The parent closed its end of the pipe; a child that sees this leaves."""


class Channel(Generic[Request]):
    """Requests in, events out.

    `on_arrival` runs on the reader thread for each request; `receive` doesn't return those that it
    says True of: they are dealt with.
    """

    def __init__(
        self,
        request_type: Any,  # noqa: ANN401 - a union of structs, which has no common type
        incoming: BinaryIO,
        outgoing: BinaryIO,
        on_arrival: Callable[[Request], bool | None] | None = None,
    ) -> None:
        self._decoder: msgspec.msgpack.Decoder[Request] = msgspec.msgpack.Decoder(request_type)
        self._incoming = incoming
        self._outgoing = outgoing
        self._on_arrival = on_arrival
        self._requests: queue.SimpleQueue[Request | None] = queue.SimpleQueue()
        self._write_lock = threading.Lock()  # one frame at a time on `_outgoing`

    def start(self, role: str) -> None:
        """Say hello and begin to read."""
        self.send(Hello(protocol=PROTOCOL, role=role, pid=os.getpid(), seal=current_seal()))
        threading.Thread(target=self._read, name="channel-reader", daemon=True).start()

    def send(self, message: msgspec.Struct) -> None:
        """Write one event; any thread may call it. Raises ParentGone if nobody reads any more."""
        frame = encode_frame(message)
        try:
            with self._write_lock:
                self._outgoing.write(frame)
                self._outgoing.flush()
        except OSError as error:
            _outlive_parent()
            raise ParentGone from error

    def post_request(self, request: Request) -> None:
        """Put a request of the child's own among the parent's; any thread may call it."""
        self._requests.put(request)

    def receive(self, timeout: float | None = None) -> Request | None:
        """Return the next request, or None when `timeout` seconds passed without one."""
        try:
            request = self._requests.get(timeout=timeout) if timeout != 0 else self._take()
        except queue.Empty:
            return None
        if request is None:
            self._requests.put(None)  # so that the next call raises it too
            raise ParentGone
        return request

    def _take(self) -> Request | None:
        return self._requests.get_nowait()

    def _read(self) -> None:
        try:
            while (payload := read_payload(self._incoming)) is not None:
                request = decode_payload(payload, self._decoder)
                if self._on_arrival and self._on_arrival(request):
                    continue
                self._requests.put(request)
        except (FrameError, OSError) as error:
            print(f"channel broke: {error!r}", file=sys.stderr)
        finally:
            _outlive_parent()
            self._requests.put(None)
            # The main thread may sit in native code; it gets a moment to leave by itself.
            timer = threading.Timer(2.0, os._exit, (0,))
            timer.daemon = True
            timer.start()


def _outlive_parent() -> None:
    """Remove what says that the parent was ended by this child's work."""
    if outlived := os.environ.get(OUTLIVED_VARIABLE):
        with contextlib.suppress(OSError):
            Path(outlived).unlink(missing_ok=True)


def take_standard_streams() -> tuple[BinaryIO, BinaryIO]:
    """Return private copies of fds 0 and 1 as the channel, and point fd 1 at the log (fd 2).

    Called before any native import: llama.cpp writes to fd 1 and swaps fds 1 and 2 while loading.
    """
    incoming = os.fdopen(os.dup(0), "rb")
    outgoing = os.fdopen(os.dup(1), "wb")
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    os.close(null)
    os.dup2(2, 1)
    sys.stdout = sys.stderr
    return incoming, outgoing
