"""A person's Stop, which also wakes a thread that waits for a silent server."""

import contextlib
import socket
import threading
from collections.abc import Callable


class Stop(threading.Event):
    """Set once; whatever was left with `on_set` is then called, by the thread that sets it."""

    def __init__(self) -> None:
        super().__init__()
        self._calls: list[Callable[[], None]] = []
        self._guard = threading.Lock()  # `_calls`, and that each is called once

    def on_set(self, call: Callable[[], None]) -> None:
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


def hang_up(connection: socket.socket) -> None:
    """End a connection under whoever reads it: closing alone would not wake them."""
    with contextlib.suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)
