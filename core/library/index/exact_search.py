"""Exact vector search over library.db: all vectors, the newest, or a given subset.

Where vectors are very many, all are compared by fewer numbers first, and the best of those whole.
"""

from collections.abc import Iterable, Iterator
from typing import Any, cast

import apsw
import numpy as np
import numpy.typing as npt

from core.library.embedding.vector_types import Ids, Vectors
from core.library.index.reduced_vectors import REDUCED_FROM, ReducedVectors

MAX_CACHED_VECTORS = 100_000
"""Vectors of a subset that stay in memory: 150 MB at 384 numbers each."""
_BLOCK = 20_000
_AT_ONCE = 500
_NO_VECTORS: tuple[Ids, Vectors] = (np.empty(0, np.int64), np.empty((0, 0), np.float32))


class ExactSearch:
    """All vectors, or the newest, in memory; updated from library.db at each search.

    They are float32; from `reduced_from` of them on, float16 and a reduced copy: three quarters of
    the room.
    """

    def __init__(self, connection: apsw.Connection, *, reduced_from: int = REDUCED_FROM) -> None:
        self._connection = connection
        self._reduced_from = reduced_from
        self._reduced: ReducedVectors | None = None
        self._state: tuple[int, int] | None = None  # count of changes, and `above`, as last read
        self._ids: Ids = np.empty(0, np.int64)
        self._vectors: npt.NDArray[np.floating[Any]] = np.empty((0, 0), np.float32)

    def nearest_cosines(
        self, query: Vectors, count: int, *, allowed: Ids | None = None, above: int = 0
    ) -> dict[int, float]:
        """Return the ids of the `count` nearest vectors with their cosines, best first.

        Only those of `allowed` if that is given, and only ids above `above` (the newest ones).
        """
        self._refresh(above)
        ids, rows = self._ids, self._vectors
        chosen = None if allowed is None else np.isin(ids, allowed, assume_unique=True)
        if self._reduced is not None:
            among = None if chosen is None else np.flatnonzero(chosen)
            some = np.sort(self._reduced.promising_rows(query, count, among))
            ids, rows = ids[some], rows[some].astype(np.float32)
        elif chosen is not None:
            ids, rows = ids[chosen], rows[chosen]
        if not len(ids):
            return {}
        scores = np.asarray(rows @ query, np.float32)
        best = _highest(scores, count)
        return dict(zip(ids[best].tolist(), scores[best].tolist(), strict=True))

    def _refresh(self, above: int) -> None:
        """Read what was added, drop what was removed; ids only grow, so both are quick to find."""
        # One connection writes, so its count of changes shows whether there is anything new.
        now = (self._connection.total_changes(), above)
        if now == self._state:
            return
        self._state = now
        found = self._connection.execute("SELECT id FROM vector WHERE id > ? ORDER BY id", (above,))
        ids = np.array([row[0] for row in found], np.int64)
        if np.array_equal(ids, self._ids):
            return
        keep = np.isin(self._ids, ids, assume_unique=True)
        self._ids, self._vectors = self._ids[keep], self._vectors[keep]
        if self._reduced is not None:
            self._reduced.keep_rows(keep)
        newest = int(self._ids[-1]) if len(self._ids) else above
        # If the index is dropped, `above` falls: then all are read again.
        if len(self._ids) and len(ids) and ids[0] < self._ids[0]:
            self._ids, self._vectors, newest = self._ids[:0], self._vectors[:0], above
            self._reduced = None
        rows = self._connection.execute(
            "SELECT data FROM vector WHERE id > ? ORDER BY id", (newest,)
        ).fetchall()
        if rows:
            added = np.frombuffer(b"".join(cast("bytes", row[0]) for row in rows), "<f2")
            self._append(added.reshape(len(rows), -1))
        self._ids = ids
        self._reduce_many()

    def _append(self, added: npt.NDArray[np.float16]) -> None:
        if self._reduced is not None:
            self._reduced.add_rows(added)
        rows = added if self._reduced is not None else added.astype(np.float32)
        self._vectors = np.concatenate([self._vectors, rows]) if len(self._vectors) else rows

    def _reduce_many(self) -> None:
        """Reduce the vectors if they are many, anew when they have doubled; or no more."""
        count, reduced = len(self._ids), self._reduced
        if count < self._reduced_from:
            if reduced is not None:
                self._reduced, self._vectors = None, self._vectors.astype(np.float32)
        elif reduced is None or count >= 2 * reduced.fitted_count:
            self._vectors = self._vectors.astype(np.float16)
            self._reduced = ReducedVectors(self._vectors)


