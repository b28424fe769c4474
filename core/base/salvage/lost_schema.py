"""Lost schema: rows of a database whose list of tables can't be read, found page by page.

That list stands on the first page and a few others; in an encrypted file one changed bit costs a
page, and with one of these SQLite opens nothing. Here the other pages are put behind the first page
of a new file that has the same tables, and each page is taken for each table in turn. To which one
it belongs is told by the rules of the tables: all are strict, and wide rows fit no other table.
"""

import contextlib
import shutil
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import apsw

from core.base.database import SqlValue, connect_database

_PAGE = 4096
_TYPES = {"TEXT": str, "INTEGER": int, "REAL": float, "BLOB": bytes}
_LINES_OF_A_SCHEMA = ("table", "index", "trigger", "view")
_DUPLICATES = (apsw.SQLITE_CONSTRAINT_PRIMARYKEY, apsw.SQLITE_CONSTRAINT_UNIQUE)


def salvage_pages(path: Path, target: apsw.Connection, tables: Sequence[str]) -> None:
    """Copy what pages of a damaged file hold of `tables` into `target`.

    Tables of the same shape can't be told from each other: name one of them at most. Raises
    apsw.Error or StorageError. To be called inside a transaction with foreign keys off.
    """
    copy = path.with_name(path.name + ".salvage")
    try:
        with contextlib.closing(connect_database(copy)) as made:
            _make_room(made, path.stat().st_size // _PAGE)
            _make_tables(made, target, tables)
        with path.open("rb") as pages, copy.open("r+b") as file:
            pages.seek(_PAGE)
            file.seek(_PAGE)
            shutil.copyfileobj(pages, file)
        with contextlib.closing(connect_database(copy)) as made:
            _read_pages(made, target, tables)
    finally:
        for suffix in ("", "-wal", "-shm", "-journal"):
            with contextlib.suppress(OSError):
                Path(f"{copy}{suffix}").unlink(missing_ok=True)


def _make_room(made: apsw.Connection, pages: int) -> None:
    """Let the tables that are made next lie behind so many pages."""
    made.execute("PRAGMA synchronous = OFF").fetchall()
    made.execute("CREATE TABLE filler (content BLOB)")
    made.execute("INSERT INTO filler VALUES (zeroblob(?))", (pages * _PAGE,))


def _make_tables(made: apsw.Connection, target: apsw.Connection, tables: Sequence[str]) -> None:
    for name, sql in target.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'table'"):
        if name in tables:
            made.execute(str(sql))


def _read_pages(made: apsw.Connection, target: apsw.Connection, tables: Sequence[str]) -> None:
    made.execute("PRAGMA synchronous = OFF").fetchall()
    made.execute("PRAGMA writable_schema = ON").fetchall()
    columns = {table: _typed_columns(target, table) for table in tables}
    widest_first = sorted(tables, key=lambda table: -len(columns[table]))
    for _page in _pages_as_tables(made):
        for table in widest_first:
            if sum(_fits(target, table, columns[table], row) for row in _rows(made, table)):
                break


def _typed_columns(target: apsw.Connection, table: str) -> dict[str, type]:
    rows = target.execute(f'PRAGMA table_info("{table}")')
    return {str(row[1]): _TYPES[str(row[2])] for row in rows}


def _rows(made: apsw.Connection, table: str) -> Iterator[tuple[SqlValue, ...]]:
    """Yield the rows of what is the table now, none if it is no table's page."""
    with contextlib.suppress(apsw.Error, UnicodeDecodeError):
        for row in made.execute(f'SELECT * FROM "{table}" NOT INDEXED'):  # noqa: S608 - our name
            if row[0] in _LINES_OF_A_SCHEMA:
                return
            yield row


def _pages_as_tables(made: apsw.Connection) -> Iterator[int]:
    """Yield each page; until the next one it is every table of the file."""
    (count,) = made.execute("PRAGMA page_count").fetchone() or (0,)
    (version,) = made.execute("PRAGMA schema_version").fetchone() or (0,)
    for page in range(2, count + 1):
        made.execute("UPDATE sqlite_schema SET rootpage = ?", (page,)).fetchall()
        made.execute(f"PRAGMA schema_version = {version + page}").fetchall()  # it is read again
        yield page


def _fits(
    target: apsw.Connection, table: str, columns: Mapping[str, type], row: Sequence[SqlValue]
) -> bool:
    """Add a row; whether the table's rules allow it, or it is there already.

    SQLite itself would write a number as a text.
    """
    if any(
        value is not None and not isinstance(value, wanted)
        for value, wanted in zip(row, columns.values(), strict=True)
    ):
        return False
    names = ", ".join(f'"{name}"' for name in columns)
    marks = ", ".join("?" * len(columns))
    try:
        target.execute(f'INSERT INTO "{table}" ({names}) VALUES ({marks})', row)  # noqa: S608
    except apsw.ConstraintError as error:
        return getattr(error, "extendedresult", 0) in _DUPLICATES
    except apsw.MismatchError:
        return False
    return True
