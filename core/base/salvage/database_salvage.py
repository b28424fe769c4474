"""Database salvage: rows read out of a damaged SQLite file, page by page, into a whole one.

SQLite stops at the first page that makes no sense. Here each table is read from its beginning and
from its end, a table with row numbers from behind each damaged place, too, and then each page that
nothing leads to any more: what is lost are the rows of damaged pages. This build has no
`sqlite_dbdata`, on which SQLite's own `.recover` stands.
"""

import contextlib
import logging
import re
import shutil
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import apsw

from core.base.data_key import data_key
from core.base.database import SqlValue, connect_database
from core.base.errors import StorageError
from core.base.salvage.orphaned_pages import tables_at_orphans

_MAGIC = b"SQLite format 3\x00"
_UNREADABLE = re.compile("[\udc80-\udcff]")
"""A byte that is part of no letter, as it is decoded here."""
_MOST_ROWS = 2**40
"""Row number past which none is looked for: rows are numbered one by one."""
_LATEST = 1e11
"""Seconds since 1970, or another number, past which none was written."""
_LINEAR_TRIES = 64
"""Row numbers that are tried one by one behind a damaged place, before it is jumped over."""
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class SalvagedTable:
    """A table that was read: how many rows came, and whether each page could be read."""

    name: str
    rows: int
    is_whole: bool


@contextlib.contextmanager
def open_damaged_database(
    path: Path, target: apsw.Connection, *, changed_pages: bool = False
) -> Iterator[apsw.Connection]:
    """Open a copy of a damaged file, its log beside it; the file itself is never written.

    Its tables are defined as in `target`. `changed_pages`: encrypted pages come, too, that were
    changed; nothing proves then that what stands before the change was not. Raises apsw.Error or
    StorageError if nothing can be read.
    """
    copy = path.with_name(path.name + ".salvage")
    parts = ("", "-wal")
    try:
        for suffix in parts:
            if path.with_name(path.name + suffix).exists():
                shutil.copyfile(path.with_name(path.name + suffix), f"{copy}{suffix}")
        if data_key() is None:
            _mend_magic(copy)
        with contextlib.closing(_connect(copy, changed_pages)) as connection:
            mend_schema(connection, target)
        with contextlib.closing(_connect(copy, changed_pages)) as connection:
            yield connection
    finally:
        for suffix in (*parts, "-shm"):
            with contextlib.suppress(OSError):
                Path(f"{copy}{suffix}").unlink(missing_ok=True)


def _connect(copy: Path, changed_pages: bool) -> apsw.Connection:  # noqa: FBT001 - of this file
    flags = apsw.SQLITE_OPEN_READWRITE
    connection = connect_database(copy, flags=flags, is_damaged=changed_pages)
    connection.execute("PRAGMA writable_schema = ON")  # one bad line spoils no other table
    return connection


def _mend_magic(copy: Path) -> None:
    """Write the first 16 bytes anew: they are the same in every plain database."""
    with copy.open("r+b") as file:
        if file.read(len(_MAGIC)) != _MAGIC:
            file.seek(0)
            file.write(_MAGIC)


def mend_schema(damaged: apsw.Connection, target: apsw.Connection) -> None:
    """Give tables of a damaged copy the definition they have in `target`, by their names.

    It counts after `damaged` has been opened anew. Its pages are found by numbers that stand
    beside the definition, so a column whose name was damaged has its content again.
    """
    for name, sql in target.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'table'"):
        with contextlib.suppress(apsw.Error):
            damaged.execute(
                "UPDATE sqlite_schema SET sql = ? WHERE type = 'table' AND name = ? AND sql <> ?",
                (sql, name, sql),
            )


def salvage_tables(
    damaged: apsw.Connection,
    target: apsw.Connection,
    tables: Sequence[str],
    *,
    garbled: bool = False,
) -> tuple[SalvagedTable, ...]:
    """Copy what can be read of `tables`, in this order, into the same tables of `target`.

    Rows with a text that is no UTF-8 any more come only with `garbled`, and what can be read of it:
    in an encrypted page nothing is right behind the changed byte. Rows that are there already, or
    that break a rule of the target, are left out. To be called inside a transaction with foreign
    keys off.
    """
    return tuple(_salvage_table(damaged, target, table, garbled=garbled) for table in tables)


def _salvage_table(
    damaged: apsw.Connection, target: apsw.Connection, table: str, *, garbled: bool
) -> SalvagedTable:
    wanted = table_columns(target, table)
    try:
        known = set(table_columns(damaged, table))
    except apsw.Error:
        known = set()
    columns = [column for column in wanted if column in known]
    if not columns:
        return SalvagedTable(table, 0, is_whole=False)
    texts = _text_columns(target, table)
    reader = _TableReader(damaged, table, columns, texts, _key_columns(target, table))
    insert = (
        f'INSERT OR IGNORE INTO "{table}" ({_listed(columns)})'  # noqa: S608 - names of our schema
        f" VALUES ({', '.join('?' * len(columns))})"
    )
    fixed = [at for at, name in enumerate(columns) if name in _fixed_columns(target, table)]
    before = target.total_changes()
    is_sound = True
    for row in reader.read_rows():
        is_garbled = _is_garbled(row)
        is_sound &= not is_garbled
        if is_garbled and not (garbled and _is_known(row, fixed)):
            continue
        with contextlib.suppress(apsw.ConstraintError, apsw.MismatchError):
            target.execute(insert, tuple(map(_readable, row)) if is_garbled else row)
    rows = target.total_changes() - before
    return SalvagedTable(table, rows, is_whole=reader.is_whole and is_sound)


