"""Fault 9: a data folder on a full disk can be read, and is written again once there is room."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from core.base.errors import ErrorCode, StorageError
from core.base.i18n import LANGUAGE_VARIABLE
from core.base.paths import Paths, program_folder
from core.chat.store.chat_database import ChatDatabase
from core.library.store.library_records import LibraryRecords
from core.library.store.stored_folders import read_stored_folders
from tests.chat.saved_chats import save_chats
from tests.faults.disks import MEGABYTE, needs_disks, small_disk

pytestmark = [pytest.mark.slow, needs_disks]


def _filler(disk: Path) -> Path:
    """Leave no byte on the disk."""
    filler = disk / "filler"
    with filler.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(MEGABYTE // 256))
        except OSError:
            return filler


def test_chats_are_read_on_a_full_disk_and_written_once_there_is_room(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", 4) as disk:
        root = Paths(disk / "root")
        root.create_folders()
        texts = save_chats(root, range(5))
        filler = _filler(disk)
        chats = ChatDatabase(root.chats, root.backups)
        assert {entry.chat_id for entry in chats.list_chats()} == texts.keys()
        with pytest.raises(StorageError) as caught:
            chats.rename_chat(next(iter(texts)), "x" * 80_000)
        assert caught.value.code is ErrorCode.DISK_FULL
        filler.unlink()
        first = next(iter(texts))
        chats.rename_chat(first, "New")
        chats.close()
        chats = ChatDatabase(root.chats, root.backups)
        assert "New" in {entry.title for entry in chats.list_chats()}
        chats.close()


def test_folders_are_known_on_a_full_disk(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", 4) as disk:
        root = Paths(disk / "root")
        root.create_folders()
        records = LibraryRecords(root)
        folder = records.add_folder("/papers")
        records.close()
        _filler(disk)
        found = read_stored_folders(root.library)
        assert found is not None
        assert [each.folder_id for each in found] == [folder.id]
        records = LibraryRecords(root)
        assert records.active_folders() == [folder]
        found = read_stored_folders(root.library)  # beside the child that has it open
        assert found is not None
        assert [each.folder_id for each in found] == [folder.id]
        records.close()


def test_a_terminal_on_a_full_disk_lists_chats_and_says_what_it_cannot_do(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", 4) as disk:
        root = Paths(disk / "root")
        root.create_folders()
        save_chats(root, range(3))
        _inglenook(root, "chat", "list")
        _filler(disk)
        listed = _inglenook(root, "chat", "list")
        assert listed.returncode == 0
        assert "Chat 2" in listed.stdout
        assert listed.stderr == ""
        assert _inglenook(root, "settings").returncode == 0
        refused = _inglenook(root, "settings", "temperature", "0.5")
        assert refused.returncode == 1
        assert refused.stderr.splitlines() == [
            f"inglenook: The disk that holds {root.settings} is full.",
            "Free some space and run the command again; what was saved before is kept.",
        ]


def _inglenook(root: Paths, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-P", "-m", "desktop", "--root", str(root.root), *words]
    return subprocess.run(
        command,
        capture_output=True,
        text=True,
        check=False,
        cwd=program_folder(),
        env={**os.environ, LANGUAGE_VARIABLE: "en", "PYTHONPATH": str(program_folder())},
    )
