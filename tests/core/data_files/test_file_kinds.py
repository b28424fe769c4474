"""What lies in the place of a data file and is none: it is said, not waited for, and stays."""

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from core.app.encryption.key_file import read_key_file
from core.base.data_files import open_data_file, read_data_file
from core.base.database import open_database
from core.base.errors import ErrorCode, StorageError
from core.base.paths import Paths
from core.chat.store.chat_backups import make_backup
from core.chat.store.chat_database import ChatDatabase
from core.library.store.stored_folders import read_stored_folders
from tests.chat.saved_chats import save_chats
from tests.library.pipes import make_pipe

if sys.platform == "win32":
    pytest.skip("links and pipes are made otherwise there", allow_module_level=True)


def _fail(error: StorageError) -> None:
    pytest.fail(f"taken for damaged: {error}")


def _lead_nowhere(path: Path) -> None:
    path.symlink_to(path.parent / "unplugged" / path.name)


def _lead_to_a_device(path: Path) -> None:
    path.symlink_to("/dev/zero")


KINDS: dict[str, Callable[[Path], None]] = {
    "pipe": make_pipe,
    "folder": Path.mkdir,
    "device": _lead_to_a_device,
    "a link that leads nowhere": _lead_nowhere,
}


@pytest.mark.parametrize("kind", KINDS)
def test_what_has_the_place_of_chats_is_said_and_left(root: Paths, kind: str) -> None:
    KINDS[kind](root.chats)
    before = root.chats.lstat().st_ino
    with pytest.raises(StorageError) as caught:
        ChatDatabase(root.chats, root.backups, _fail)
    assert caught.value.code is ErrorCode.DATABASE_NO_FILE
    assert caught.value.facts["path"] == str(root.chats)
    assert root.chats.lstat().st_ino == before


@pytest.mark.parametrize("kind", KINDS)
def test_what_has_the_place_of_the_log_is_said(root: Paths, kind: str) -> None:
    save_chats(root, range(1))
    log = root.chats.with_name("chats.db-wal")
    log.unlink(missing_ok=True)
    KINDS[kind](log)
    with pytest.raises(StorageError) as caught:
        open_database(root.chats, (), root.backups)
    assert caught.value.code is ErrorCode.DATABASE_NO_FILE


def test_chats_on_a_drive_that_is_away_are_not_taken_for_lost(root: Paths) -> None:
    texts = save_chats(root)
    make_backup(root.chats, root.backups, 86_400.0)
    drive = root.root.parent / "drive"
    drive.mkdir()
    root.chats.rename(drive / "chats.db")
    root.chats.symlink_to(drive / "chats.db")
    drive.rename(away := drive.with_name("away"))
    with pytest.raises(StorageError):
        ChatDatabase(root.chats, root.backups, _fail)
    away.rename(drive)
    chats = ChatDatabase(root.chats, root.backups, _fail)
    assert len(chats.list_chats()) == len(texts)
    chats.close()
    assert root.chats.is_symlink()


def test_a_library_on_a_drive_that_is_away_is_not_taken_for_an_empty_one(root: Paths) -> None:
    assert read_stored_folders(root.library) == ()
    _lead_nowhere(root.library)
    assert read_stored_folders(root.library) is None


@pytest.mark.parametrize("kind", ["pipe", "device", "folder"])
def test_what_is_no_file_is_not_waited_for(root: Paths, kind: str) -> None:
    path = root.root / "any.state"
    KINDS[kind](path)
    for read in (read_data_file, open_data_file):
        with pytest.raises(OSError, match=os.strerror(22)):
            read(path)


@pytest.mark.parametrize("kind", ["pipe", "device", "folder"])
def test_what_has_the_place_of_the_key_file_is_said(root: Paths, kind: str) -> None:
    KINDS[kind](root.key_file)
    with pytest.raises(StorageError) as caught:
        read_key_file(root)
    assert caught.value.code is ErrorCode.KEY_FILE_DAMAGED
