"""Background pace: rests between steps of reading while a model answers."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

REST_FACTOR = 6.0
"""Seconds of rest for each second of work. Measured with a model of 135M parameters and its reader
on one core and on two: answers keep .86 and more of their speed."""
LONGEST_REST_SECONDS = 8.0
"""After a step that took very long, as one does on a computer that swaps."""


class BackgroundPace:
    """Says when the next step of background work may begin; one thread.

    Not throttled, that is at once. Throttled, a step is followed by a rest that is proportional to
    it, since the engine's threads wait for the slowest of them.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
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
        started = self._clock()
        try:
            yield
        finally:
            ended = self._clock()
            rest = min(LONGEST_REST_SECONDS, (ended - started) * REST_FACTOR)
            self._rested_at = ended + rest
