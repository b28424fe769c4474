"""What an older reader read is read again; what it read answers until then."""

import pytest

from core.base.errors import ErrorCode
from core.library.filesystem.folder_scanner import ScannedEntry
from core.library.maintenance.outdated_files import mark_outdated_files
from core.library.reading.file_reader import EXTRACTOR_VERSION
from core.library.store.library_records import FolderRecord, LibraryRecords
from tests.library import shelving


@pytest.fixture
def folder(records: LibraryRecords) -> FolderRecord:
    folder = records.add_folder("/somewhere")
    mark_outdated_files(records, recognize=True)
    shelving.put(records, folder, "a.txt", "The rent is due.")
    shelving.put(records, folder, "b.pdf", "The boiler is old.")
    records.skip_file(folder.id, ScannedEntry("c.png", 1, 1), ErrorCode.FILE_NO_TEXT, {})
    return folder


def waiting(records: LibraryRecords, folder: FolderRecord) -> list[str]:
    return sorted(name for name, file in records.known_files(folder.id).items() if file.waiting)


def test_nothing_waits_while_the_reader_is_the_same(
    records: LibraryRecords, folder: FolderRecord
) -> None:
    mark_outdated_files(records, recognize=True)
    assert waiting(records, folder) == []


def test_a_better_reader_reads_everything_again(
    records: LibraryRecords, folder: FolderRecord, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "core.library.maintenance.outdated_files.EXTRACTOR_VERSION", EXTRACTOR_VERSION + 1
    )
    mark_outdated_files(records, recognize=True)
    assert waiting(records, folder) == ["a.txt", "b.pdf", "c.png"]
    assert records.contents.file_pages(folder.id, "a.txt") is not None
    # The same bytes are not taken for read, and no passage needs a new vector.
    assert shelving.put(records, folder, "a.txt", "The rent is due.") == 0
    assert waiting(records, folder) == ["b.pdf", "c.png"]
    list(records.contents.delete_orphans())
    assert shelving.counts(records)["content"] == 2


def test_only_what_may_hold_pictures_is_read_again_once_they_can_be_read(
    records: LibraryRecords, folder: FolderRecord
) -> None:
    mark_outdated_files(records, recognize=False)
    assert waiting(records, folder) == []
    mark_outdated_files(records, recognize=True)
    assert waiting(records, folder) == ["b.pdf", "c.png"]
