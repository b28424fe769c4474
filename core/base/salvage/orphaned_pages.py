"""Orphaned pages: rows of a damaged table behind a page that only says where they are.

A table is a tree of pages. Where one that points to others can't be read, nothing leads to the rows
below it, though they are whole. Each page that nothing leads to is taken for the whole table here.
An encrypted page is lost by one changed byte, a plain one seldom.
"""

import contextlib
import re
from collections.abc import Generator

import apsw

_MOST_FINDINGS = 1_000_000
_OF_TABLE = "WHERE type = 'table' AND name = ?"
_ROOT = f"SELECT rootpage FROM sqlite_schema {_OF_TABLE}"  # noqa: S608 - a constant
_NEW_ROOT = f"UPDATE sqlite_schema SET rootpage = ? {_OF_TABLE}"  # noqa: S608 - a constant
_ORPHAN = re.compile(r"Page (\d+)(?::| is) never used")


def tables_at_orphans(db: apsw.Connection, table: str) -> Generator[int, None, None]:
    """Yield the number of each page that nothing leads to; until the next one it is `table`.

    Most are pages of something else, which SQLite refuses to read as a table, or whose rows break
    its rules. The connection is one of a copy, and may write its schema.
    """
    pages = _orphaned_pages(db)
    if not pages:
        return
    (version,) = db.execute("PRAGMA schema_version").fetchone() or (0,)
    (root,) = db.execute(_ROOT, (table,)).fetchone() or (0,)
    # Each change by itself: after a page that can't be read, SQLite ends a whole transaction.
    db.execute("PRAGMA synchronous = OFF").fetchall()
    for number, page in enumerate((*pages, root), 1):
        db.execute(_NEW_ROOT, (page, table)).fetchall()
        db.execute(f"PRAGMA schema_version = {version + number}").fetchall()  # it is read again
        if page != root:
            yield page


def _orphaned_pages(db: apsw.Connection) -> list[int]:
    found: list[int] = []
    with contextlib.suppress(apsw.Error):
        for (finding,) in db.execute(f"PRAGMA integrity_check({_MOST_FINDINGS})"):
            found += map(int, _ORPHAN.findall(str(finding)))
    return found
