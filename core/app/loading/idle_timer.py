"""Idle time of the loaded model, and the timer that wakes the event loop to unload it."""

import threading
from collections.abc import Callable

from core.base.clock import Clock
from core.base.settings import app_settings as declared
from core.base.settings.app_settings import Settings


class WakeTimer:
    """Belongs to one thread; `wake` is called on a timer thread."""

    def __init__(self, wake: Callable[[], None]) -> None:
        self._wake = wake
        self._timer: threading.Timer | None = None

    def wake_after(self, seconds: float) -> None:
        """Wake after so many seconds, in place of the time that was set before."""
        self.stop()
        self._timer = threading.Timer(seconds, self._wake)
        self._timer.daemon = True
        self._timer.start()

    def stop(self) -> None:
        """Cancel; the timer's thread has ended when this returns."""
        timer, self._timer = self._timer, None
        if timer is not None:
            timer.cancel()
            if timer is not threading.current_thread():
                timer.join()


MINUTE = 60.0


class IdleTimer:
    """Counts from `start` to `stop`; the wake timer wakes the event loop when it expires."""

    def __init__(self, settings: Settings, wake_timer: WakeTimer, clock: Clock) -> None:
        self._settings = settings
        self._wake_timer = wake_timer
        self.clock = clock
        self._expires_at: float | None = None
        self._is_counting = False
        self._wanted: float | None = None  # in place of the setting

    def start(self) -> None:
        """Start to count idle time; a second call starts again."""
        seconds = float(self._settings.get_value(declared.IDLE_UNLOAD)) * MINUTE
        if self._wanted is not None:
            seconds = max(self._wanted, 0.0)
        self._is_counting = True
        self._expires_at = None
        if seconds:
            self._expires_at = self.clock() + seconds
            self._wake_timer.wake_after(seconds)

    def want_seconds(self, seconds: float) -> None:
        """Count so long (0 and less: for ever), not as long as is set, until the next stop."""
        self._wanted = seconds
        if self._is_counting:
            self.start()

    def stop(self) -> None:
        """Stop to count: the model is used, or unloaded."""
        self._is_counting = False
        self._expires_at = self._wanted = None

    @property
    def seconds_left(self) -> float | None:
        """Seconds until it expires, None while it doesn't count."""
        return None if self._expires_at is None else max(self._expires_at - self.clock(), 0.0)

    @property
    def is_expired(self) -> bool:
        """Whether the model has been idle for as long as is set."""
        return self._expires_at is not None and self.clock() >= self._expires_at

    def close(self) -> None:
        """End the timer."""
        self._wake_timer.stop()
