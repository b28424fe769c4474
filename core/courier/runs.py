"""What is still to be fetched, shared out among connections: runs of chunks that lie together."""

import threading
from collections.abc import Sequence
from typing import NamedTuple

from core.courier.part_file import PartFile

RUN = 16
"""Chunks asked for at once: long enough that asking costs nothing, short enough to share out."""


class Run(NamedTuple):
    """Chunks `first` up to `end`, which is excluded, of one file."""

    part: PartFile
    first: int
    end: int


class Runs:
    """The chunks that nobody brings yet. Any thread may take and give back."""

    def __init__(self, parts: Sequence[PartFile]) -> None:
        self._parts = parts
        self._changed = threading.Condition()  # guards all below
        self._taken: dict[int, set[int]] = {id(part): set() for part in parts}
        self._whole_only: set[int] = set()
        self._low: dict[int, int] = {id(part): 0 for part in parts}  # before it, nothing is free
        self._closed = False

    def take(self) -> Run | None:
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

    def give_back(self, run: Run) -> None:
        """A connection is done with a run: what of it did not come is missing again."""
        with self._changed:
            self._taken[id(run.part)] -= set(range(run.first, run.end))
            self._low[id(run.part)] = min(run.first, self._low[id(run.part)])
            self._changed.notify_all()

    def whole_only(self, part: PartFile) -> None:
        """The server sends this file from its beginning only: one connection brings all of it."""
        with self._changed:
            self._whole_only.add(id(part))

    def is_whole_only(self, part: PartFile) -> bool:
        """Return whether a file begins anew with each connection."""
        with self._changed:
            return id(part) in self._whole_only

    def close(self) -> None:
        """Nothing is to be brought any more."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def _next(self, part: PartFile) -> Run | None:
        taken = self._taken[id(part)]
        low = range(self._low[id(part)], part.chunks)
        first = next((each for each in low if each not in taken and not part.has(each)), None)
        self._low[id(part)] = part.chunks if first is None else first
        if first is None:
            return None
        if id(part) in self._whole_only:
            return Run(part, 0, part.chunks) if not taken else None
        end = first + 1
        most = min(first + RUN, part.chunks)
        while end < most and end not in taken and not part.has(end):
            end += 1
        return Run(part, first, end)
