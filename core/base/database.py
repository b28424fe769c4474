"""SQLite databases: opening with an optional key, migration after a backup, transactions."""

import contextlib
import logging
import os
import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path, PurePath
from typing import TypeAlias
from urllib.parse import quote

import apsw

from core.base.atomic_write import replace_file
from core.base.data_key import KEY_BYTES, KeyProvider, data_key, derived_key, key_is_proven
from core.base.errors import ErrorCode, StorageError
from core.base.paths import KEY_FILE
from core.base.private_files import create_private_file, is_regular

SqlValue: TypeAlias = int | float | str | bytes | None
Migration: TypeAlias = tuple[str, str | Callable[[apsw.Connection], None]]
"""A name that is never reused, and SQL or a function that makes the change."""

_WRITE_ERRORS = (
    apsw.FullError,
    apsw.IOError,
    apsw.ReadOnlyError,
    apsw.CantOpenError,
    apsw.BusyError,
)
_MIN_FREE = 256 * 1024
"""Bytes; SQLite needs some free space beside a database to open it at all."""
_QUICKLY_CHECKED = 64 * 1024 * 1024
"""Bytes; a file of this size is checked in about a tenth of a second, at every start."""
DAMAGE = (apsw.NotADBError, apsw.CorruptError)
"""Errors of a file that is no whole database."""
DATABASE_PARTS = ("", "-wal", "-shm")
"""What the files of a database end with: itself, its log, the index of the log."""
IN_MEMORY = Path(":memory:")
"""A database that is on no disk, and needs no key."""
_CIPHER = "aegis"
"""The scheme of SQLite3 Multiple Ciphers (apsw-sqlite3mc): AEGIS-256, each page with its tag. It is
the fastest that authenticates, where processors have AES: reading 40,000 rows of 1.2 kB took 75 to
84 ms (42 to 77 plain; ChaCha20-Poly1305 151 to 156, SQLCipher 263, Ascon 381)."""
_PLAIN_HEAD = b"SQLite format 3\0"
_log = logging.getLogger(__name__)


def connect_database(
    path: Path,
    *,
    flags: int = apsw.SQLITE_OPEN_READWRITE | apsw.SQLITE_OPEN_CREATE,
    key_provider: KeyProvider = data_key,
    at_rest: bool = False,
    is_damaged: bool = False,
) -> apsw.Connection:
    """Open a SQLite file without looking into it; every database of Inglenook is opened here.

    `at_rest`: nobody writes it, so that it is read without a file beside it. `is_damaged`: pages
    that were changed are read, too, which are right up to the changed byte. With a key it is read
    and written encrypted. Raises StorageError if it is no file or was written with another key or
    none, apsw.Error if it can't be opened, NotADBError too if the key is known to be right.
    """
    key = None
    if path != IN_MEMORY:
        check_is_file(path)
        key = key_provider()
        if flags & apsw.SQLITE_OPEN_CREATE:
            with contextlib.suppress(OSError):  # SQLite says better why it can't be opened
                create_private_file(path)  # the files beside it get its rights
    name = f"{_file_uri(path.absolute())}?immutable=1" if at_rest else str(path)
    uri = apsw.SQLITE_OPEN_URI if at_rest else 0
    connection = apsw.Connection(name, flags=flags | uri)
    if key is None:
        return connection
    try:
        _read_with_key(connection, key, is_damaged=is_damaged)
    except apsw.NotADBError as error:
        connection.close()
        if not key_is_proven():
            raise StorageError(ErrorCode.DATA_KEY_WRONG, path=str(path)) from error
        if is_plain_database(path):
            raise StorageError(ErrorCode.DATA_NOT_ENCRYPTED, path=str(path)) from error
        raise
    except BaseException:
        connection.close()
        raise
    return connection


def check_is_file(path: Path) -> None:
    """Raise StorageError(DATABASE_NO_FILE) where anything but a file is in a database's place.

    A pipe would be waited for, and a link that leads to a drive which isn't there is not to be
    taken for a database that is lost. What can't be looked at is said at opening it.
    """
    for suffix in DATABASE_PARTS:
        part = path.with_name(path.name + suffix)
        try:
            is_file = is_regular(part)
        except FileNotFoundError:
            is_file = not part.is_symlink()
        except OSError:
            continue
        if not is_file:
            raise StorageError(ErrorCode.DATABASE_NO_FILE, path=str(part))


def _read_with_key(connection: apsw.Connection, key: bytes, *, is_damaged: bool) -> None:
    """Set the key and read: "PRAGMA key" says ok to a wrong one."""
    if is_damaged:
        connection.pragma("hmac_check", 0)
    _set_key(connection, key)
    connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()


