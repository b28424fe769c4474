"""Conversions that meet what they can't convert: nothing is lost, and nobody is locked out."""

from pathlib import Path, PureWindowsPath

import apsw
import pytest

from core.app.encryption.encryption_service import EncryptionService
from core.app.encryption.key_file import EncryptionState, early_settings, read_key_file
from core.app.encryption.key_wrapping import new_recovery_code
from core.base import database
from core.base.data_key import data_key
from core.base.errors import ErrorCode, StorageError
from core.base.paths import Paths
from tests.app.encryption.kept_keys import FakeKeyStore
from tests.app.stage import Stage
from tests.planted_words import rare_words

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
    with pytest.raises(StorageError):
        stage.app.close()
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


def _interrupt(_progress: object) -> None:
    raise KeyboardInterrupt
