"""Exact vector search over library.db: all vectors, the newest, or a given subset."""

from collections.abc import Iterable, Iterator
from typing import cast

import apsw
import numpy as np

from core.library.embedding.vector_types import Ids, Vectors

MAX_CACHED_VECTORS = 100_000
"""Vectors of a scope that stay in memory: 150 MB of 384 numbers each."""
_BLOCK = 20_000
_AT_ONCE = 500
_NOTHING: tuple[Ids, Vectors] = (np.empty(0, np.int64), np.empty((0, 0), np.float32))


class ExactSearch:
    """Vectors as float32 (1.5 KB each), brought up to date before each search."""

    def __init__(self, connection: apsw.Connection) -> None:
        self._connection = connection
        self._seen: tuple[int, int] | None = None  # changes made so far, and `above`
        self._ids: Ids = np.empty(0, np.int64)
        self._rows: Vectors = np.empty((0, 0), np.float32)

    def nearest_cosines(
        self, query: Vectors, count: int, *, allowed: Ids | None = None, above: int = 0
    ) -> dict[int, float]:
        """Return the `count` nearest vectors and their cosines, best first.

        `allowed` narrows the search to these ids, `above` to those the index doesn't hold yet.
        """
        self._refresh(above)
        ids, rows = self._ids, self._rows
        if allowed is not None:
            chosen = np.isin(ids, allowed, assume_unique=True)
            ids, rows = ids[chosen], rows[chosen]
        if not len(ids):
            return {}
        scores = rows @ query
        best = _highest(scores, count)
        return dict(zip(ids[best].tolist(), scores[best].tolist(), strict=True))

    def _refresh(self, above: int) -> None:
        """Take over what was added or removed since; ids only grow, so both are cheap to see."""
        # One connection writes, so its own count of changes tells whether there is anything new.
        now = (self._connection.total_changes(), above)
        if now == self._seen:
            return
        self._seen = now
        found = self._connection.execute("SELECT id FROM vector WHERE id > ? ORDER BY id", (above,))
        ids = np.array([row[0] for row in found], np.int64)
        if np.array_equal(ids, self._ids):
            return
        keep = np.isin(self._ids, ids, assume_unique=True)
        self._ids, self._rows = self._ids[keep], self._rows[keep]
        newest = int(self._ids[-1]) if len(self._ids) else above
        # An index that is given up lowers `above`: what lies below what is held is read again.
        if len(self._ids) and len(ids) and ids[0] < self._ids[0]:
            self._ids, self._rows, newest = self._ids[:0], self._rows[:0], above
        rows = self._connection.execute(
            "SELECT data FROM vector WHERE id > ? ORDER BY id", (newest,)
        ).fetchall()
        if rows:
            added = np.frombuffer(b"".join(cast("bytes", row[0]) for row in rows), "<f2")
            added = added.reshape(len(rows), -1).astype(np.float32)
            self._rows = np.concatenate([self._rows, added]) if len(self._rows) else added
        self._ids = ids


class SubsetSearch:
    """Exact search among given vectors only, where reading all of a large library would not do."""

    def __init__(self, connection: apsw.Connection) -> None:
        self._connection = connection
        self._asked: Ids = np.empty(0, np.int64)
        self._kept = _NOTHING

    def nearest_cosines(self, query: Vectors, count: int, ids: Ids) -> dict[int, float]:
        """Return the `count` nearest of these vectors and their cosines, best first.

        They stay in memory for the next question when they are at most KEPT; more are read a block
        at a time, each time.
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
        if not np.array_equal(ids, self._asked):
            self._asked, self._kept = ids, self._read(ids)
        yield self._kept

    def _read(self, ids: Ids) -> tuple[Ids, Vectors]:
        """Return those that still exist, in the order of their ids."""
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
            return _NOTHING
        vectors = np.frombuffer(b"".join(data for _id, data in found), "<f2")
        ids = np.array([id_ for id_, _data in found], np.int64)
        return ids, vectors.reshape(len(found), -1).astype(np.float32)


def _highest(scores: Vectors, count: int) -> Ids:
    """Return where the `count` highest scores stand, best first; equal ones in their order."""
    if len(scores) <= count:
        return np.argsort(-scores, kind="stable")
    # Sorting all of 100,000 took longer than computing them.
    best = np.sort(np.argpartition(-scores, count)[:count])
    return np.asarray(best[np.argsort(-scores[best], kind="stable")], np.int64)


def exact_cosines(
    connection: apsw.Connection, ids: Iterable[int], query: Vectors
) -> dict[int, float]:
    """Return the exact cosine of each id that still exists, best first."""
    found: dict[int, float] = {}
    for id_ in ids:
        row = connection.execute("SELECT data FROM vector WHERE id = ?", (id_,)).fetchone()
        if row:
            found[id_] = float(
                np.frombuffer(cast("bytes", row[0]), "<f2").astype(np.float32) @ query
            )
    return dict(sorted(found.items(), key=lambda item: -item[1]))
