"""Edit store: what is being written in place of a saved message, until it is saved or left."""

import apsw

from core.base.database import Migration, transaction

MIGRATIONS: tuple[Migration, ...] = (
    (
        "2026-12-unfinished-edits",
        """
        CREATE TABLE unfinished_edits (
            turn_id TEXT PRIMARY KEY REFERENCES turns ON DELETE CASCADE,
            text TEXT NOT NULL
        ) STRICT;
        """,
    ),
)


class EditStore:
    """Part of `ChatDatabase`. Nothing is kept of messages that are not on disk."""

    def __init__(self, db: apsw.Connection) -> None:
        self._db = db

    def get_edits(self, chat_id: str) -> dict[str, str]:
        """Return the unfinished edits of a chat, by the turns whose text they would replace."""
        rows = self._db.execute(
            "SELECT turn_id, unfinished_edits.text FROM unfinished_edits JOIN turns USING (turn_id)"
            " WHERE chat_id = ?",
            (chat_id,),
        )
        return {str(turn_id): str(text) for turn_id, text in rows}

    def save_edit(self, turn_id: str, text: str) -> None:
        """Keep what was written so far, nothing if it is empty. Raises StorageError."""
        with transaction(self._db):
            self._db.execute("DELETE FROM unfinished_edits WHERE turn_id = ?", (turn_id,))
            if text:
                self._db.execute(
                    "INSERT INTO unfinished_edits SELECT turn_id, ? FROM turns WHERE turn_id = ?",
                    (text, turn_id),
                )
