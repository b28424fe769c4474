"""Quiet time: whether the engine was not used for a while, and the computer is on mains."""

from collections.abc import Callable

from core.app.loading.idle_timer import WakeTimer
from core.base.clock import Clock

QUIET_SECONDS = 60.0
"""Rest after an answer or a load before the engine is used for anything else."""


def runs_on_battery() -> bool:
    """Return whether the computer runs on its battery; False where that is not known."""
    import psutil  # noqa: PLC0415 - a window needs it only when it has been quiet

    read = getattr(psutil, "sensors_battery", None)
    battery = read() if read else None
    return battery is not None and battery.power_plugged is False


class QuietTime:
    """Counts from the last `restart`; the timer wakes the event loop when it is over."""

    def __init__(
        self,
        timer: WakeTimer,
        clock: Clock,
        on_battery: Callable[[], bool] = runs_on_battery,
    ) -> None:
        self._timer = timer
        self.clock = clock
        self.on_battery = on_battery
        self._over_at: float | None = None

    def restart(self) -> None:
        """Begin to wait again: the engine was used."""
        self._over_at = self.clock() + QUIET_SECONDS
        self._timer.wake_after(QUIET_SECONDS)

    @property
    def is_over(self) -> bool:
        """Whether it has been quiet for long enough, on mains; on battery it waits once more."""
        if self._over_at is None or self.clock() < self._over_at:
            return False
        if self.on_battery():
            self.restart()
            return False
        return True

    def close(self) -> None:
        """End the timer."""
        self._timer.stop()
