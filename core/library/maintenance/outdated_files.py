"""Outdated files: marked to be read again when the readers would give more text now."""

from core.base.database import transaction
from core.library.reading.file_reader import EXTRACTOR_VERSION
from core.library.store.library_records import LibraryRecords

_NOTE = "reader"
_RECOGNIZING = "recognizing"


def mark_outdated_files(records: LibraryRecords, *, recognize: bool) -> None:
    """Let wait what an older reader read, and, if text is recognised now, what it was not in.

    What was read before answers until its file has been read again; passages that stay the same
    keep their vectors.
    """
    noted = records.get_metadata(_NOTE)
    version = f"{EXTRACTOR_VERSION} {_RECOGNIZING}" if recognize else str(EXTRACTOR_VERSION)
    if noted == version:
        return
    with transaction(records.connection):
        if noted.partition(" ")[0] != str(EXTRACTOR_VERSION):
            _let_wait(records, "TRUE")
        elif recognize:
            _let_wait(records, "code = 'file_no_text' OR lower(name) LIKE '%.pdf'")
        records.connection.execute(
            "INSERT INTO note (key, value) VALUES (?, ?)"
            " ON CONFLICT (key) DO UPDATE SET value = excluded.value",
            (_NOTE, version),
        )


def _let_wait(records: LibraryRecords, which: str) -> None:
    """Mark files as not yet read, and keep their contents from being taken for the new ones."""
    execute = records.connection.execute
    execute(f"UPDATE file SET waiting = 1 WHERE {which}")  # noqa: S608 - both are written above
    execute(
        "UPDATE content SET hash = 'outdated ' || id || ' ' || hash"
        " WHERE hash NOT LIKE '% %' AND id IN (SELECT content_id FROM file WHERE waiting)"
    )
