"""Chunk ranges: the missing parts of files, shared out among connections."""

import threading
from collections.abc import Sequence
from typing import NamedTuple

from core.courier.downloads.part_file import PartFile

CHUNKS_PER_RANGE = 16
"""Chunks in one request: enough that its cost is small, few enough to share among connections."""


class ChunkRange(NamedTuple):
    """Chunks `first` up to `end`, which is excluded, of one file."""

    part: PartFile
    first: int
    end: int


class ChunkRangeQueue:
    """The missing chunks that no connection downloads yet. Any thread may use it."""

    def __init__(self, parts: Sequence[PartFile]) -> None:
        self._parts = parts
        self._changed = threading.Condition()  # guards all below
        self._taken: dict[int, set[int]] = {id(part): set() for part in parts}
        self._whole_only: set[int] = set()
        self._low: dict[int, int] = {
            id(part): 0 for part in parts
        }  # no chunk before this one is free
        self._closed = False

    def take_range(self) -> ChunkRange | None:
        """Return the next range, the first chunks first; None after `close`.

        Waits while other connections download all missing chunks: one may fail and return its own.
        """
        with self._changed:
            while not self._closed:
                found = next(filter(None, map(self._next_range, self._parts)), None)
                if found is not None:
                    self._taken[id(found.part)] |= set(range(found.first, found.end))
                    return found
                self._changed.wait(0.5)
                # A chunk may also be found damaged when it is read back.
                self._low = dict.fromkeys(self._low, 0)
        return None

    def return_range(self, chunks: ChunkRange) -> None:
        """End the work on a range: chunks of it that are not there are missing again."""
        with self._changed:
            self._taken[id(chunks.part)] -= set(range(chunks.first, chunks.end))
            self._low[id(chunks.part)] = min(chunks.first, self._low[id(chunks.part)])
            self._changed.notify_all()

    def require_whole_file(self, part: PartFile) -> None:
        """Give this file to one connection as a whole: its server sends no ranges."""
        with self._changed:
            self._whole_only.add(id(part))

    def needs_whole_file(self, part: PartFile) -> bool:
        """Whether each connection has to start this file from the beginning."""
        with self._changed:
            return id(part) in self._whole_only

    def close(self) -> None:
        """End: no range is given out any more."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def _next_range(self, part: PartFile) -> ChunkRange | None:
        taken = self._taken[id(part)]
        low = range(self._low[id(part)], part.chunk_count)
        first = next((each for each in low if each not in taken and not part.has_chunk(each)), None)
        self._low[id(part)] = part.chunk_count if first is None else first
        if first is None:
            return None
        if id(part) in self._whole_only:
            return ChunkRange(part, 0, part.chunk_count) if not taken else None
        end = first + 1
        most = min(first + CHUNKS_PER_RANGE, part.chunk_count)
        while end < most and end not in taken and not part.has_chunk(end):
            end += 1
        return ChunkRange(part, first, end)