def _set_key(connection: apsw.Connection, key: bytes) -> None:
    if len(key) != KEY_BYTES:
        raise ValueError(f"a data key has {KEY_BYTES} bytes, not {len(key)}")
    connection.pragma("cipher", _CIPHER)
    connection.pragma("key", _raw_key(key))
    connection.pragma("temp_store", 2)  # in memory: what SQLite sorts on disk is never encrypted


def _raw_key(key: bytes) -> str:
    """Return a key as SQLite takes it: "raw:" spares the derivation that a passphrase needs."""
    return f"raw:{derived_key(key, 'databases').hex()}"


def is_plain_database(path: Path) -> bool:
    """Return whether a file is a database that was written without a key."""
    with contextlib.suppress(OSError), path.open("rb") as file:
        return file.read(len(_PLAIN_HEAD)) == _PLAIN_HEAD
    return False


def copy_with_key(path: Path, target: Path, old: bytes | None, new: bytes | None) -> None:
    """Write a compacted copy of a closed database to `target` under another key, or none.

    What had been deleted in it is not in the copy. Rows without an integer as their key may get
    another rowid. Raises apsw.Error, and what `connect_database` raises for the old key.
    """
    flags = apsw.SQLITE_OPEN_READWRITE | apsw.SQLITE_OPEN_URI
    source = connect_database(path, flags=flags, key_provider=lambda: old)
    try:
        source.execute("PRAGMA journal_mode = DELETE").fetchall()  # the log goes into the file
        source.pragma("temp_store", 2)
        key = "key=" if new is None else f"cipher={_CIPHER}&key={quote(_raw_key(new))}"
        source.execute("VACUUM INTO ?", (f"{_file_uri(target.absolute())}?{key}",))
    except DAMAGE:
        close_damaged(source, path)
        raise
    finally:
        source.close()


def _file_uri(path: PurePath) -> str:
    """Return a path as SQLite takes it: a share of Windows is no authority to it, but a path."""
    text = path.as_posix()
    return f"file://{'' if text.startswith('/') else '/'}{quote(os.fsencode(text), safe='/:')}"


def open_database(
    path: Path,
    migrations: Sequence[Migration],
    backups: Path,
    on_damage: Callable[[StorageError], None] | None = None,
) -> apsw.Connection:
    """Open `path` in WAL mode and bring its schema up to date.

    One connection, one thread, per database. A copy is made in `backups` before a migration of a
    database that holds something. A damaged file is moved aside, a new one begun, and `on_damage`
    called with a DATABASE_DAMAGED. Raises StorageError for a file of a newer version or of another
    key, what is no file, a full disk or a file that can't be written; those stay as they are.
    """
    try:
        return open_sound_database(path, migrations, backups)
    except DAMAGE:
        _log.exception("%s is damaged", path.name)
        aside = damaged_name(path)
        move_database(path, aside)
        if on_damage:
            on_damage(StorageError(ErrorCode.DATABASE_DAMAGED, path=str(path), aside=aside.name))
        return open_sound_database(path, migrations, backups)


def damaged_name(path: Path) -> Path:
    """Return a name for a damaged database that none had before."""
    return path.with_name(f"{path.name}.damaged-{time.time_ns()}")


def move_database(path: Path, target: Path) -> None:
    """Give a closed database and its log other names; the database itself goes first."""
    _log.warning("%s is moved to %s", path.name, target.name)
    for suffix in DATABASE_PARTS:
        part = path.with_name(path.name + suffix)
        if part.exists():
            part.replace(target.with_name(target.name + suffix))


def open_sound_database(
    path: Path, migrations: Sequence[Migration], backups: Path
) -> apsw.Connection:
    """Open like `open_database`, but raise one of `DAMAGE` for a damaged file, which stays.

    One on a full disk can be read, and is written again once there is room.
    """
    try:
        return _open_sound(path, migrations, backups)
    except StorageError as error:
        if error.code is not ErrorCode.DISK_FULL or not path.exists():
            raise
        _log.warning("the disk of %s is full", path.name)
        return _open_sound(path, migrations, backups, in_memory=True)


def _open_sound(
    path: Path, migrations: Sequence[Migration], backups: Path, *, in_memory: bool = False
) -> apsw.Connection:
    """With `in_memory` no other connection can open it: its log's index takes no room on disk."""
    # A log beside it means that the last process did not close it.
    was_not_closed = path.with_name(path.name + "-wal").exists()
    is_new = not path.exists()
    small = not is_new and path.stat().st_size < _QUICKLY_CHECKED
    try:
        connection = connect_database(path)
    except _WRITE_ERRORS as error:
        raise storage_error(error, path) from error
    try:
        if in_memory:
            connection.execute("PRAGMA locking_mode = EXCLUSIVE").fetchall()
        connection.execute("PRAGMA journal_mode = WAL")
        # The schema of a new database may be lost in a power failure: it is created again, or is
        # written with the first transaction. So its migrations don't wait for the disk.
        connection.execute(f"PRAGMA synchronous = {'NORMAL' if is_new else 'FULL'}")
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA secure_delete = ON")
        if was_not_closed or small:
            # A log that is another database's shows where tables and their indexes differ.
            check_database(connection, whole=was_not_closed and small)
        _migrate(connection, path, migrations, backups)
        connection.execute("PRAGMA synchronous = FULL")
    except _WRITE_ERRORS as error:
        connection.close()
        raise storage_error(error, path) from error
    except DAMAGE as damage:
        close_damaged(connection, path)
        if data_key() is None and path.with_name(KEY_FILE).exists():
            raise StorageError(ErrorCode.DATA_LOCKED, path=str(path)) from damage
        raise
    except BaseException:
        connection.close()
        raise
    return connection


