"""Which files of a folder a sync reads: settled ones, and ones that could not be read before."""

from pathlib import Path

import pytest

from core.base.errors import ErrorCode
from core.base.paths import Paths
from core.library.filesystem.folder_scanner import ScannedEntry
from core.library.store.library_records import FolderRecord, LibraryRecords
from core.library.sync.folder_comparison import SETTLE_SECONDS, FolderComparison, SyncOptions


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
