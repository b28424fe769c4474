"""Idle time of the loaded model, and the timer that wakes the event loop to unload it."""

import threading
from collections.abc import Callable

from core.base.settings import app_settings as declared
from core.base.settings.app_settings import Settings


class WakeTimer:
    """Belongs to one thread; `wake` is called on another, and may be called from any."""

    def __init__(self, wake: Callable[[], None]) -> None:
        self._wake = wake
        self._timer: threading.Timer | None = None

    def wake_after(self, seconds: float) -> None:
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


MINUTE = 60.0


class IdleTimer:
    """Counts from `start` to `stop`; the alarm wakes the thread that asks when the time is over."""

    def __init__(self, settings: Settings, alarm: WakeTimer, clock: Callable[[], float]) -> None:
        self._settings = settings
        self._wake_timer = alarm
        self.clock = clock
        self._over_at: float | None = None

    def start(self) -> None:
        """Nobody uses the model any more; a second call counts anew."""
        minutes = float(self._settings.get_value(declared.IDLE_UNLOAD))
        if minutes:
            self._over_at = self.clock() + minutes * MINUTE
            self._wake_timer.wake_after(minutes * MINUTE)

    def stop(self) -> None:
        """Somebody uses it, or it is gone."""
        self._over_at = None

    @property
    def is_expired(self) -> bool:
        """Whether it has been idle for as long as is set."""
        return self._over_at is not None and self.clock() >= self._over_at

    def close(self) -> None:
        """Wake nobody any more."""
        self._wake_timer.stop()