def close_damaged(connection: apsw.Connection, path: Path) -> None:
    """Close a database, its log as it is: it may be another's, and would go in for good."""
    connection.config(apsw.SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1)
    connection.close()
    with contextlib.suppress(OSError):  # what SQLite keeps of the log in memory
        path.with_name(path.name + "-shm").unlink(missing_ok=True)


def check_database(connection: apsw.Connection, *, whole: bool) -> None:
    """Raise apsw.CorruptError for a damaged database; `whole` compares indexes with tables, too."""
    check = "integrity_check" if whole else "quick_check"
    try:
        (verdict,) = connection.execute(f"PRAGMA {check}(1)").fetchone() or ("",)
    except apsw.SQLError as error:  # the definition of a table was changed
        raise apsw.CorruptError(str(error)) from error
    if verdict != "ok":
        raise apsw.CorruptError(str(verdict))


def check_table(connection: apsw.Connection, table: str) -> None:
    """Raise apsw.CorruptError for a damaged table, or where its indexes differ from it."""
    (verdict,) = connection.execute(f"PRAGMA integrity_check('{table}')").fetchone() or ("",)
    if verdict != "ok":
        raise apsw.CorruptError(str(verdict))


def storage_error(error: apsw.Error, path: Path) -> StorageError:
    """Return the StorageError for an error of SQLite at writing `path`.

    Without room for the shared memory file beside a database, SQLite reports an I/O error.
    """
    is_full = shutil.disk_usage(path.parent).free < _MIN_FREE if path.parent.exists() else False
    if isinstance(error, apsw.FullError) or (isinstance(error, apsw.IOError) and is_full):
        return StorageError(ErrorCode.DISK_FULL, path=str(path))
    if isinstance(error, apsw.BusyError):
        return StorageError(ErrorCode.DATABASE_HELD, path=str(path))
    return StorageError(ErrorCode.ROOT_UNWRITABLE, path=str(path), detail=str(error))


def _migrate(
    connection: apsw.Connection, path: Path, migrations: Sequence[Migration], backups: Path
) -> None:
    connection.execute(
        "CREATE TABLE IF NOT EXISTS migrations (name TEXT PRIMARY KEY, at REAL NOT NULL) STRICT"
    )
    done = {name for (name,) in connection.execute("SELECT name FROM migrations")}
    missing = [(name, change) for name, change in migrations if name not in done]
    if done - {name for name, _ in migrations}:
        if missing:  # a newer version has done all of ours, too
            raise apsw.CorruptError("the names of migrations are damaged")
        raise StorageError(ErrorCode.DATABASE_NEWER, path=str(path))
    if done and missing:
        copy = backups / f"{path.stem}-before-{missing[0][0]}.db"
        back_up(connection, copy)
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
    copy = connect_database(partial)
    try:
        with copy.backup("main", connection, "main") as backup:
            while not backup.done:
                backup.step(1000)
    finally:
        copy.close()
    replace_file(partial, target)


def remove_old_copies(path: Path, backups: Path) -> None:
    """Delete the copies of a database that hold what was deleted in it since.

    Those are the ones made before a migration, and damaged files that were moved aside, from which
    everything that can be read has come back already. What can't be deleted stays.
    """
    copies = [*backups.glob(f"{path.stem}-before-*"), *path.parent.glob(f"{path.name}.damaged-*")]
    for copy in (*copies, *path.parent.glob(f"{path.name}.salvage*")):
        with contextlib.suppress(OSError):
            copy.unlink(missing_ok=True)


def empty_log(connection: apsw.Connection) -> bool:
    """Write the log into the database and empty it; False if somebody reads in it just now.

    That may be another process, or a statement of this connection whose rows are not all taken.
    """
    try:
        row = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    except apsw.LockedError:
        return False
    return row is not None and row[0] == 0


@contextmanager
def transaction(connection: apsw.Connection) -> Iterator[None]:
    """Run the block as one transaction with a write lock. StorageError: the disk refuses it."""
    try:
        connection.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise
        connection.execute("COMMIT")
    except _WRITE_ERRORS as error:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise storage_error(error, Path(connection.filename)) from error