class SubsetSearch:
    """Exact search among given vectors only, for libraries too large to read them all."""

    def __init__(self, connection: apsw.Connection) -> None:
        self._connection = connection
        self._cached_ids: Ids = np.empty(0, np.int64)
        self._cached = _NO_VECTORS

    def nearest_cosines(self, query: Vectors, count: int, ids: Ids) -> dict[int, float]:
        """Return the `count` nearest of these vectors with their cosines, best first.

        Up to MAX_CACHED_VECTORS stay in memory for the next question with the same ids; more are
        read a block at a time, for each question.
        """
        best: dict[int, float] = {}
        for block, rows in self._blocks(ids):
            if not len(block):
                continue
            scores = rows @ query
            highest = _highest(scores, count)
            best.update(zip(block[highest].tolist(), scores[highest].tolist(), strict=True))
        return dict(sorted(best.items(), key=lambda item: -item[1])[:count])

    def _blocks(self, ids: Ids) -> Iterator[tuple[Ids, Vectors]]:
        if len(ids) > MAX_CACHED_VECTORS:
            yield from map(self._read, np.array_split(ids, -(-len(ids) // _BLOCK)))
            return
        if not np.array_equal(ids, self._cached_ids):
            self._cached_ids, self._cached = ids, self._read(ids)
        yield self._cached

    def _read(self, ids: Ids) -> tuple[Ids, Vectors]:
        """Return those that still exist, by ascending id."""
        found: list[tuple[int, bytes]] = []
        for start in range(0, len(ids), _AT_ONCE):
            some = ids[start : start + _AT_ONCE].tolist()
            marks = ",".join("?" * len(some))
            rows = self._connection.execute(
                f"SELECT id, data FROM vector WHERE id IN ({marks}) ORDER BY id",  # noqa: S608 - marks only
                some,
            )
            found += [(cast("int", id_), cast("bytes", data)) for id_, data in rows]
        if not found:
            return _NO_VECTORS
        vectors = np.frombuffer(b"".join(data for _id, data in found), "<f2")
        ids = np.array([id_ for id_, _data in found], np.int64)
        return ids, vectors.reshape(len(found), -1).astype(np.float32)


def _highest(scores: Vectors, count: int) -> Ids:
    """Return the indices of the `count` highest scores, best first; equal ones in their order."""
    if len(scores) <= count:
        return np.argsort(-scores, kind="stable")
    # Sorting all of 100,000 took longer than computing them.
    best = np.sort(np.argpartition(-scores, count)[:count])
    return np.asarray(best[np.argsort(-scores[best], kind="stable")], np.int64)


def exact_cosines(
    connection: apsw.Connection, ids: Iterable[int], query: Vectors
) -> dict[int, float]:
    """Return the cosine of each vector that still exists, best first."""
    found: dict[int, float] = {}
    for id_ in ids:
        row = connection.execute("SELECT data FROM vector WHERE id = ?", (id_,)).fetchone()
        if row:
            found[id_] = float(
                np.frombuffer(cast("bytes", row[0]), "<f2").astype(np.float32) @ query
            )
    return dict(sorted(found.items(), key=lambda item: -item[1]))
