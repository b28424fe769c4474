"""Time left of a task: estimates made steady, and said rounded to minutes or hours."""

import math
import time

from core.base.clock import Clock
from core.base.i18n import _, ngettext

_MINUTE = 60
_HOUR = 60 * _MINUTE
_SMOOTHING_SECONDS = 12.0
"""In this time two thirds of the way to a new estimate are made."""


def format_time_left(seconds: float | None) -> str:
    """Return such as “about 3 minutes left”, "" for None."""
    if seconds is None:
        return ""
    if seconds < 50:
        return _("less than a minute left")
    if seconds < 90 * _MINUTE:
        minutes = max(1, round(seconds / _MINUTE))
        words = ngettext("about {count} minute left", "about {count} minutes left", minutes)
        return words.format(count=minutes)
    hours = round(seconds / _HOUR)
    words = ngettext("about {count} hour left", "about {count} hours left", hours)
    return words.format(count=hours)


class SteadyTimeLeft:
    """The time left as it is said: it counts down, and follows new estimates slowly.

    It never grows by more than the time that passed, so that nobody sees it jump backwards.
    """

    def __init__(self, clock: Clock = time.monotonic) -> None:
        self._clock = clock
        self._said: float | None = None
        self._said_at = 0.0

    def follow_estimate(self, estimate: float | None) -> float | None:
        """Return the seconds to be said for a new estimate, None while there is none."""
        now = self._clock()
        passed, self._said_at = now - self._said_at, now
        if estimate is None or self._said is None:
            self._said = estimate
            return estimate
        counted = max(0.0, self._said - passed)
        step = (estimate - counted) * (1 - math.exp(-passed / _SMOOTHING_SECONDS))
        self._said = counted + min(step, 2 * passed)
        return self._said
