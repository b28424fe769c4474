"""Network drives, clouds and links are told from plain files by what each system says."""

import stat
from collections import namedtuple
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import psutil
import pytest

from core.library.filesystem import path_kinds

Partition = namedtuple("Partition", "device mountpoint fstype opts")  # noqa: PYI024 - psutil's own


def status(**fields: Any) -> Any:
    return SimpleNamespace(**{"st_mode": stat.S_IFREG | 0o644, **fields})


@pytest.mark.parametrize(
    ("path", "remote"),
    [("/home/me/docs", False), ("/mnt/share/docs", True), ("/mnt/share", True), ("/mnt/s", False)],
)
def test_a_network_drive_is_known_by_its_file_system(
    monkeypatch: pytest.MonkeyPatch, path: str, remote: bool
) -> None:
    mounts = [
        Partition("/dev/sda", "/", "ext4", "rw"),
        Partition("//nas/docs", "/mnt/share", "cifs", "rw"),
        Partition("/dev/sdb", "/mnt", "vfat", "rw"),
    ]
    monkeypatch.setattr(psutil, "disk_partitions", lambda all: mounts)  # noqa: A006
    assert path_kinds.is_on_network_drive(Path(path)) is remote


def test_a_drive_that_windows_calls_remote_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    mounts = [Partition("Z:", "/", "NTFS", "rw,remote")]
    monkeypatch.setattr(psutil, "disk_partitions", lambda all: mounts)  # noqa: A006
    assert path_kinds.is_on_network_drive(Path("/docs"))
    assert path_kinds.is_on_network_drive(Path("\\\\nas\\docs"))


@pytest.mark.parametrize(
    "fields",
    [
        {"st_file_attributes": 0x400000},  # OneDrive, not on this computer
        {"st_file_attributes": 0x1000},
        {"st_flags": 0x40000000},  # iCloud, likewise
    ],
)
def test_a_file_that_would_be_fetched_lies_in_a_cloud(fields: dict[str, int]) -> None:
    assert path_kinds.is_cloud_placeholder(status(**fields))
    assert not path_kinds.is_cloud_placeholder(status())


def test_windows_marks_what_a_cloud_keeps_here_and_it_is_plain() -> None:
    kept = status(st_reparse_tag=0x9000701A, st_file_attributes=0x400)
    assert path_kinds.is_regular_file(kept)
    assert not path_kinds.is_link(kept)
    assert not path_kinds.is_cloud_placeholder(kept)


def test_links_and_what_nobody_knows_are_not_plain(tmp_path: Path) -> None:
    assert path_kinds.is_link(status(st_reparse_tag=0xA0000003))
    assert path_kinds.is_link(status(st_mode=stat.S_IFLNK))
    assert not path_kinds.is_regular_file(status(st_reparse_tag=0x8000001B))
    assert not path_kinds.is_regular_file(tmp_path.stat())
