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


def read_stored_folders(library: Path) -> tuple[StoredFolder, ...] | None:
    """Return the folders in library.db, None if that can't be told; nothing is changed or made."""
    if not library.exists():
        return ()
    try:
        connection = connect_database(library, flags=apsw.SQLITE_OPEN_READONLY)
    except (apsw.Error, StorageError):
        return None
    try:
        rows = connection.execute("SELECT name, path FROM folder").fetchall()
        return tuple(
            StoredFolder(str(name), display_name(os.fsdecode(cast("bytes", path))))
            for name, path in rows
        )
    except apsw.Error:
        return None
    finally:
        connection.close()
