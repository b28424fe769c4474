"""A folder's files are listed as they were read, and one is told what became of it."""

import os
from pathlib import Path

import pytest

from core.base.error_codes import ErrorCode
from core.library.filesystem.folder_scanner import ScannedEntry
from core.library.serving.file_listing import (
    content_hash_of,
    current_file_state,
    list_folder_files,
)
from core.library.store.library_records import FolderRecord, LibraryRecords
from tests.library import shelving


@pytest.fixture
def folder(records: LibraryRecords, tmp_path: Path) -> FolderRecord:
    place = tmp_path / "papers"
    place.mkdir()
    return records.add_folder(str(place))


def put(records: LibraryRecords, folder: FolderRecord, name: str, text: str = "text") -> Path:
    path = Path(folder.path) / name
    path.write_text(text)
    shelving.put(records, folder, name, text)
    status = path.stat()
    records.connection.execute(
        "UPDATE file SET size = ?, modified_ns = ? WHERE name = ?",
        (status.st_size, status.st_mtime_ns, name),
    )
    return path


def named(
    records: LibraryRecords, folder: FolderRecord, words: str = "", limit: int = 10
) -> list[str]:
    files, _total = list_folder_files(records, folder, words, limit)
    return [file.file for file in files]


def test_files_are_listed_those_read_last_first(
    records: LibraryRecords, folder: FolderRecord
) -> None:
    for number, name in enumerate(("a.txt", "b.txt", "c.txt")):
        put(records, folder, name)
        records.connection.execute("UPDATE file SET read = ? WHERE name = ?", (number, name))
    records.connection.execute("UPDATE file SET read = NULL WHERE name = 'c.txt'")
    records.skip_file(folder.id, ScannedEntry("d.pdf", 1, 1), ErrorCode.FILE_BROKEN, {})
    assert named(records, folder) == ["b.txt", "a.txt", "c.txt"]
    files, total = list_folder_files(records, folder, "", 1)
    assert (len(files), total) == (1, 3)


def test_every_word_stands_in_the_name(records: LibraryRecords, folder: FolderRecord) -> None:
    for name in ("Lease 2026.txt", "lease_2025.txt", "100%.txt"):
        put(records, folder, name)
    assert named(records, folder, "lease 2026") == ["Lease 2026.txt"]
    assert named(records, folder, "e_2") == ["lease_2025.txt"]
    assert named(records, folder, "0%") == ["100%.txt"]
    assert named(records, folder, "nothing") == []


def test_what_became_of_a_file_is_told(records: LibraryRecords, folder: FolderRecord) -> None:
    path = put(records, folder, "a.txt")
    assert current_file_state(records, folder, "a.txt") == "here"
    assert len(content_hash_of(records, folder, "a.txt")) > 0
    path.write_text("another text")
    os.utime(path, (1, 1))
    assert current_file_state(records, folder, "a.txt") == "changed"
    path.unlink()
    assert current_file_state(records, folder, "a.txt") == "gone"
    assert current_file_state(records, folder, "never.txt") == "gone"
    Path(folder.path).rmdir()
    assert current_file_state(records, folder, "a.txt") == "offline"
