"""Assurance rows in chats.db: what an answer repeats, how many samples agree, what was checked."""

import apsw
import msgspec

from core.base.database import Migration
from core.chat.conversations.assurance import NO_ASSURANCE, Assurance

MIGRATIONS: tuple[Migration, ...] = (
    (
        "2026-12-assurance",
        """
        CREATE TABLE assurance (
            turn_id TEXT PRIMARY KEY REFERENCES turns ON DELETE CASCADE,
            data TEXT NOT NULL
        ) STRICT, WITHOUT ROWID;
        """,
    ),
)


def write_assurance(db: apsw.Connection, turn_id: str, assurance: Assurance) -> None:
    """Save what is known of an answer; to be called inside a transaction."""
    if assurance == NO_ASSURANCE:
        db.execute("DELETE FROM assurance WHERE turn_id = ?", (turn_id,))
        return
    data = msgspec.json.encode(assurance).decode()
    db.execute("INSERT OR REPLACE INTO assurance VALUES (?, ?)", (turn_id, data))


def read_assurances(db: apsw.Connection, chat_id: str) -> dict[str, Assurance]:
    """Return what is known of the answers of a chat, by turn."""
    rows = db.execute(
        "SELECT turn_id, data FROM assurance JOIN turns USING (turn_id) WHERE chat_id = ?",
        (chat_id,),
    )
    return {row[0]: msgspec.json.decode(row[1], type=Assurance) for row in rows}
