"""Time estimate of a sync: seconds left, from the tokens embedded so far."""

import time
from collections import Counter
from collections.abc import Callable, Iterable

from core.library.filesystem.folder_scanner import ScannedEntry

_LEAST_SECONDS = 3.0
"""Before that there is no estimate: the first files tell little."""
_PAUSE_SECONDS = 1.0
"""Longer gaps between two steps are the engine's, or a sleeping computer's."""


class SyncTimeEstimate:
    """Tokens left, estimated by file type from the files read so far, over tokens a second."""

    def __init__(
        self, waiting: Iterable[ScannedEntry], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._clock = clock
        self._last_step = clock()
        self._active_seconds = 0.0
        self._embedded_tokens = 0
        self._bytes_left: Counter[str] = Counter()
        self._bytes_read: Counter[str] = Counter()
        self._tokens_read: Counter[str] = Counter()
        for found in waiting:
            self._bytes_left[_file_type(found)] += found.size

    def count_elapsed_time(self) -> None:
        """Count the time since the last step, unless it was spent waiting for others."""
        now = self._clock()
        gap, self._last_step = now - self._last_step, now
        self._active_seconds += gap if gap < _PAUSE_SECONDS else 0.0

    def count_embedded_tokens(self, tokens: int) -> None:
        """Count tokens that were embedded."""
        self._embedded_tokens += tokens

    def count_finished_file(self, found: ScannedEntry, tokens: int) -> None:
        """Count a file and its tokens, which are none if it was skipped or its text was known."""
        file_type = _file_type(found)
        self._bytes_left[file_type] -= found.size
        self._bytes_read[file_type] += found.size
        self._tokens_read[file_type] += tokens

    def seconds_left(self) -> float | None:
        """Return how long the rest takes at the speed so far; None if there is none yet."""
        if (
            self._active_seconds < _LEAST_SECONDS
            or not self._embedded_tokens
            or not self._tokens_read.total()
        ):
            return None
        begun = (
            self._embedded_tokens - self._tokens_read.total()
        )  # of files that are not finished yet
        left = sum(
            max(0, size) * self._density(file_type) for file_type, size in self._bytes_left.items()
        )
        return max(0.0, left - max(0, begun)) * self._active_seconds / self._embedded_tokens

    def _density(self, file_type: str) -> float:
        """Return the tokens of a byte: of files of this file_type, else of all that were read."""
        if self._bytes_read[file_type]:
            return self._tokens_read[file_type] / self._bytes_read[file_type]
        return self._tokens_read.total() / max(1, self._bytes_read.total())


def _file_type(found: ScannedEntry) -> str:
    name = found.relative.rpartition("/")[2]
    return name.rpartition(".")[2].lower() if "." in name else ""
