"""Answer rows in chats.db: what is kept beside an answer's text, a row of a table for each.

That is the prompt it was given, what is known of its certainty, and what its tools were asked.
"""

import zlib

import apsw
import msgspec

from core.base.database import Migration
from core.chat.conversations.assurance import NO_ASSURANCE, Assurance
from core.chat.conversations.conversation import SentPrompt
from core.chat.conversations.tool_calls import RecordedCall
from core.chat.store.json_fields import ASSURANCE, TOOL_CALLS, UNREADABLE

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
    (
        "2026-12-assurance",
        """
        CREATE TABLE assurance (
            turn_id TEXT PRIMARY KEY REFERENCES turns ON DELETE CASCADE,
            data TEXT NOT NULL
        ) STRICT, WITHOUT ROWID;
        """,
    ),
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


def write_sent_prompt(db: apsw.Connection, turn_id: str, prompt: SentPrompt) -> None:
    """Save the prompt of an answer, compressed; to be called inside a transaction."""
    packed = zlib.compress(msgspec.msgpack.encode(prompt))
    db.execute("INSERT OR REPLACE INTO sent_prompts VALUES (?, ?)", (turn_id, packed))


def read_sent_prompt(db: apsw.Connection, turn_id: str) -> SentPrompt | None:
    """Return the prompt of an answer; None for an older one, or one that can't be read any more."""
    row = db.execute("SELECT packed FROM sent_prompts WHERE turn_id = ?", (turn_id,)).fetchone()
    if row is None:
        return None
    try:
        return msgspec.msgpack.decode(zlib.decompress(row[0]), type=SentPrompt)
    except (zlib.error, UNREADABLE):  # a bit has changed on disk
        return None


def write_assurance(db: apsw.Connection, turn_id: str, assurance: Assurance) -> None:
    """Save what is known of an answer; to be called inside a transaction."""
    if assurance == NO_ASSURANCE:
        db.execute("DELETE FROM assurance WHERE turn_id = ?", (turn_id,))
        return
    data = ASSURANCE.encode_value(assurance)
    db.execute("INSERT OR REPLACE INTO assurance VALUES (?, ?)", (turn_id, data))


def read_assurances(db: apsw.Connection, chat_id: str) -> dict[str, Assurance]:
    """Return what is known of the answers of a chat, by turn."""
    rows = db.execute(
        "SELECT turn_id, data FROM assurance JOIN turns USING (turn_id) WHERE chat_id = ?",
        (chat_id,),
    )
    return {row[0]: ASSURANCE.decode_value(row[1]) for row in rows}


def write_tool_calls(db: apsw.Connection, turn_id: str, calls: tuple[RecordedCall, ...]) -> None:
    """Save the calls of an answer; to be called inside a transaction."""
    if not calls:
        db.execute("DELETE FROM tool_calls WHERE turn_id = ?", (turn_id,))
        return
    text = TOOL_CALLS.encode_value(calls)
    db.execute("INSERT OR REPLACE INTO tool_calls VALUES (?, ?)", (turn_id, text))


def read_chat_calls(db: apsw.Connection, chat_id: str) -> dict[str, tuple[RecordedCall, ...]]:
    """Return the calls of a chat's answers, by turn."""
    rows = db.execute(
        "SELECT turn_id, calls FROM tool_calls JOIN turns USING (turn_id) WHERE chat_id = ?",
        (chat_id,),
    )
    return {row[0]: TOOL_CALLS.decode_value(row[1]) for row in rows}
