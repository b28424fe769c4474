"""Unreadable contents: stored texts that can no longer be decoded, which SQLite doesn't notice."""

import zlib
from collections.abc import Iterator
from typing import cast

import apsw
import msgspec

from core.library.store.content_records import unpack_pages

UNDECODABLE = (UnicodeDecodeError, msgspec.DecodeError, zlib.error)
"""What reading a damaged value of library.db raises, where its page is whole for SQLite."""

_A_STEP = 32
_TEXTS = (
    "SELECT CAST(text AS BLOB) FROM section WHERE content_id = ?1"
    " UNION ALL SELECT CAST(heading AS BLOB) FROM passage WHERE content_id = ?1"
)


def unreadable_contents(connection: apsw.Connection) -> Iterator[list[int]]:
    """Yield the ids of contents with a text or pages that can't be decoded, in short steps.

    A content may be deleted between two steps.
    """
    last = 0
    while ids := _ids_after(connection, last):
        yield [id_ for id_ in ids if not _is_readable(connection, id_)]
        last = ids[-1]


def _ids_after(connection: apsw.Connection, last: int) -> list[int]:
    rows = connection.execute(
        "SELECT id FROM content WHERE id > ? ORDER BY id LIMIT ?", (last, _A_STEP)
    )
    return [cast("int", id_) for (id_,) in rows]


def _is_readable(connection: apsw.Connection, content_id: int) -> bool:
    (pages,) = connection.execute(
        "SELECT pages FROM content WHERE id = ?", (content_id,)
    ).fetchone() or (b"",)
    try:
        unpack_pages(cast("bytes", pages))
        for (text,) in connection.execute(_TEXTS, (content_id,)):
            cast("bytes", text).decode()
    except UNDECODABLE:
        return False
    return True
