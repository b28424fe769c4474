"""Removed words: what FTS5 still holds of deleted texts is merged away.

A deleted row of an index without content only gets a mark; its words stay in their segment until
that is merged with others (sqlite.org/fts5.html, "contentless-delete tables"). "secure-delete" does
nothing for such tables, so the segments are merged into one, step by step, and freed pages are
overwritten (`PRAGMA secure_delete`).
"""

from collections.abc import Iterator

import apsw

from core.base.database import empty_log, transaction

_PENDING_KEY = "removed words"
_REMOVED, _ERASING, _MERGED = "1", "erasing", "merged"
"""What the note says: words were removed, are being merged away, are left in the log alone."""
_TABLES = ("passage_words", "section_words")
_PAGES_A_STEP = 64
"""Pages written in a step: about 15 ms."""


def note_removed_words(connection: apsw.Connection) -> None:
    """Store that words were removed; to be called in the transaction that removes them."""
    connection.execute(
        "INSERT INTO note VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET value = ?2",
        (_PENDING_KEY, _REMOVED),
    )


def has_removed_words(connection: apsw.Connection) -> bool:
    """Return whether words were removed since they were erased last."""
    found = connection.execute("SELECT 1 FROM note WHERE key = ?", (_PENDING_KEY,))
    return found.fetchone() is not None


def erase_removed_words(connection: apsw.Connection) -> Iterator[bool]:
    """Merge the indexes of words in steps, if words were removed since it was done last.

    What is removed meanwhile is noted again. While somebody reads, the log keeps what it holds:
    then this ends, `has_removed_words` stays true, and the next call only empties the log. Raises
    StorageError on a full disk.
    """
    found = connection.execute("SELECT value FROM note WHERE key = ?", (_PENDING_KEY,)).fetchone()
    if found is None:
        return
    if found[0] != _MERGED:
        with transaction(connection):  # the note stays until the end: after a kill it's done again
            _set_note(connection, _ERASING)
        for table in _TABLES:
            for _step in _merge(connection, table):
                yield True
        with transaction(connection):
            _set_note(connection, _MERGED, before=_ERASING)
        yield True
    if empty_log(connection):
        with transaction(connection):
            connection.execute(
                "DELETE FROM note WHERE key = ? AND value = ?", (_PENDING_KEY, _MERGED)
            )


def _set_note(connection: apsw.Connection, value: str, before: str | None = None) -> None:
    connection.execute(
        "UPDATE note SET value = ?1 WHERE key = ?2 AND value = coalesce(?3, value)",
        (value, _PENDING_KEY, before),
    )


def _merge(connection: apsw.Connection, table: str) -> Iterator[None]:
    pages = -_PAGES_A_STEP  # below zero: begin a merge of all segments
    while True:
        before = connection.total_changes()
        with transaction(connection):
            connection.execute(f"INSERT INTO {table} ({table}, rank) VALUES ('merge', ?)", (pages,))  # noqa: S608
        if connection.total_changes() - before < 2:
            return
        pages = _PAGES_A_STEP
        yield
