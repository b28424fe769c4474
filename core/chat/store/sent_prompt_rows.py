"""Sent prompt rows in chats.db: the full prompt of each answer, compressed."""

import zlib

import apsw
import msgspec

from core.base.database import Migration
from core.chat.conversations.conversation import SentPrompt

MIGRATIONS: tuple[Migration, ...] = (
    (
        "2026-11-sent-prompts",
        """
        CREATE TABLE sent_prompts (
            turn_id TEXT PRIMARY KEY REFERENCES turns ON DELETE CASCADE,
            packed BLOB NOT NULL
        ) STRICT;
        """,
    ),
)


def write_sent_prompt(db: apsw.Connection, turn_id: str, prompt: SentPrompt) -> None:
    """Save the prompt of an answer, compressed; to be called inside a transaction."""
    packed = zlib.compress(msgspec.msgpack.encode(prompt))
    db.execute("INSERT OR REPLACE INTO sent_prompts VALUES (?, ?)", (turn_id, packed))


def read_sent_prompt(db: apsw.Connection, turn_id: str) -> SentPrompt | None:
    """Return the prompt of an answer; None for one from before prompts were saved."""
    row = db.execute("SELECT packed FROM sent_prompts WHERE turn_id = ?", (turn_id,)).fetchone()
    if row is None:
        return None
    return msgspec.msgpack.decode(zlib.decompress(row[0]), type=SentPrompt)
