"""Outdated files: marked to be read again when the readers would give more text now."""

from core.base.database import transaction
from core.library.reading.file_reader import EXTRACTOR_VERSION
from core.library.store.library_records import LibraryRecords

READER_KEY = "reader"
"""Key of the note with the readers that gave the texts."""
_RECOGNIZING = "recognizing"


def mark_outdated_files(records: LibraryRecords, *, recognize: bool) -> None:
    """Mark files of older readers as waiting; if text is recognised now, also scans and PDF files.

    Their texts are found until they have been read again; passages that stay the same keep their
    vectors.
    """
    earlier = records.get_metadata(READER_KEY)
    version = f"{EXTRACTOR_VERSION} {_RECOGNIZING}" if recognize else str(EXTRACTOR_VERSION)
    if earlier == version:
        return
    with transaction(records.connection):
        if earlier.partition(" ")[0] != str(EXTRACTOR_VERSION):
            _mark_waiting(records, "TRUE")
        elif recognize:
            _mark_waiting(records, "code = 'file_no_text' OR lower(name) LIKE '%.pdf'")
        records.connection.execute(
            "INSERT INTO note (key, value) VALUES (?, ?)"
            " ON CONFLICT (key) DO UPDATE SET value = excluded.value",
            (READER_KEY, version),
        )


def _mark_waiting(records: LibraryRecords, condition: str) -> None:
    """Mark files as not yet read, and change the hash of their contents, so that none is reused."""
    execute = records.connection.execute
    execute(f"UPDATE file SET waiting = 1 WHERE {condition}")  # noqa: S608 - both are written above
    execute(
        "UPDATE content SET hash = 'outdated ' || id || ' ' || hash"
        " WHERE hash NOT LIKE '% %' AND id IN (SELECT content_id FROM file WHERE waiting)"
    )
