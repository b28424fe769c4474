"""Open WebUI database: the chats of its own file, `webui.db`, as its export has them."""

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import apsw
import msgspec

from core.base.i18n import _
from core.chat.history.foreign_chat import MalformedChatError, Record
from core.chat.history.json_elements import MAX_ELEMENT_BYTES

MAGIC = b"SQLite format 3\0"
_CHATS = "SELECT id, title, created_at, updated_at, length(chat), rowid FROM chat ORDER BY rowid"


def is_database(path: Path) -> bool:
    """Return whether a file is a database, whichever program's."""
    try:
        with path.open("rb") as file:
            return file.read(len(MAGIC)) == MAGIC
    except OSError:
        return False


def holds_chats(path: Path) -> bool:
    """Return whether a file is a database with chats as Open WebUI keeps them."""
    with contextlib.suppress(apsw.Error), contextlib.closing(_opened(path)) as connection:
        names = {str(row[1]) for row in connection.execute("PRAGMA table_info(chat)")}
        return {"id", "title", "chat", "created_at", "updated_at"} <= names
    return False


def read_chats(path: Path) -> Iterator[tuple[str, Record | None, float]]:
    """Yield each chat with its title and the share that is done; None for a damaged one.

    Raises MalformedChatError where the rest can't be read; what came before is whole.
    """
    try:
        with contextlib.closing(_opened(path)) as connection:
            whole = max(1, _number(connection.execute("SELECT count(*) FROM chat").get))
            rows = connection.execute(_CHATS)
            for done, (chat_id, title, created, updated, length, row) in enumerate(rows):
                text = None
                if isinstance(length, int) and length <= MAX_ELEMENT_BYTES:
                    text = connection.execute("SELECT chat FROM chat WHERE rowid = ?", (row,)).get
                record = {
                    "id": str(chat_id), "title": title, "created_at": created,
                    "updated_at": updated, "chat": _decoded(text),
                }  # fmt: skip
                yield str(title or chat_id), record if record["chat"] else None, done / whole
    except apsw.Error as error:
        raise MalformedChatError(_("a part of it is damaged")) from error


def _opened(path: Path) -> apsw.Connection:
    """Open it for reading; what its schema says runs nothing. Raises apsw.Error."""
    flags = apsw.SQLITE_OPEN_READONLY | apsw.SQLITE_OPEN_URI
    connection = apsw.Connection(f"file:{quote(str(path))}?mode=ro", flags=flags)
    try:
        connection.execute("PRAGMA trusted_schema = OFF")
    except apsw.Error:
        connection.close()
        raise
    return connection


def _number(value: Any) -> int:  # noqa: ANN401 - a value of a database
    return value if isinstance(value, int) else 0


def _decoded(text: Any) -> dict[str, Any]:  # noqa: ANN401 - a value of a database
    try:
        value = msgspec.json.decode(text) if isinstance(text, str | bytes) else {}
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}
