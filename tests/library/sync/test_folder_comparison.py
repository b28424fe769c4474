"""Which files of a folder a sync reads: settled ones, and ones that could not be read before."""

import sys
from pathlib import Path

import pytest

from core.base.errors import ErrorCode
from core.base.paths import Paths
from core.library.filesystem.folder_scanner import ScannedEntry
from core.library.store.library_records import FolderRecord, LibraryRecords
from core.library.sync.folder_comparison import SETTLE_SECONDS, FolderComparison, SyncOptions
from tests.library.shelving import put


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "papers" / "note.txt"
    path.parent.mkdir()
    path.write_text("The strawberries were sown on 3 April.")
    return path


@pytest.fixture
def folder(records: LibraryRecords, file: Path) -> FolderRecord:
    return records.add_folder(str(file.parent))


def compared(
    records: LibraryRecords, folder: FolderRecord, root: Paths, options: SyncOptions, now: float
) -> FolderComparison:
    made = FolderComparison(records, folder, root.root, options, lambda: now)
    for _step in made.compare_in_steps():
        pass
    return made


@pytest.mark.parametrize(
    ("seconds", "is_read"),
    [(0.5, False), (SETTLE_SECONDS + 0.5, True), (-3600.0, True)],
    ids=["just now", "before", "in the future"],
)
def test_a_file_is_read_once_it_has_settled(
    records: LibraryRecords,
    folder: FolderRecord,
    file: Path,
    root: Paths,
    seconds: float,
    *,
    is_read: bool,
) -> None:
    """A time in the future is another computer's: the file would never settle."""
    now = file.stat().st_mtime + seconds
    made = compared(records, folder, root, SyncOptions(resting=True), now)
    assert [each.relative for each in made.changed_entries] == ["note.txt"] * is_read
    assert made.unsettled_files == ["note.txt"] * (not is_read)
    assert compared(records, folder, root, SyncOptions(), now).changed_entries


@pytest.mark.parametrize(
    ("code", "is_read"),
    [
        (ErrorCode.FILE_IN_CLOUD, True),
        (ErrorCode.FILE_UNREADABLE, True),
        (ErrorCode.FILE_NO_TEXT, False),
    ],
)
def test_what_was_skipped_for_what_may_pass_is_read_again(
    records: LibraryRecords,
    folder: FolderRecord,
    file: Path,
    root: Paths,
    code: ErrorCode,
    *,
    is_read: bool,
) -> None:
    status = file.stat()
    entry = ScannedEntry(file.name, status.st_size, status.st_mtime_ns)
    records.skip_file(folder.id, entry, code, {})
    made = compared(records, folder, root, SyncOptions(), status.st_mtime + 60)
    assert bool(made.changed_entries) == is_read
    again = compared(records, folder, root, SyncOptions(retry=True), status.st_mtime + 60)
    assert again.changed_entries


def test_a_file_in_two_of_the_parts_is_read_once(
    records: LibraryRecords, folder: FolderRecord, file: Path, root: Paths
) -> None:
    inner = file.parent / "garden" / "beds.txt"
    inner.parent.mkdir()
    inner.write_text("The long beds are watered on Fridays.")
    options = SyncOptions(parts=("garden", "garden/beds.txt"))
    made = compared(records, folder, root, options, file.stat().st_mtime + 60)
    assert [each.relative for each in made.changed_entries] == ["garden/beds.txt"]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps links to administrators")
def test_a_file_that_was_read_and_is_a_link_now_is_told_as_changed(
    records: LibraryRecords, folder: FolderRecord, file: Path, root: Paths
) -> None:
    now = file.stat().st_mtime + 60
    put(records, folder, file.name, file.read_text())
    file.unlink()
    file.symlink_to(root.root)
    (changed,) = compared(records, folder, root, SyncOptions(), now).changed_entries
    assert changed.code == ErrorCode.FILE_LINK
    records.skip_file(folder.id, changed, ErrorCode.FILE_LINK, {})
    assert compared(records, folder, root, SyncOptions(), now).changed_entries == []
