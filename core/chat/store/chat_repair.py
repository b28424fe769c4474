"""Chat repair: fields of a chat that can't be decoded any more, after a bit has changed on disk.

SQLite keeps no checksums: a changed bit within a text is no damage to it, but no UTF-8 or no JSON
to us. What can be read of such a field is kept, and a field of ours gets its default.
"""

import logging

import apsw
import msgspec

from core.base.database import transaction
from core.chat.conversations.chat_style import ChatStyle
from core.chat.conversations.conversation import (
    AnswerStatistics,
    JudgedSentence,
    Role,
    TurnState,
)
from core.messages import Adapter

_JSON_FIELDS: dict[str, tuple[str, object]] = {
    "folder_ids": ("[]", list[str]),
    "adapters": ("[]", list[Adapter]),
    "manner": ("{}", ChatStyle),
    "statistics": ("{}", AnswerStatistics),
    "sentences": ("[]", list[JudgedSentence]),
}
"""Each one's default and type: what is JSON of another type can't be read either."""
_CHOICES = {
    "role": (frozenset(Role), Role.ASSISTANT),
    "state": (frozenset(TurnState), TurnState.DONE),
}
_TOKENS = "token_ids"
"""A list of numbers; without it the text is cut into tokens anew."""
_TABLES = {
    "chats": "chat_id",
    "turns": "chat_id",
    "summaries": "chat_id",
    "sources": "turn_id IN (SELECT turn_id FROM turns WHERE chat_id",
}
_log = logging.getLogger(__name__)


def repair_chats(db: apsw.Connection, chat_id: str | None = None) -> int:
    """Repair the fields of one chat, or of all; return how many were changed.

    Raises StorageError if the disk refuses.
    """
    changed = 0
    with transaction(db):
        for table, owner in _TABLES.items():
            where = "" if chat_id is None else f" WHERE {owner} = ?" + ")" * owner.count("(")
            for column in _columns_to_repair(db, table):
                changed += _repair_column(db, table, column, where, chat_id)
    _log.warning("%d fields of chats were repaired", changed)
    return changed


def _columns_to_repair(db: apsw.Connection, table: str) -> list[str]:
    rows = db.execute(f'PRAGMA table_info("{table}")').fetchall()
    texts = [str(row[1]) for row in rows if row[2] == "TEXT" and not row[5]]
    return texts + [str(row[1]) for row in rows if row[1] == _TOKENS]


def _is_token_list(stored: bytes) -> bool:
    try:
        msgspec.msgpack.decode(stored, type=list[int])
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return False
    return True


def _repair_column(
    db: apsw.Connection, table: str, column: str, where: str, chat_id: str | None
) -> int:
    key = "rowid" if table != "sources" else "turn_id || ' ' || n"
    select = f'SELECT {key}, CAST("{column}" AS BLOB) FROM {table}{where}'  # noqa: S608 - our names
    bindings = () if chat_id is None else (chat_id,)
    changed = 0
    for row_key, stored in db.execute(select, bindings).fetchall():
        if isinstance(stored, bytes) and (text := _repaired(column, stored)) is not None:
            db.execute(f'UPDATE {table} SET "{column}" = ? WHERE {key} = ?', (text, row_key))  # noqa: S608
            changed += 1
    return changed


def _repaired(column: str, stored: bytes) -> str | bytes | None:
    """Return what a field becomes, None if it is as it should be."""
    if column == _TOKENS:
        return None if _is_token_list(stored) else msgspec.msgpack.encode([])
    text = stored.decode("utf-8", "replace")
    if column in _JSON_FIELDS:
        default, kind = _JSON_FIELDS[column]
        try:
            msgspec.json.decode(stored, type=kind)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            return default
    if column in _CHOICES and text not in _CHOICES[column][0]:
        return _CHOICES[column][1]
    return None if text.encode() == stored else text
