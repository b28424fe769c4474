"""Time estimate of a sync: seconds left, from the tokens embedded so far."""

import time
from collections import Counter
from collections.abc import Callable, Iterable

from core.library.filesystem.folder_scanner import ScannedEntry

_LEAST_SECONDS = 3.0
"""Before that nothing is said: the first files say little."""
_PAUSE_SECONDS = 1.0
"""Longer gaps between two steps are the engine's, or a sleeping computer's."""


class SyncTimeEstimate:
    """Tokens left by the kinds of the files that wait, over tokens embedded a second."""

    def __init__(
        self, waiting: Iterable[ScannedEntry], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._clock = clock
        self._last = clock()
        self._active = 0.0
        self._embedded = 0
        self._left: Counter[str] = Counter()
        self._bytes: Counter[str] = Counter()
        self._tokens: Counter[str] = Counter()
        for found in waiting:
            self._left[_kind(found)] += found.size

    def count_elapsed_time(self) -> None:
        """Count the time since the last step, unless it was spent waiting for others."""
        now = self._clock()
        gap, self._last = now - self._last, now
        self._active += gap if gap < _PAUSE_SECONDS else 0.0

    def count_embedded_tokens(self, tokens: int) -> None:
        """Count tokens that were embedded."""
        self._embedded += tokens

    def count_finished_file(self, found: ScannedEntry, tokens: int) -> None:
        """Count a file and its tokens, which are none if it was skipped or its text was known."""
        kind = _kind(found)
        self._left[kind] -= found.size
        self._bytes[kind] += found.size
        self._tokens[kind] += tokens

    def seconds_left(self) -> float | None:
        """Return how long the rest takes at the speed so far; None if there is none yet."""
        if self._active < _LEAST_SECONDS or not self._embedded or not self._tokens.total():
            return None
        begun = self._embedded - self._tokens.total()  # of files that are not finished yet
        left = sum(max(0, size) * self._density(kind) for kind, size in self._left.items())
        return max(0.0, left - max(0, begun)) * self._active / self._embedded

    def _density(self, kind: str) -> float:
        """Return the tokens of a byte: of files of this kind, else of all that were read."""
        if self._bytes[kind]:
            return self._tokens[kind] / self._bytes[kind]
        return self._tokens.total() / max(1, self._bytes.total())


def _kind(found: ScannedEntry) -> str:
    name = found.relative.rpartition("/")[2]
    return name.rpartition(".")[2].lower() if "." in name else ""
