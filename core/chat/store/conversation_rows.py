"""Rows of whole conversations in chats.db: read, also where an index or a letter is damaged."""

from collections.abc import Iterable

import apsw

from core.base.database import transaction
from core.base.errors import ErrorCode, StorageError
from core.chat.conversations.conversation import Conversation, Turn
from core.chat.store.chat_repair import read_repaired
from core.chat.store.json_fields import ADAPTERS, CHAT_STYLE, FOLDER_IDS
from core.chat.store.turn_rows import read_summaries, read_turns, write_summary, write_turn


def load_conversation(db: apsw.Connection, chat_id: str) -> Conversation:
    """Return a whole conversation. Raises StorageError: CHAT_UNKNOWN or CHAT_DAMAGED."""
    try:
        return read_repaired(db, lambda: _read_conversation(db, chat_id), chat_id)
    except apsw.CorruptError:
        return _load_with_new_indexes(db, chat_id)


def _load_with_new_indexes(db: apsw.Connection, chat_id: str) -> Conversation:
    try:
        db.execute("REINDEX")
        return _read_conversation(db, chat_id)
    except apsw.CorruptError as error:
        raise StorageError(ErrorCode.CHAT_DAMAGED) from error


def _read_conversation(db: apsw.Connection, chat_id: str) -> Conversation:
    row = db.execute(
        """SELECT title, created, updated, leaf_id, folder_ids, adapters, manner
           FROM chats WHERE chat_id = ?""",
        (chat_id,),
    ).fetchone()
    if row is None:
        _look_past_index(db, chat_id)
        return _read_conversation(db, chat_id)
    return Conversation(
        chat_id=chat_id,
        title=row[0],
        created=row[1],
        updated=row[2],
        turns={turn.turn_id: turn for turn in read_turns(db, chat_id)},
        leaf_id=row[3],
        folder_ids=FOLDER_IDS.decode_value(row[4]),
        adapters=ADAPTERS.decode_value(row[5]),
        summaries=tuple(read_summaries(db, chat_id)),
        chat_style=CHAT_STYLE.decode_value(row[6]),
    )


def _look_past_index(db: apsw.Connection, chat_id: str) -> None:
    """Build the indexes anew if the table has a chat that they don't; else CHAT_UNKNOWN."""
    rows = db.execute("SELECT 1 FROM chats NOT INDEXED WHERE chat_id = ?", (chat_id,))
    if not rows.fetchall():
        raise StorageError(ErrorCode.CHAT_UNKNOWN, ref=chat_id)
    db.execute("REINDEX")


def write_conversation(
    db: apsw.Connection, conversation: Conversation, turns: Iterable[Turn], now: float
) -> None:
    """Write the chat's own row, used `now` (seconds since the epoch), and these of its turns."""
    with transaction(db):
        known = db.execute("SELECT 1 FROM turns WHERE turn_id = ?", (conversation.leaf_id,))
        is_new = not known.fetchall()  # a cursor left open would lock the tables
        db.execute(
            """INSERT INTO chats (chat_id, title, created, updated, folder_ids, adapters,
                                  manner)
               VALUES (?, ?, ?, ?, ?, ?, ?)
               ON CONFLICT (chat_id) DO UPDATE SET updated = excluded.updated,
               folder_ids = excluded.folder_ids, adapters = excluded.adapters""",
            (
                conversation.chat_id,
                conversation.title,
                conversation.created,
                now,
                *_encoded(conversation),
            ),
        )
        _write_parts(db, conversation, turns)
        if is_new:
            db.execute(
                "UPDATE chats SET leaf_id = ? WHERE chat_id = ?",
                (conversation.leaf_id, conversation.chat_id),
            )


def insert_conversation(db: apsw.Connection, chat: Conversation) -> None:
    """Write a conversation that is not there yet; to be called inside a transaction."""
    db.execute(
        """INSERT INTO chats (chat_id, title, created, updated, leaf_id, folder_ids,
                              adapters, manner)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?)""",
        (chat.chat_id, chat.title, chat.created, chat.updated, chat.leaf_id, *_encoded(chat)),
    )
    _write_parts(db, chat, chat.turns.values())


def _encoded(chat: Conversation) -> tuple[str, str, str]:
    return (
        FOLDER_IDS.encode_value(chat.folder_ids),
        ADAPTERS.encode_value(chat.adapters),
        CHAT_STYLE.encode_value(chat.chat_style),
    )


def _write_parts(db: apsw.Connection, chat: Conversation, turns: Iterable[Turn]) -> None:
    for turn in turns:
        write_turn(db, chat.chat_id, turn)
    for summary in chat.summaries:
        write_summary(db, chat.chat_id, summary)
