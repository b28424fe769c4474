"""A file that is gone is found no more; one that can't be seen is."""

import sys
from pathlib import Path

import pytest

from core.base.errors import ErrorCode, LibraryError
from core.library.filesystem import missing_files, path_kinds
from core.library.filesystem.file_hashing import hash_steps
from core.library.filesystem.folder_scanner import FolderScan, ScannedEntry, ScanRules
from core.library.filesystem.missing_files import MissingFiles


@pytest.fixture
def papers(tmp_path: Path) -> Path:
    folder = tmp_path / "papers"
    folder.mkdir()
    (folder / "note.txt").write_text("The rent is due on the first.")
    return folder


def test_what_is_gone_from_a_folder_that_is_there_is_missing(papers: Path) -> None:
    files = MissingFiles()
    assert not files.is_missing(str(papers), "note.txt")
    assert files.is_missing(str(papers), "gone.txt")
    assert files.is_missing(str(papers), "note.txt/inner.txt")


def test_a_drive_that_was_unplugged_misses_nothing(papers: Path) -> None:
    files = MissingFiles()
    papers.rename(papers.with_name("drive"))
    assert not files.is_missing(str(papers), "note.txt")


def test_on_a_network_drive_nobody_looks(papers: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Path] = []

    def is_remote(path: Path) -> bool:
        asked.append(path)
        return True

    monkeypatch.setattr(missing_files, "is_on_network_drive", is_remote)
    files = MissingFiles()
    assert not files.is_missing(str(papers), "gone.txt")
    assert not files.is_missing(str(papers), "gone too.txt")
    assert asked == [papers], "once a folder: such a question may take seconds"


def test_only_another_device_is_asked_whether_it_is_a_network_drive(
    papers: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (papers / "inner").mkdir()
    (papers / "inner" / "lease.txt").write_text("words")
    monkeypatch.setattr(path_kinds, "is_on_network_drive", lambda _path: True)
    found = [each.relative for each in FolderScan(papers, ScanRules()).scan_folder()]
    assert sorted(found) == ["inner/lease.txt", "note.txt"]
    device = papers.stat().st_dev
    identity = path_kinds.folder_identity
    monkeypatch.setattr(
        path_kinds,
        "folder_identity",
        lambda path: (device + 1, 1) if path == papers else identity(path),
    )
    codes = {each.relative: each.code for each in FolderScan(papers, ScanRules()).scan_folder()}
    assert codes["inner"] == ErrorCode.PART_REMOTE


@pytest.mark.skipif(sys.platform == "win32", reason="opens links, which the scanner keeps out")
def test_a_link_that_took_a_files_place_is_not_followed(papers: Path, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("words of another folder")
    status = (papers / "note.txt").stat()
    entry = ScannedEntry("note.txt", status.st_size, status.st_mtime_ns)
    (papers / "note.txt").unlink()
    (papers / "note.txt").symlink_to(secret)
    with pytest.raises(LibraryError) as refused:
        list(hash_steps(papers / "note.txt", entry))
    assert refused.value.code == ErrorCode.FILE_UNREADABLE
