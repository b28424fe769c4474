"""Stop event of a request; it also wakes a thread that waits for a silent server."""

import contextlib
import socket
import threading
from collections.abc import Callable


class RequestStop(threading.Event):
    """Set once; the thread that sets it calls the callbacks of `call_on_stop`."""

    def __init__(self) -> None:
        super().__init__()
        self._callbacks: list[Callable[[], None]] = []
        self._guard = threading.Lock()  # `_callbacks`, each of which is called once

    def call_on_stop(self, callback: Callable[[], None]) -> None:
        """Call `callback` when this is set; at once if it is set already."""
        with self._guard:
            if not self.is_set():
                self._callbacks.append(callback)
                return
        callback()

    def set(self) -> None:
        """Stop the request and call the callbacks."""
        with self._guard:
            super().set()
            callbacks, self._callbacks = self._callbacks, []
        for callback in callbacks:
            callback()


def shut_down_socket(connection: socket.socket) -> None:
    """End a connection that another thread reads: closing alone would not wake that thread."""
    with contextlib.suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)
