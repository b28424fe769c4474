"""Wakes the thread that pumps once, after a while, though nothing else happens by then."""

import threading
from collections.abc import Callable


class Alarm:
    """Belongs to one thread; `wake` is called on another, and may be called from any."""

    def __init__(self, wake: Callable[[], None]) -> None:
        self._wake = wake
        self._timer: threading.Timer | None = None

    def set(self, seconds: float) -> None:
        """Wake after so many seconds, and not at the time that was set before."""
        self.stop()
        self._timer = threading.Timer(seconds, self._wake)
        self._timer.daemon = True
        self._timer.start()

    def stop(self) -> None:
        """Wake no more; the timer's thread is over when this returns."""
        timer, self._timer = self._timer, None
        if timer is not None:
            timer.cancel()
            if timer is not threading.current_thread():
                timer.join()
