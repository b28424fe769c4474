"""How long a model has been used by nobody, and when that is too long."""

from collections.abc import Callable

from core import settings as declared
from core.app.alarm import Alarm
from core.settings import Settings

MINUTE = 60.0


class Idle:
    """Counts from `begin` to `end`; the alarm wakes the thread that asks when the time is over."""

    def __init__(self, settings: Settings, alarm: Alarm, clock: Callable[[], float]) -> None:
        self._settings = settings
        self._alarm = alarm
        self.clock = clock
        self._over_at: float | None = None

    def begin(self) -> None:
        """Nobody uses the model any more; a second call counts anew."""
        minutes = float(self._settings.get(declared.IDLE_UNLOAD))
        if minutes:
            self._over_at = self.clock() + minutes * MINUTE
            self._alarm.set(minutes * MINUTE)

    def end(self) -> None:
        """Somebody uses it, or it is gone."""
        self._over_at = None

    @property
    def is_over(self) -> bool:
        """Whether it has been idle for as long as is set."""
        return self._over_at is not None and self.clock() >= self._over_at

    def close(self) -> None:
        """Wake nobody any more."""
        self._alarm.stop()
