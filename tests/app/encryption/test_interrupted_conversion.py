"""Conversions that meet what they can't convert: nothing is lost, and nobody is locked out."""

import errno
import sys
from collections.abc import Callable
from pathlib import Path, PureWindowsPath
from typing import Any

import apsw
import pytest

from core.app.encryption.early_settings import early_settings
from core.app.encryption.encryption_service import EncryptionService
from core.app.encryption.key_file import EncryptionState, read_key_file
from core.app.encryption.key_wrapping import new_recovery_code
from core.base import database
from core.base.data_key import (
    KEY_BYTES,
    DataFileCipher,
    data_key,
    file_cipher,
)
from core.base.errors import ErrorCode, StorageError
from core.base.paths import Paths
from core.library.store.library_records import LibraryRecords
from tests.app.encryption.fake_key_store import FakeKeyStore
from tests.app.stage import Stage
from tests.planted_words import find_words, rare_words

CODE = new_recovery_code()
(TITLE,) = rare_words(1)


def open_stage(root: Paths, keys: FakeKeyStore) -> Stage:
    stage = Stage(root, is_open=False)
    stage.app.encryption = EncryptionService(root, keys)
    stage.app.open_root()
    return stage


def keep_a_chat(root: Paths, keys: FakeKeyStore) -> None:
    stage = open_stage(root, keys)
    stage.loaded()
    stage.app.questions.ask_question(TITLE)
    stage.engine.answer("Yes.")
    stage.app.process_events()
    stage.app.close()


def titles(root: Paths, keys: FakeKeyStore) -> list[str]:
    stage = open_stage(root, keys)
    found = [chat.title for chat in stage.app.chats.list_chats()]
    stage.app.close()
    return found


def encrypt(root: Paths, keys: FakeKeyStore) -> None:
    stage = open_stage(root, keys)
    stage.app.encryption.switch_on("", CODE)
    stage.app.close()


def decrypt(root: Paths, keys: FakeKeyStore) -> None:
    stage = open_stage(root, keys)
    stage.app.encryption.switch_off()
    stage.app.close()


def test_a_database_that_another_program_reads_is_converted_at_the_next_start(
    root: Paths, starter_model: Path, key_store: FakeKeyStore
) -> None:
    keep_a_chat(root, key_store)
    stage = open_stage(root, key_store)
    stage.app.encryption.switch_on("", CODE)
    reader = apsw.Connection(str(root.chats))
    reader.execute("BEGIN").fetchall()
    reader.execute("SELECT count(*) FROM sqlite_schema").fetchall()
    with pytest.raises(StorageError) as caught:
        stage.app.close()
    assert caught.value.code == ErrorCode.DATABASE_HELD
    reader.close()
    assert titles(root, key_store) == [TITLE]
    assert not list(root.root.glob("chats.db.*"))
    assert not root.chats.read_bytes().startswith(b"SQLite format 3")


def test_a_folder_on_a_share_is_no_authority_to_sqlite() -> None:
    shared = PureWindowsPath(r"\\server\share\my data\chats.db.part")
    assert database._file_uri(shared) == "file:////server/share/my%20data/chats.db.part"
    drive = PureWindowsPath(r"C:\data\chats.db.part")
    assert database._file_uri(drive) == "file:///C:/data/chats.db.part"


