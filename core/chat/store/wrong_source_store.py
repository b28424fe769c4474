"""Wrong source store: which sources of answers a person marked as wrong."""

import apsw

from core.base.clock import WallClock
from core.base.database import Migration, transaction

MIGRATIONS: tuple[Migration, ...] = (
    (
        "2026-11-wrong-sources",
        """
        CREATE TABLE wrong_sources (
            turn_id TEXT NOT NULL REFERENCES turns ON DELETE CASCADE,
            n INTEGER NOT NULL,
            marked REAL NOT NULL,
            PRIMARY KEY (turn_id, n)
        ) STRICT, WITHOUT ROWID;
        """,
    ),
)


class WrongSourceStore:
    """Part of `ChatDatabase`; marks are deleted with their chat."""

    def __init__(self, db: apsw.Connection, clock: WallClock) -> None:
        self._db = db
        self._clock = clock

    def wrong_source_numbers(self, turn_id: str) -> frozenset[int]:
        """Return the numbers of an answer's sources that are marked as wrong."""
        rows = self._db.execute("SELECT n FROM wrong_sources WHERE turn_id = ?", (turn_id,))
        return frozenset(int(row[0]) for row in rows)

    def mark_source(self, turn_id: str, n: int, *, wrong: bool) -> bool:
        """Mark or unmark source `n` as wrong; False if the answer is not on disk.

        Raises StorageError.
        """
        with transaction(self._db):
            if not wrong:
                self._db.execute(
                    "DELETE FROM wrong_sources WHERE turn_id = ? AND n = ?", (turn_id, n)
                )
                return True
            self._db.execute(
                "INSERT OR REPLACE INTO wrong_sources SELECT turn_id, ?, ? FROM turns"
                " WHERE turn_id = ?",
                (n, self._clock(), turn_id),
            )
            return self._db.changes() > 0
