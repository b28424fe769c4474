"""Working time: how long the rest of a task takes, by what its parts took so far."""

from collections.abc import Callable

TOKENS_PER_WORD = 1.5
WRITING_FACTOR = 2.0
"""Time of a part by that of its reading, before one was measured."""


class WorkingTime:
    """Counts the time in which the model worked; what was known before takes none."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._words = 0
        self._expected = 0.0
        self._began = 0.0
        self._spent = 0.0
        self._parts = 0

    def expect_words(self, words: int, tokens_per_second: float) -> None:
        """Expect so many words, and that they are read at this speed."""
        self._words = words
        tokens = words * TOKENS_PER_WORD
        self._expected = WRITING_FACTOR * tokens / max(tokens_per_second, 1.0)

    def start_part(self) -> None:
        """The model begins with a part."""
        self._began = self._clock()

    def end_part(self) -> None:
        """The model has ended it."""
        self._spent += self._clock() - self._began
        self._parts += 1

    def seconds_left(self, words: int) -> float | None:
        """Return about how long the rest takes when so many words are done; None: unknown."""
        if not self._words:
            return None
        left = max(0, self._words - words) / self._words
        if not words or not self._parts:
            return self._expected * left
        return self._spent / words * (self._words - words)
