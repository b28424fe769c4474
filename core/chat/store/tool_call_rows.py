"""Tool call rows in chats.db: what the tools of an answer were asked, and what they returned."""

import apsw
import msgspec

from core.base.database import Migration
from core.chat.conversations.tool_calls import RecordedCall

MIGRATIONS: tuple[Migration, ...] = (
    (
        "2026-12-tool-calls",
        """
        CREATE TABLE tool_calls (
            turn_id TEXT PRIMARY KEY REFERENCES turns ON DELETE CASCADE,
            calls TEXT NOT NULL
        ) STRICT, WITHOUT ROWID;
        """,
    ),
)


def write_tool_calls(db: apsw.Connection, turn_id: str, calls: tuple[RecordedCall, ...]) -> None:
    """Save the calls of an answer; to be called inside a transaction."""
    if not calls:
        db.execute("DELETE FROM tool_calls WHERE turn_id = ?", (turn_id,))
        return
    text = msgspec.json.encode(calls).decode()
    db.execute("INSERT OR REPLACE INTO tool_calls VALUES (?, ?)", (turn_id, text))


def read_chat_calls(db: apsw.Connection, chat_id: str) -> dict[str, tuple[RecordedCall, ...]]:
    """Return the calls of a chat's answers, by turn."""
    rows = db.execute(
        "SELECT turn_id, calls FROM tool_calls JOIN turns USING (turn_id) WHERE chat_id = ?",
        (chat_id,),
    )
    return {row[0]: msgspec.json.decode(row[1], type=tuple[RecordedCall, ...]) for row in rows}
