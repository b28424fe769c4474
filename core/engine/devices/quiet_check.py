"""Quiet check: whether other programs take the processor while something is timed."""

import time
from collections.abc import Callable

from core.base.clock import Clock
from core.engine.devices.fitting_threads import busy_seconds

MOST_OTHERS = 0.25
"""Cores that other programs may use meanwhile: they slow down many threads more than few."""


class QuietCheck:
    """What other programs have computed since it was created. One thread uses it."""

    def __init__(
        self,
        clock: Clock = time.perf_counter,
        own: Clock = time.process_time,
        busy: Callable[[], float] | None = None,
    ) -> None:
        """`own` returns the seconds that this process computed, `busy` those of all cores."""
        self._clock, self._own, self._busy = clock, own, busy or busy_seconds
        self._first = (clock(), own(), self._busy())

    def is_quiet(self) -> bool:
        """Whether they have hardly computed so far; not where the system doesn't tell."""
        at, own, busy = self._first
        others = (self._busy() - busy) - (self._own() - own)
        return others <= MOST_OTHERS * max(self._clock() - at, 1e-6)
