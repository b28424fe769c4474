"""Damaged library.db: moved aside, and its list of folders recovered."""

import logging
import time
from contextlib import AbstractContextManager, closing
from functools import partial
from pathlib import Path
from typing import cast

import apsw

from core.base.database import connect_database
from core.base.errors import StorageError
from core.base.salvage.database_salvage import open_damaged_database

_Row = tuple[str, str, bytes, float, int, int, bytes | None]
_FOLDERS = "SELECT id, name, path, added, paused, hidden, included FROM folder WHERE NOT gone"
_log = logging.getLogger(__name__)


def new_aside_path(path: Path) -> Path:
    """Return a new path for a damaged file, beside it."""
    return path.with_name(f"{path.name}.damaged-{time.time_ns()}")


def move_database_aside(path: Path, aside: Path) -> None:
    """Move a closed database, and its log files with it."""
    for suffix in ("", "-wal", "-shm"):
        part = path.with_name(path.name + suffix)
        if part.exists():
            part.rename(aside.with_name(aside.name + suffix))


def recover_folders(aside: Path, target: apsw.Connection) -> list[_Row]:
    """Return (id, name, path, added, paused, hidden, included) of the folders that can be read.

    Where the definitions of the tables are damaged, those of `target` are taken.
    """
    for opened in (_open_as_it_is, partial(open_damaged_database, target=target)):
        try:
            with opened(aside) as connection:
                rows = connection.execute(_FOLDERS).fetchall()
        except (apsw.Error, StorageError):
            _log.exception("the folders can't be read from %s", aside.name)
        else:
            return [cast("_Row", row) for row in rows]
    return []


def _open_as_it_is(aside: Path) -> AbstractContextManager[apsw.Connection]:
    return closing(connect_database(aside, flags=apsw.SQLITE_OPEN_READWRITE))
