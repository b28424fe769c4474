"""Stop event of a request; it also wakes a thread that waits for a silent server."""

import contextlib
import socket
import threading
from collections.abc import Callable


class RequestStop(threading.Event):
    """Set once; the thread that sets it calls what was registered with `call_on_stop`."""

    def __init__(self) -> None:
        super().__init__()
        self._calls: list[Callable[[], None]] = []
        self._guard = threading.Lock()  # `_calls`, and that each is called once

    def call_on_stop(self, call: Callable[[], None]) -> None:
        """Call `call` when this is set; at once if it is set already."""
        with self._guard:
            if not self.is_set():
                self._calls.append(call)
                return
        call()

    def set(self) -> None:
        """Stop."""
        with self._guard:
            super().set()
            calls, self._calls = self._calls, []
        for call in calls:
            call()


def shut_down_socket(connection: socket.socket) -> None:
    """End a connection under whoever reads it: closing alone would not wake them."""
    with contextlib.suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)
