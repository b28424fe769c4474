"""Background pace: rests between steps of reading while a model answers."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from core.base.clock import Clock

REST_FACTOR = 8.0
"""Seconds of rest for each second of processor time: a ninth of it is left to reading, so that an
answer keeps .8 of its speed on the only core, with the readers in their own processes beside it."""
LONGEST_REST_SECONDS = 8.0
"""After a step that took very long, as one does on a computer that swaps."""


class BackgroundPace:
    """Says when the next step of background work may begin; one thread.

    Not throttled, that is at once. Throttled, a step is followed by a rest that is proportional to
    the processor time it took, since the engine's threads wait for the slowest of them. What a step
    itself waited for the processor, which the engine had meanwhile, counts as rest.
    """

    def __init__(
        self,
        clock: Clock = time.monotonic,
        processor_clock: Clock = time.process_time,
    ) -> None:
        self._clock = clock
        self._processor_clock = processor_clock
        self._rested_at = 0.0
        self.is_throttled = False
        """Whether a model answers."""

    @property
    def seconds_to_rest(self) -> float:
        """Seconds until the next step may begin, 0 for now."""
        return max(0.0, self._rested_at - self._clock()) if self.is_throttled else 0.0

    def end_rest(self) -> None:
        """Let the next step begin at once: it is short, and somebody waits for what it does."""
        self._rested_at = 0.0

    @contextmanager
    def timed_step(self) -> Iterator[None]:
        """Measure the step that is done inside; the rest begins at its end."""
        started, worked = self._clock(), self._processor_clock()
        try:
            yield
        finally:
            ended = self._clock()
            passed = ended - started
            work = min(passed, self._processor_clock() - worked)  # of several threads that of one
            rest = work * REST_FACTOR - (passed - work)
            self._rested_at = ended + max(0.0, min(LONGEST_REST_SECONDS, rest))
