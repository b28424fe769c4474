"""Exact search over the vectors of library.db, kept in memory while they are few."""

from collections.abc import Iterable

import apsw
import numpy as np
import numpy.typing as npt

from core.library.embedder import Vectors

Ids = npt.NDArray[np.int64]
_BLOCK = 8192
"""Rows widened to float32 at a time: 12 MB."""


class ExactVectors:
    """All vectors as float16, brought up to date before each search by what changed since."""

    def __init__(self, connection: apsw.Connection) -> None:
        self._connection = connection
        self._ids: Ids = np.empty(0, np.int64)
        self._rows: npt.NDArray[np.float16] = np.empty((0, 0), np.float16)

    def refresh(self) -> None:
        """Take over what was added or removed; ids only grow, so both are cheap to see."""
        ids = np.fromiter(
            (row[0] for row in self._connection.execute("SELECT id FROM vector ORDER BY id")),
            np.int64,
        )
        if np.array_equal(ids, self._ids):
            return
        keep = np.isin(self._ids, ids, assume_unique=True)
        self._ids, self._rows = self._ids[keep], self._rows[keep]
        newest = int(self._ids[-1]) if len(self._ids) else 0
        rows = self._connection.execute(
            "SELECT data FROM vector WHERE id > ? ORDER BY id", (newest,)
        ).fetchall()
        if rows:
            added = np.frombuffer(b"".join(row[0] for row in rows), "<f2").reshape(len(rows), -1)
            self._rows = np.concatenate([self._rows, added]) if len(self._rows) else added
        self._ids = ids

    def nearest(
        self, query: Vectors, count: int, allowed: Ids | None = None
    ) -> tuple[Ids, Vectors]:
        """Return the ids and cosines of the `count` nearest vectors, best first."""
        self.refresh()
        ids, rows = self._ids, self._rows
        if allowed is not None:
            chosen = np.isin(ids, allowed, assume_unique=True)
            ids, rows = ids[chosen], rows[chosen]
        if not len(ids):
            return ids, np.empty(0, np.float32)
        scores = np.concatenate(
            [
                rows[start : start + _BLOCK].astype(np.float32) @ query
                for start in range(0, len(rows), _BLOCK)
            ]
        )
        best = np.argsort(-scores, kind="stable")[:count]
        return ids[best], scores[best]


def load(connection: apsw.Connection, ids: Iterable[int]) -> dict[int, Vectors]:
    """Return the kept vectors of `ids` as float32."""
    found: dict[int, Vectors] = {}
    for id_ in ids:
        row = connection.execute("SELECT data FROM vector WHERE id = ?", (id_,)).fetchone()
        if row:
            found[id_] = np.frombuffer(row[0], "<f2").astype(np.float32)
    return found
