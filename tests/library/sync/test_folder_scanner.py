"""The walk sees regular files only, follows nothing and stays out of what is no document."""

import os
import sys
from pathlib import Path

import pytest

from core.base.errors import ErrorCode
from core.library.filesystem.folder_scanner import (
    MAX_DEPTH,
    FolderScan,
    ScannedEntry,
    ScanRules,
)
from tests.library.pipes import make_pipe

posix = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such thing")


def seen(root: Path, **rules: object) -> dict[str, ScannedEntry]:
    scan = FolderScan(root, ScanRules(**rules))  # type: ignore[arg-type] # named as the rules are
    return {found.relative: found for found in scan.scan_folder()}


def codes(root: Path, **rules: object) -> dict[str, ErrorCode | None]:
    return {name: found.code for name, found in seen(root, **rules).items()}


def put(path: Path, text: str = "text") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def test_files_carry_size_and_time(tmp_path: Path) -> None:
    file = put(tmp_path / "a" / "b.txt")
    found = seen(tmp_path)["a/b.txt"]
    assert (found.size, found.modified_ns, found.code) == (4, file.stat().st_mtime_ns, None)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    for name in (".git/x", ".ssh/id.txt", "node_modules/p/readme.md", "a/__pycache__/a.txt"):
        put(tmp_path / name)
    put(tmp_path / "env" / "pyvenv.cfg")
    put(tmp_path / "env" / "lib" / "licence.txt")
    put(tmp_path / ".config" / "plan.txt")
    for name in (".hidden.txt", "~$open.docx", "Thumbs.db", "kept.txt"):
        put(tmp_path / name)
    return tmp_path


PASSED_OVER = {
    ".config": ErrorCode.PART_HIDDEN,
    ".git": ErrorCode.PART_HIDDEN,
    ".ssh": ErrorCode.PART_KEYS,
    "a/__pycache__": ErrorCode.PART_GENERATED,
    "env": ErrorCode.PART_GENERATED,
    "node_modules": ErrorCode.PART_GENERATED,
}


def test_hidden_generated_and_secret_folders_are_listed_not_entered(home: Path) -> None:
    assert codes(home) == {**PASSED_OVER, "kept.txt": None}


def test_hidden_folders_are_entered_when_wanted_but_not_those_of_keys(home: Path) -> None:
    read = codes(home, hidden=True)
    assert {name for name, code in read.items() if code is None} == {
        ".config/plan.txt",
        ".hidden.txt",
        "kept.txt",
    }
    assert (read[".ssh"], read[".git"]) == (ErrorCode.PART_KEYS, ErrorCode.PART_GENERATED)


def test_a_pattern_lets_a_part_be_read(home: Path) -> None:
    read = codes(home, included=(".ssh", "env/*"))
    assert read[".ssh/id.txt"] is None
    assert read["env"] == ErrorCode.PART_GENERATED
    assert codes(home, included=("env",))["env/lib/licence.txt"] is None
    assert codes(home, included=("a/__pyc*",))["a/__pycache__/a.txt"] is None


def test_the_apps_own_root_is_never_entered(tmp_path: Path) -> None:
    put(tmp_path / "data" / "chats.txt")
    put(tmp_path / "kept.txt")
    own = {"own": tmp_path / "data", "included": ("data",)}
    assert codes(tmp_path, **own) == {"data": ErrorCode.PART_OWN, "kept.txt": None}


def test_one_part_is_looked_at_as_the_whole_would_be(home: Path) -> None:
    scan = FolderScan(home, ScanRules())
    parts = ("kept.txt", "env/lib/licence.txt", ".ssh", "a", "gone.txt", "kept.txt/x")
    found = [entry.relative for part in parts for entry in scan.scan_part(part)]
    assert found == ["kept.txt", ".ssh", "a/__pycache__"]
    assert scan.entered_folders == {"a"}


def test_what_is_too_deep_is_listed(tmp_path: Path) -> None:
    put(tmp_path.joinpath(*"a" * (MAX_DEPTH + 2), "b.txt"))
    assert codes(tmp_path) == {"/".join("a" * (MAX_DEPTH + 1)): ErrorCode.PART_TOO_DEEP}


def test_a_file_that_lies_in_a_cloud_is_not_fetched(tmp_path: Path) -> None:
    put(tmp_path / "docs" / ".plan.pdf.icloud")
    assert codes(tmp_path) == {"docs/plan.pdf": ErrorCode.FILE_IN_CLOUD}


@posix
def test_links_and_pipes_are_named_and_not_opened(tmp_path: Path) -> None:
    outside = put(tmp_path / "outside" / "secret.txt")
    root = tmp_path / "root"
    put(root / "kept.txt")
    (root / "link.txt").symlink_to(outside)
    (root / "linked-folder").symlink_to(outside.parent)
    (root / "loop").symlink_to(root)
    make_pipe(root / "pipe")
    assert codes(root) == {
        "kept.txt": None,
        "link.txt": ErrorCode.FILE_LINK,
        "linked-folder": ErrorCode.FILE_LINK,
        "loop": ErrorCode.FILE_LINK,
        "pipe": ErrorCode.FILE_SPECIAL,
    }


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux takes any bytes as a name")
def test_names_of_odd_bytes_survive(tmp_path: Path) -> None:
    name = os.fsdecode(b"caf\xe9.txt")
    put(tmp_path / name)
    assert name in seen(tmp_path)


def test_a_vanished_folder_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="gone"):
        list(FolderScan(tmp_path / "gone", ScanRules()).scan_folder())
