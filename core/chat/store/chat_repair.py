"""Chat repair: fields of a chat that can't be decoded any more, after a bit has changed on disk.

SQLite keeps no checksums: a changed bit within a text is no damage to it, but no UTF-8 or no JSON
to us. What can be read of such a field is kept, and a field of ours gets its default.
"""

import logging
from collections.abc import Callable
from typing import NamedTuple, TypeVar

import apsw
import msgspec

from core.base.database import transaction
from core.chat.conversations.conversation import Role, TurnState
from core.chat.store.json_fields import FIELDS, UNREADABLE

Value = TypeVar("Value")
_JSON_FIELDS = {field.column: field for field in FIELDS}
_CHOICES = {
    "role": (frozenset(Role), Role.ASSISTANT),
    "state": (frozenset(TurnState), TurnState.DONE),
}
_TOKENS = "token_ids"
"""A list of numbers; without it the text is cut into tokens anew."""


class _Table(NamedTuple):
    """Which rows of a table are a chat's ("" if none is), and what tells one from another."""

    owner: str
    key: str = "rowid"


_OF_TURN = "turn_id IN (SELECT turn_id FROM turns WHERE chat_id = ?)"
_TABLES = {
    "chats": _Table("chat_id = ?"),
    "turns": _Table("chat_id = ?"),
    "summaries": _Table("chat_id = ?"),
    "drafts": _Table("chat_id = ?"),
    "sources": _Table(_OF_TURN, "turn_id || ' ' || n"),
    "assurance": _Table(_OF_TURN, "turn_id"),
    "tool_calls": _Table(_OF_TURN, "turn_id"),
    "groups": _Table(""),
}
_log = logging.getLogger(__name__)


def read_repaired(
    db: apsw.Connection, read: Callable[[], Value], chat_id: str | None = None
) -> Value:
    """Return what `read` does; if it comes upon a changed field, one chat or all are repaired."""
    try:
        return read()
    except UNREADABLE:
        _repair_chats(db, chat_id)
        return read()


def _repair_chats(db: apsw.Connection, chat_id: str | None) -> None:
    """Repair the fields of one chat, or of all. Raises StorageError if the disk refuses."""
    changed = 0
    with transaction(db):
        for name, table in _TABLES.items():
            if chat_id is not None and not table.owner:
                continue
            for column in _columns_to_repair(db, name):
                changed += _repair_column(db, name, column, chat_id)
    _log.warning("%d fields of chats were repaired", changed)


def _columns_to_repair(db: apsw.Connection, table: str) -> list[str]:
    rows = db.execute(f'PRAGMA table_info("{table}")').fetchall()
    texts = [str(row[1]) for row in rows if row[2] == "TEXT" and not row[5]]
    return texts + [str(row[1]) for row in rows if row[1] == _TOKENS]


def _is_token_list(stored: bytes) -> bool:
    try:
        msgspec.msgpack.decode(stored, type=list[int])
    except (UNREADABLE, RecursionError):
        return False
    return True


def _repair_column(db: apsw.Connection, table: str, column: str, chat_id: str | None) -> int:
    owner, key = _TABLES[table]
    where = "" if chat_id is None else f" WHERE {owner}"
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
    field = _JSON_FIELDS.get(column)
    if field is not None and not field.can_decode(stored):
        return field.default_text
    if column in _CHOICES and text not in _CHOICES[column][0]:
        return _CHOICES[column][1]
    return None if text.encode() == stored else text
