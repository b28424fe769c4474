"""Text erasure: what removed texts left in both libraries goes once no reader holds the log."""

import time
from collections.abc import Iterator

from core.base.clock import Clock
from core.library.maintenance.reembedding import Reembedding
from core.library.store.library_records import LibraryRecords

RETRY_SECONDS = 1.0
"""Pause before another try: SQLite tells nobody when the last reader of a log has ended."""


class TextErasure:
    """Erases in steps; where a reader holds a log, another try is due after a pause."""

    def __init__(
        self,
        records: LibraryRecords,
        reembedding: Reembedding,
        clock: Clock = time.monotonic,
    ) -> None:
        self._records = records
        self._reembedding = reembedding
        self._clock = clock
        self._retry_at: float | None = None

    @property
    def seconds_until_retry(self) -> float | None:
        """Seconds until another try is due, None if nothing is left to erase."""
        return None if self._retry_at is None else max(0.0, self._retry_at - self._clock())

    def erase_removed_texts(self) -> Iterator[bool]:
        """Erase what was removed since the last time from this library and from the next one."""
        if self._records.has_removed_texts:
            yield from self._reembedding.erase_removed_texts()
            yield from self._records.erase_removed_texts()
        self._plan_retry()

    def try_again(self) -> Iterator[bool]:
        """Erase what a reader kept from being erased; none is planned after an error."""
        self._retry_at = None
        yield from self._reembedding.go_on_erasing()
        yield from self._records.erase_removed_texts()
        self._plan_retry()

    def _plan_retry(self) -> None:
        is_left = self._records.has_removed_texts or self._reembedding.has_removed_texts
        self._retry_at = self._clock() + RETRY_SECONDS if is_left else None
