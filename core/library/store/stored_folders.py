"""Stored folders: what library.db knows of them, read beside the child that owns it."""

import os
from pathlib import Path
from typing import NamedTuple, cast

import apsw

from core.base.database import connect_database
from core.base.errors import StorageError
from core.library.filesystem.path_encoding import display_name


class StoredFolder(NamedTuple):
    """A folder as it was added."""

    name: str
    path: str
    folder_id: str


def read_stored_places(*libraries: Path) -> tuple[str, ...]:
    """Return what these databases name: the folders, and the folder of an embedding model.

    What can't be told is left out.
    """
    found: dict[str, None] = {}
    for library in libraries:
        for query in ("SELECT path FROM folder", "SELECT value FROM note WHERE key = 'embedder'"):
            values = (os.fsdecode(cast("bytes", value)) for (value,) in _rows(library, query) or ())
            found.update(dict.fromkeys(filter(os.path.isabs, values)))
    return tuple(found)


def read_stored_folders(library: Path) -> tuple[StoredFolder, ...] | None:
    """Return the folders in library.db, None if that can't be told; nothing is changed or made."""
    rows = _rows(library, "SELECT name, path, id FROM folder")
    if rows is None:
        return None
    return tuple(
        StoredFolder(str(name), display_name(os.fsdecode(cast("bytes", path))), str(folder_id))
        for name, path, folder_id in rows
    )


def _rows(library: Path, query: str) -> list[tuple[object, ...]] | None:
    if not library.exists() and not library.is_symlink():  # one may lead to a drive that is away
        return []
    rows = _rows_of(library, query, at_rest=False)
    if rows is None and not _has_log(library):  # a full disk has no room for a log's index
        rows = _rows_of(library, query, at_rest=True)
    return rows


def _rows_of(library: Path, query: str, *, at_rest: bool) -> list[tuple[object, ...]] | None:
    try:
        flags = apsw.SQLITE_OPEN_READONLY
        connection = connect_database(library, flags=flags, at_rest=at_rest)
    except (apsw.Error, StorageError):
        return None
    try:
        return cast("list[tuple[object, ...]]", connection.execute(query).fetchall())
    except apsw.Error:
        return None
    finally:
        connection.close()


def _has_log(library: Path) -> bool:
    """Return whether changes stand in the log beside a database, or that can't be told."""
    try:
        return library.with_name(f"{library.name}-wal").stat().st_size > 0
    except FileNotFoundError:
        return False
    except OSError:
        return True