def test_a_decryption_that_was_cut_off_leaves_no_refused_key(
    root: Paths, starter_model: Path, key_store: FakeKeyStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep_a_chat(root, key_store)
    encrypt(root, key_store)
    stage = open_stage(root, key_store)
    stage.app.encryption.switch_off()
    monkeypatch.setattr(stage.app.encryption, "on_progress", _interrupt)
    with pytest.raises(KeyboardInterrupt):
        stage.app.close()
    kept = read_key_file(root)
    assert kept is not None
    assert kept.state is EncryptionState.DECRYPTING
    early_settings(root)  # as each start does
    assert titles(root, key_store) == [TITLE]
    assert data_key() is None


def test_a_plain_folder_opens_after_an_encrypted_one_was_looked_at(
    root: Paths, starter_model: Path, key_store: FakeKeyStore, tmp_path: Path
) -> None:
    encrypt(root, key_store)
    early_settings(root)
    with pytest.raises(StorageError) as caught:
        data_key()
    assert caught.value.code is ErrorCode.DATA_LOCKED
    scratch = Paths(tmp_path / "scratch")
    assert titles(scratch, key_store) == []


@pytest.mark.parametrize("name", ["chats.db.damaged-17", "servers.damaged.json", "chats.db.unread"])
def test_what_was_moved_aside_while_encrypted_is_plain_again(
    root: Paths, starter_model: Path, key_store: FakeKeyStore, name: str
) -> None:
    encrypt(root, key_store)
    stage = open_stage(root, key_store)
    stage.app.encryption.switch_off()
    original = root.chats if "chats" in name else root.servers
    cipher = file_cipher()
    assert cipher is not None
    aside = root.root / name
    stage.app.call_before_close(
        lambda: aside.write_bytes(cipher.encrypt(original, TITLE.encode() * 9))
    )
    stage.app.close()
    assert aside.read_bytes() == TITLE.encode() * 9
    assert not list(root.root.glob("encryption*"))


def test_the_log_of_a_damaged_database_comes_back_too(
    root: Paths, starter_model: Path, key_store: FakeKeyStore
) -> None:
    keep_a_chat(root, key_store)
    encrypt(root, key_store)
    stage = open_stage(root, key_store)
    stage.app.encryption.switch_off()
    cipher = file_cipher()
    assert cipher is not None
    content = TITLE.encode() * 300
    names = {"chats.db": "chats.db.damaged-1", "chats.db-wal": "chats.db.damaged-1-wal"}
    written = {
        root.root / new: cipher.encrypt(root.root / old, content) for old, new in names.items()
    }
    stage.app.call_before_close(lambda: [path.write_bytes(each) for path, each in written.items()])
    stage.app.close()
    assert {path: path.read_bytes() for path in written} == dict.fromkeys(written, content)


def test_a_file_that_stays_encrypted_keeps_its_key_and_no_start_is_stopped(
    root: Paths, starter_model: Path, key_store: FakeKeyStore
) -> None:
    keep_a_chat(root, key_store)
    encrypt(root, key_store)
    decrypted = open_stage(root, key_store)
    decrypted.app.encryption.switch_off()
    other = DataFileCipher(root.root, bytes(KEY_BYTES)).encrypt(root.servers, b"{}")
    decrypted.app.call_before_close(lambda: root.servers.write_bytes(other))
    decrypted.app.close()
    assert titles(root, key_store) == [TITLE]
    assert not root.key_file.exists()
    assert (root.root / "servers.damaged.json").read_bytes() == other
    (kept,) = root.root.glob("encryption.json.kept-*")
    assert len(key_store.keys) == 1
    kept.replace(root.key_file)  # as the person does who has repaired the file
    assert titles(root, key_store) == [TITLE]
    encrypt(root, key_store)
    assert titles(root, key_store) == [TITLE]
    (kept,) = root.root.glob("encryption.json.kept-*")
    assert b"decrypting" in kept.read_bytes()


def test_a_new_code_is_told_though_the_second_key_file_cannot_be_written(
    root: Paths, starter_model: Path, key_store: FakeKeyStore
) -> None:
    encrypt(root, key_store)
    stage = open_stage(root, key_store)
    root.second_key_file.unlink()
    root.second_key_file.mkdir()
    code = new_recovery_code()
    stage.app.encryption.change_recovery_code(code)
    stage.app.close()
    others = EncryptionService(root, FakeKeyStore())
    with pytest.raises(StorageError) as caught:
        others.unlock(new_recovery_code())
    assert caught.value.code == ErrorCode.SECRET_WRONG
    others.unlock(code)


@pytest.mark.parametrize("is_off", [False, True])
def test_a_file_that_refuses_is_named_before_anything_is_changed(
    root: Paths,
    starter_model: Path,
    key_store: FakeKeyStore,
    monkeypatch: pytest.MonkeyPatch,
    is_off: bool,
) -> None:
    keep_a_chat(root, key_store)
    if is_off:
        encrypt(root, key_store)
    copy = root.backups / "chats-before-1.db"
    copy.write_bytes(b"")
    stage = open_stage(root, key_store)
    encryption = stage.app.encryption
    with monkeypatch.context() as patch:
        patch.setattr(Path, "open", _refusing(copy))
        with pytest.raises(StorageError) as caught:
            encryption.switch_off() if is_off else encryption.switch_on("", CODE)
    assert caught.value.facts["path"] == str(copy)
    assert encryption.status.pending is None
    stage.app.close()


def test_a_copy_that_refuses_within_the_conversion_locks_nobody_out(
    root: Paths, starter_model: Path, key_store: FakeKeyStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep_a_chat(root, key_store)
    copy = root.backups / "notes-before-1.json"
    copy.write_bytes(b"{}")
    stage = open_stage(root, key_store)
    stage.app.encryption.switch_on("", CODE)
    with monkeypatch.context() as patch:
        patch.setattr(Path, "open", _refusing(copy))
        stage.app.close()
    assert copy.read_bytes() == b"{}"
    assert titles(root, key_store) == [TITLE]


@pytest.mark.skipif(sys.platform == "win32", reason="links need a right there")
def test_a_folder_on_another_disk_is_encrypted_and_any_other_link_refused(
    root: Paths, starter_model: Path, key_store: FakeKeyStore, tmp_path: Path
) -> None:
    keep_a_chat(root, key_store)
    records = LibraryRecords(root)
    records.set_metadata("note", TITLE)
    records.close()
    root.library_folder.rename(tmp_path / "elsewhere")
    root.library_folder.symlink_to(tmp_path / "elsewhere", target_is_directory=True)
    link = root.attachments / "linked.txt"
    root.attachments.mkdir(exist_ok=True)
    link.symlink_to(tmp_path / "elsewhere")
    stage = open_stage(root, key_store)
    with pytest.raises(StorageError) as caught:
        stage.app.encryption.switch_on("", CODE)
    assert str(link) in str(caught.value)
    link.unlink()
    stage.app.encryption.switch_on("", CODE)
    stage.app.close()
    assert find_words([tmp_path / "elsewhere"], [TITLE]) == {}
    decrypt(root, key_store)
    assert root.library_folder.is_symlink()
    assert find_words([tmp_path / "elsewhere"], [TITLE]) != {}


def _refusing(refused: Path) -> Callable[..., Any]:
    whole = Path.open

    def open_or_refuse(path: Path, mode: str = "r", *rest: Any, **options: Any) -> Any:
        if path == refused and "+" in mode:
            raise PermissionError(errno.EACCES, "Permission denied", str(path))
        return whole(path, mode, *rest, **options)

    return open_or_refuse


def _interrupt(_progress: object) -> None:
    raise KeyboardInterrupt