def _is_garbled(row: Sequence[SqlValue]) -> bool:
    return any(isinstance(value, str) and _UNREADABLE.search(value) for value in row)


def _is_known(row: Sequence[SqlValue], fixed: Collection[int]) -> bool:
    """Return whether it is plain what a garbled row belongs to, and its times can be."""
    names = (row[at] for at in fixed)
    numbers = (value for value in row if isinstance(value, float))
    return not _is_garbled(tuple(names)) and all(abs(number) < _LATEST for number in numbers)


def _readable(value: SqlValue) -> SqlValue:
    """Return what can be read of a text: in an encrypted page nothing behind the changed byte."""
    if not isinstance(value, str) or not (found := _UNREADABLE.search(value)):
        return value
    if data_key() is not None:
        return f"{value[: found.start()]}…"
    return value.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


class _TableReader:
    """Reads one table around its damaged places; a row may come twice."""

    def __init__(
        self,
        db: apsw.Connection,
        table: str,
        columns: Sequence[str],
        texts: Collection[str],
        key: Sequence[str],
    ) -> None:
        self._db = db
        self._table = table
        self._columns = ", ".join(
            f'CAST("{name}" AS BLOB)' if name in texts else f'"{name}"' for name in columns
        )
        self._texts = frozenset(place for place, name in enumerate(columns) if name in texts)
        self._key = _listed(key)
        self.is_whole = True

    def read_rows(self) -> Iterator[tuple[SqlValue, ...]]:
        """Yield the rows: in order, backwards from the end, behind each gap, on orphaned pages."""
        yield from self._scan(f"ORDER BY {self._key}")
        if self.is_whole:
            return
        yield from self._scan(
            f"ORDER BY {', '.join(f'{name} DESC' for name in self._key.split(', '))}"
        )
        if self._key == "rowid":
            yield from self._jump()
        with (
            contextlib.suppress(apsw.Error),
            contextlib.closing(tables_at_orphans(self._db, self._table)) as orphans,
        ):
            for _page in orphans:
                yield from self._scan("")

    def _scan(self, order: str) -> Iterator[tuple[SqlValue, ...]]:
        try:
            for row in self._db.execute(f'SELECT {self._columns} FROM "{self._table}" {order}'):  # noqa: S608
                yield self._decoded(row)
        except apsw.Error:
            self.is_whole = False

    def _jump(self) -> Iterator[tuple[SqlValue, ...]]:
        number = -1
        while number < _MOST_ROWS:
            found = self._next_readable(number + 1)
            if found is None:
                return
            number, row = found
            yield row

    def _next_readable(self, start: int) -> tuple[int, tuple[SqlValue, ...]] | None:
        """Return the first row from `start` on that can be read, with its number."""
        step = 1
        at = start
        for tries in range(_LINEAR_TRIES + _MOST_ROWS.bit_length()):
            try:
                row = self._db.execute(
                    f'SELECT rowid, {self._columns} FROM "{self._table}"'  # noqa: S608
                    " WHERE rowid >= ? ORDER BY rowid LIMIT 1",
                    (at,),
                ).fetchone()
            except apsw.Error:
                step = step if tries < _LINEAR_TRIES else step * 2
                at += step
                continue
            return None if row is None else (int(row[0]), self._decoded(row[1:]))
        return None

    def _decoded(self, row: tuple[SqlValue, ...]) -> tuple[SqlValue, ...]:
        """Return a row with its texts as such: one that is no UTF-8 any more would end a scan."""
        return tuple(
            value.decode("utf-8", "surrogateescape")
            if place in self._texts and isinstance(value, bytes)
            else value
            for place, value in enumerate(row)
        )


def table_columns(db: apsw.Connection, table: str) -> list[str]:
    """Return the names of the columns of a table in order, none if there is no such table."""
    return [str(row[1]) for row in db.execute(f'PRAGMA table_info("{table}")')]


def _text_columns(db: apsw.Connection, table: str) -> frozenset[str]:
    rows = db.execute(f'PRAGMA table_info("{table}")')
    return frozenset(str(row[1]) for row in rows if row[2] == "TEXT")


def _fixed_columns(db: apsw.Connection, table: str) -> frozenset[str]:
    """Return the columns that say what a row is and belongs to."""
    rows = db.execute(f'PRAGMA table_info("{table}")')
    return frozenset(str(row[1]) for row in rows if row[5] or str(row[1]).endswith("_id"))


def _key_columns(db: apsw.Connection, table: str) -> list[str]:
    """Return what rows are sorted by on disk: the row number, or the primary key without one."""
    try:
        db.execute(f'SELECT rowid FROM "{table}" LIMIT 0')  # noqa: S608
    except apsw.SQLError:
        keyed = [row for row in db.execute(f'PRAGMA table_info("{table}")') if row[5]]
        return [f'"{row[1]}"' for row in sorted(keyed, key=lambda row: int(row[5]))]
    return ["rowid"]


def _listed(names: Sequence[str]) -> str:
    return ", ".join(
        name if name.startswith('"') or name == "rowid" else f'"{name}"' for name in names
    )


def try_backups(backups: Sequence[Path]) -> Iterator[tuple[Path, apsw.Connection]]:
    """Yield each backup that opens, in the order given; it is closed before the next one."""
    for path in backups:
        try:
            connection = connect_database(path, flags=apsw.SQLITE_OPEN_READONLY)
        except (apsw.Error, StorageError):
            _log.warning("the backup %s can't be opened", path.name)
            continue
        try:
            yield path, connection
        finally:
            connection.close()
