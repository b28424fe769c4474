"""Folder rows: a changed bit in the path or id of a folder is found by its index, and mended.

Both stand twice in library.db, in the table and in an index. Where they differ, the disk tells
which path is right, and the files that were read which id: else it would be read as a new folder.
"""

import logging
import os
from collections.abc import Iterator
from typing import cast

import apsw

from core.base.database import transaction

_log = logging.getLogger(__name__)
_INDEXES = {"id": "sqlite_autoindex_folder_1", "path": "sqlite_autoindex_folder_3"}
"""SQLite names the indexes of unique columns by the order in which these are defined."""
_Values = dict[int, str | bytes]


def mend_folder_rows(connection: apsw.Connection) -> None:
    """Compare each folder's row with the indexes; what can't be mended stays as it is."""
    try:
        mended = [(column, *each) for column in _INDEXES for each in _differing(connection, column)]
        if not mended or not all(value for _column, _row, value in mended):
            return
        with transaction(connection):
            connection.execute("REINDEX folder")
            for column, row, value in mended:
                connection.execute(
                    f"UPDATE folder SET {column} = ? WHERE rowid = ?",  # noqa: S608 - one of two
                    (value, row),
                )
        _log.warning("%s damaged folder rows were mended", len(mended))
    except apsw.Error:
        _log.exception("folder rows that are damaged can't be mended")


def _differing(
    connection: apsw.Connection, column: str
) -> Iterator[tuple[int, str | bytes | None]]:
    """Yield the row and the right value of each that differs from the index.

    None if nobody can tell: a folder on a drive that is not plugged in now.
    """
    in_table = _values(connection, column, "NOT INDEXED")
    in_index = _values(connection, column, f"INDEXED BY {_INDEXES[column]}")
    for row, value in in_table.items():
        other = in_index.get(row, value)
        if other != value:
            known = (each for each in (value, other) if _is_right(connection, each))
            yield row, next(known, None)


def _values(connection: apsw.Connection, column: str, how: str) -> _Values:
    rows = connection.execute(f"SELECT rowid, {column} FROM folder {how}").fetchall()  # noqa: S608
    return dict(cast("list[tuple[int, str | bytes]]", rows))


def _is_right(connection: apsw.Connection, value: str | bytes) -> bool:
    """Whether there is a folder at a path, or files with an id."""
    if isinstance(value, bytes):
        return b"\0" not in value and os.path.isdir(value)  # noqa: PTH112 - of any bytes
    return bool(connection.execute("SELECT 1 FROM file WHERE folder_id = ?", (value,)).fetchall())
