"""Working time: how long the rest of a task takes, by what its documents took so far."""

from core.base.clock import Clock
from core.base.time_left import SteadyTimeLeft


class WorkingTime:
    """Counts the time in which the model worked; what was known before takes none.

    Half of a document's time is taken for reading its words, half for writing about it. Nothing is
    said before the first document was measured: a guess would be wrong by a factor.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._total_documents = self._total_words = 0
        self._documents = self._words = 0
        self._measured_documents = self._measured_words = 0
        self._began = 0.0
        self._spent = self._spent_before = 0.0
        self._steady = SteadyTimeLeft(clock)

    def expect_documents(self, documents: int, words: int) -> None:
        """Expect so many documents with so many words."""
        self._total_documents, self._total_words = documents, words

    def start_part(self) -> None:
        """The model begins with a part."""
        self._began = self._clock()

    def end_part(self) -> None:
        """The model has ended it."""
        self._spent += self._clock() - self._began

    def seconds_left(self, documents: int, words: int) -> float | None:
        """Return about how long the rest takes when so much is done; None: unknown yet."""
        if self._spent > self._spent_before:
            self._spent_before = self._spent
            self._measured_documents += documents - self._documents
            self._measured_words += words - self._words
        self._documents, self._words = documents, words
        if not self._measured_documents:
            return None
        left = (self._total_documents - documents) / self._measured_documents
        words_left = (self._total_words - words) / max(1, self._measured_words)
        return self._steady.follow_estimate(self._spent * (left + words_left) / 2)
