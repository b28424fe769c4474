"""Fitting threads: fewer of llama.cpp's threads while other programs take their cores.

The threads of a batch wait for each other hundreds of times, and they spin meanwhile: as soon as
one of them has no core, all stand still. On two busy cores one thread writes many times as fast
as two.
"""

import math
import time
from collections.abc import Callable

import psutil

from core.base.clock import Clock

WINDOW_SECONDS = 0.2
"""Time in batches after which the number is judged anew."""
STARVED_SHARE = 0.9
"""Threads that spin run all the time; those that ran for less than this share lacked cores."""
LEAST_OTHERS = 0.5
"""Cores that other programs take at least, where they are the reason for that."""
SPARE_SHARE = 0.75
"""A thread more is taken when this much of a core is free for it."""
IDLE_SECONDS = 1.0
MAX_PATIENCE_SECONDS = 30.0


def busy_seconds() -> float:
    """Return the seconds that all cores have computed; infinite where the system doesn't tell."""
    try:
        times = psutil.cpu_times()
    except (OSError, psutil.Error):
        return math.inf
    free = times.idle + getattr(times, "iowait", 0.0)
    counted_twice = getattr(times, "guest", 0.0) + getattr(times, "guest_nice", 0.0)
    return float(sum(times) - free - counted_twice)


class FittingThreads:
    """How many threads the next batch is computed with: `count`, never above `most`.

    It follows what was measured around the batches before. Unless threads lacked cores which other
    programs took, all are used; one that is taken back too early waits longer the next time.
    """

    def __init__(
        self,
        most: int,
        *,
        cores: int = 0,
        clock: Clock = time.perf_counter,
        own: Clock = time.process_time,
        busy: Callable[[], float] = busy_seconds,
    ) -> None:
        """`own` returns the seconds that this process computed, `busy` those of all cores."""
        self.most = self.count = most
        self._cores = cores or psutil.cpu_count() or most
        self._clock, self._own, self._busy = clock, own, busy
        self._ended = clock()
        self._raised_at = self._dropped_at = -math.inf
        self._patience = WINDOW_SECONDS
        self._start_window()

    def begin_batch(self) -> int:
        """Return the number of threads for the batch that begins now."""
        now = self._clock()
        if now - self._ended > IDLE_SECONDS:
            if self.count < self.most:
                self._take_more(self._free_cores(now), now)
            self._start_window()
        self._began, self._began_own = now, self._own()
        return self.count

    def end_batch(self) -> None:
        """Count the batch that has ended now."""
        self._ended = now = self._clock()
        self._computed += now - self._began
        self._ran += self._own() - self._began_own
        if self._computed < WINDOW_SECONDS:
            return
        free = self._free_cores(now)
        if math.isfinite(free):
            starved = self._ran < STARVED_SHARE * self.count * self._computed
            if not starved:
                self._take_more(free, now)
            elif free <= self._cores - LEAST_OTHERS:
                self._take_fewer(free, now)
        self._start_window()

    def _start_window(self) -> None:
        self._computed = self._ran = 0.0
        self._first = (self._clock(), self._own(), self._busy())

    def _free_cores(self, now: float) -> float:
        """Return the cores that others left since the window began; not finite if not known."""
        at, own, busy = self._first
        others = (self._busy() - busy) - (self._own() - own)
        return self._cores - others / max(now - at, 1e-6)

    def _take_fewer(self, free: float, now: float) -> None:
        if self.count == 1:
            return
        is_early = now - self._raised_at < self._patience + 2 * WINDOW_SECONDS
        self._patience = (
            min(2 * self._patience, MAX_PATIENCE_SECONDS) if is_early else WINDOW_SECONDS
        )
        self.count = max(1, min(self.count - 1, round(free)))
        self._dropped_at = now

    def _take_more(self, free: float, now: float) -> None:
        if not math.isfinite(free) or now - self._dropped_at < self._patience:
            return
        fitting = min(self.most, math.floor(free + 1 - SPARE_SHARE))
        if fitting > self.count:
            self.count = fitting
            self._raised_at = now
