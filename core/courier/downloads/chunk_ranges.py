"""Chunk ranges: the missing parts of files, shared out among connections."""

import threading
from collections.abc import Sequence
from typing import NamedTuple

from core.courier.downloads.part_file import PartFile

CHUNKS_PER_RANGE = 16
"""Chunks asked for at once: long enough that asking costs nothing, short enough to share out."""


class ChunkRange(NamedTuple):
    """Chunks `first` up to `end`, which is excluded, of one file."""

    part: PartFile
    first: int
    end: int


class ChunkRangeQueue:
    """The chunks that nobody brings yet. Any thread may take and give back."""

    def __init__(self, parts: Sequence[PartFile]) -> None:
        self._parts = parts
        self._changed = threading.Condition()  # guards all below
        self._taken: dict[int, set[int]] = {id(part): set() for part in parts}
        self._whole_only: set[int] = set()
        self._low: dict[int, int] = {id(part): 0 for part in parts}  # before it, nothing is free
        self._closed = False

    def take_range(self) -> ChunkRange | None:
        """Return the next run, the first chunks first; None when it is all over.

        While others bring all that is missing, this waits: what they fail to bring comes back.
        """
        with self._changed:
            while not self._closed:
                run = next(filter(None, map(self._next, self._parts)), None)
                if run is not None:
                    self._taken[id(run.part)] |= set(range(run.first, run.end))
                    return run
                self._changed.wait(0.5)
                # A chunk may also be found damaged when it is read back.
                self._low = dict.fromkeys(self._low, 0)
        return None

    def return_range(self, run: ChunkRange) -> None:
        """A connection is done with a run: what of it did not come is missing again."""
        with self._changed:
            self._taken[id(run.part)] -= set(range(run.first, run.end))
            self._low[id(run.part)] = min(run.first, self._low[id(run.part)])
            self._changed.notify_all()

    def require_whole_file(self, part: PartFile) -> None:
        """The server sends this file from its beginning only: one connection brings all of it."""
        with self._changed:
            self._whole_only.add(id(part))

    def needs_whole_file(self, part: PartFile) -> bool:
        """Return whether a file begins anew with each connection."""
        with self._changed:
            return id(part) in self._whole_only

    def close(self) -> None:
        """Nothing is to be brought any more."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def _next(self, part: PartFile) -> ChunkRange | None:
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
