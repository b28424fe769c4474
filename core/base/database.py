"""SQLite databases: opening, migration after a backup, transactions, damaged files."""

import logging
import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TypeAlias

import apsw

from core.base.errors import ErrorCode, StorageError

SqlValue: TypeAlias = int | float | str | bytes | None
Migration: TypeAlias = tuple[str, str | Callable[[apsw.Connection], None]]
"""A name that is never reused, and SQL or a function that makes the change."""

_REFUSALS = (apsw.FullError, apsw.IOError, apsw.ReadOnlyError, apsw.CantOpenError)
_LEAST_ROOM = 256 * 1024
"""Bytes; SQLite needs some of them beside a database to open it at all."""
_QUICKLY_CHECKED = 64 * 1024 * 1024
"""Bytes; a file of this size is checked in about a tenth of a second, at every start."""
_log = logging.getLogger(__name__)


def open_database(
    path: Path,
    migrations: Sequence[Migration],
    backups: Path,
    on_damage: Callable[[StorageError], None] | None = None,
) -> apsw.Connection:
    """Open `path` in WAL mode and bring its schema up to date.

    One connection, one thread, per database. A copy is made in `backups` before a migration of a
    database that holds something. A damaged file is moved aside, a new one begun, and `on_damage`
    called with a DATABASE_DAMAGED. Raises StorageError for a file of a newer version, a full disk
    or one that can't be written.
    """
    try:
        return _open(path, migrations, backups)
    except (apsw.NotADBError, apsw.CorruptError):
        aside = path.with_name(f"{path.name}.damaged-{time.time_ns()}")  # never a name twice
        _log.exception("%s is damaged; moved to %s", path.name, aside.name)
        for suffix in ("", "-wal", "-shm"):
            part = path.with_name(path.name + suffix)
            if part.exists():
                part.rename(aside.with_name(aside.name + suffix))
        if on_damage:
            on_damage(StorageError(ErrorCode.DATABASE_DAMAGED, path=str(path), aside=aside.name))
        return _open(path, migrations, backups)


def _open(path: Path, migrations: Sequence[Migration], backups: Path) -> apsw.Connection:
    # A log beside it means that the last owner did not end well.
    doubtful = path.with_name(path.name + "-wal").exists()
    is_new = not path.exists()
    small = not is_new and path.stat().st_size < _QUICKLY_CHECKED
    try:
        connection = apsw.Connection(str(path))
    except _REFUSALS as error:
        raise storage_error(error, path) from error
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        # The schema of a new one can be lost with the power: it is made again, or goes to the disk
        # with the first thing that is kept. Each migration waits for no disk then.
        connection.execute(f"PRAGMA synchronous = {'NORMAL' if is_new else 'FULL'}")
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA secure_delete = ON")
        if doubtful or small:
            _check(connection)
        _migrate(connection, path, migrations, backups)
        connection.execute("PRAGMA synchronous = FULL")
    except _REFUSALS as error:
        connection.close()
        raise storage_error(error, path) from error
    except BaseException:
        connection.close()
        raise
    return connection


def _check(connection: apsw.Connection) -> None:
    (verdict,) = connection.execute("PRAGMA quick_check(1)").fetchone() or ("",)
    if verdict != "ok":
        raise apsw.CorruptError(str(verdict))


def storage_error(error: apsw.Error, path: Path) -> StorageError:
    """Say in our words that SQLite could not write to `path`.

    SQLite calls it an I/O error when there is no room for the memory it shares beside a database.
    """
    no_room = shutil.disk_usage(path.parent).free < _LEAST_ROOM if path.parent.exists() else False
    if isinstance(error, apsw.FullError) or (isinstance(error, apsw.IOError) and no_room):
        return StorageError(ErrorCode.DISK_FULL, path=str(path))
    return StorageError(ErrorCode.ROOT_UNWRITABLE, path=str(path), detail=str(error))


def _migrate(
    connection: apsw.Connection, path: Path, migrations: Sequence[Migration], backups: Path
) -> None:
    connection.execute(
        "CREATE TABLE IF NOT EXISTS migrations (name TEXT PRIMARY KEY, at REAL NOT NULL) STRICT"
    )
    done = {name for (name,) in connection.execute("SELECT name FROM migrations")}
    if done - {name for name, _ in migrations}:
        raise StorageError(ErrorCode.DATABASE_NEWER, path=str(path))
    missing = [(name, change) for name, change in migrations if name not in done]
    if done and missing:
        back_up(connection, backups / f"{path.stem}-before-{missing[0][0]}.db")
    for name, change in missing:
        with transaction(connection):
            if callable(change):
                change(connection)
            else:
                connection.execute(change)
            connection.execute("INSERT INTO migrations VALUES (?, ?)", (name, time.time()))


def back_up(connection: apsw.Connection, target: Path) -> None:
    """Write a consistent copy of an open database to `target`, whole or not at all."""
    partial = target.with_name(target.name + ".part")
    partial.unlink(missing_ok=True)
    copy = apsw.Connection(str(partial))
    try:
        with copy.backup("main", connection, "main") as backup:
            while not backup.done:
                backup.step(1000)
    finally:
        copy.close()
    partial.replace(target)


@contextmanager
def transaction(connection: apsw.Connection) -> Iterator[None]:
    """All or nothing; a disk that refuses becomes a StorageError. Takes the write lock at once."""
    try:
        connection.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise
        connection.execute("COMMIT")
    except _REFUSALS as error:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise storage_error(error, Path(connection.filename)) from error
