"""Encryption on and off: all of it unreadable without the key, all of it back, never silently."""

import itertools
import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from msgspec import structs

from core.app.encryption.encryption_service import EncryptionService
from core.app.encryption.key_file import (
    EncryptionState,
    KeyFile,
    read_key_file,
    write_key_file,
)
from core.app.encryption.key_wrapping import UnlockMethod, new_recovery_code
from core.base.data_key import no_key, use_data_key
from core.base.errors import ErrorCode, StorageError
from core.base.paths import Paths
from core.base.settings.app_settings import MODEL
from core.courier.connection.contact_log import ContactLog, read_contacts
from core.library.store.library_records import LibraryRecords
from core.messages import UseDataKey
from tests.app.encryption.fake_key_store import FakeKeyStore
from tests.app.stage import Stage
from tests.planted_words import find_words, rare_words

PASSPHRASE = "four or five words"
CODE = new_recovery_code()
WORDS = rare_words(5)
TITLE, ANSWER, SETTING, CONTACT, NOTE = WORDS


def open_stage(root: Paths, keys: FakeKeyStore, secret: str = "") -> Stage:
    """Return an open application, unlocked with a secret where the key store can't."""
    stage = Stage(root, is_open=False)
    stage.app.encryption = EncryptionService(root, keys)
    if secret:
        stage.app.encryption.unlock(secret)
    stage.app.open_root()
    return stage


def use_everything(root: Paths, keys: FakeKeyStore) -> None:
    """Keep a rare word in each kind of file."""
    stage = open_stage(root, keys)
    stage.loaded()
    stage.app.questions.ask_question(f"Who is {TITLE}?")
    stage.engine.answer(f"{ANSWER} is your aunt.")
    stage.app.process_events()
    stage.app.settings.set_value(MODEL, SETTING)
    stage.app.close()
    ContactLog(root.contacts).open_contact("example.org", 443, "list", CONTACT).finish_contact("ok")
    records = LibraryRecords(root)
    records.set_metadata("note", NOTE)
    records.close()
    (root.backups / "chats-2026-12-01.db").write_bytes(root.chats.read_bytes())


def switch(root: Paths, keys: FakeKeyStore, *, on: bool, passphrase: str = "") -> None:
    noted_switch(root, keys, on=on, passphrase=passphrase).app.close()


def noted_switch(root: Paths, keys: FakeKeyStore, *, on: bool, passphrase: str = "") -> Stage:
    stage = open_stage(root, keys)
    if on:
        stage.app.encryption.switch_on(passphrase, CODE)
    else:
        stage.app.encryption.switch_off()
    return stage


def assert_all_is_back(root: Paths, keys: FakeKeyStore) -> None:
    stage = open_stage(root, keys)
    assert [chat.title for chat in stage.app.chats.list_chats()] == [f"Who is {TITLE}?"]
    assert {hit.title for hit in stage.app.chats.search.find_hits(ANSWER)} == {f"Who is {TITLE}?"}
    assert stage.app.settings.get_value(MODEL) == SETTING
    assert [contact.about for contact in read_contacts(root.contacts)] == [CONTACT]
    records = LibraryRecords(root)
    assert records.get_metadata("note") == NOTE
    records.close()
    stage.app.close()


def test_on_and_off_again(root: Paths, starter_model: Path, key_store: FakeKeyStore) -> None:
    use_everything(root, key_store)
    (root.logs / "engine.log").write_text(f"couldn't open {TITLE}.pdf")
    assert set().union(*find_words([root.root], WORDS).values()) == set(WORDS)
    switch(root, key_store, on=True)
    assert find_words([root.root], WORDS) == {}
    assert read_key_file(root).state is EncryptionState.ON  # type: ignore[union-attr]
    assert_all_is_back(root, key_store)
    assert find_words([root.root], WORDS) == {}
    switch(root, key_store, on=False)
    assert not root.key_file.exists()
    assert not root.second_key_file.exists()
    assert key_store.keys == {}
    assert_all_is_back(root, key_store)
    assert json.loads(root.settings.read_bytes())[MODEL.key] == SETTING


@pytest.mark.parametrize("on", [True, False])
def test_a_conversion_ended_anywhere_goes_on(
    root: Paths,
    starter_model: Path,
    key_store: FakeKeyStore,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    on: bool,
) -> None:
    class Killed(BaseException):
        pass

    use_everything(root, key_store)
    if not on:
        switch(root, key_store, on=True)
    begun = shutil.copytree(root.root, tmp_path / "begun")
    sync = os.fsync
    for nth in itertools.count(1, 4):
        left = itertools.count(-nth, 1)

        def sync_or_die(descriptor: int, left: Iterator[int] = left) -> None:
            if next(left) == 0:
                raise Killed
            sync(descriptor)

        keys = FakeKeyStore(keys=dict(key_store.keys))
        try:
            with monkeypatch.context() as patch:
                stage = noted_switch(root, keys, on=on)
                patch.setattr(os, "fsync", sync_or_die)
                stage.app.close()
        except Killed:
            use_data_key(no_key)
        else:
            break
        assert_all_is_back(root, keys)
        assert (find_words([root.root], WORDS) == {}) is on
        shutil.rmtree(root.root)
        shutil.copytree(begun, root.root)
    assert nth > 20


def test_without_the_key_store_the_code_or_the_passphrase_is_asked_for(
    root: Paths, starter_model: Path, key_store: FakeKeyStore
) -> None:
    use_everything(root, key_store)
    switch(root, key_store, on=True, passphrase=PASSPHRASE)
    before = {path: path.read_bytes() for path in root.root.iterdir() if path.is_file()}
    other = FakeKeyStore()
    with pytest.raises(StorageError) as caught:
        open_stage(root, other)
    assert caught.value.code is ErrorCode.DATA_LOCKED
    with pytest.raises(StorageError) as caught:
        open_stage(root, other, "not the passphrase")
    assert caught.value.code is ErrorCode.SECRET_WRONG
    assert {path: path.read_bytes() for path in before} == before
    open_stage(root, other, CODE.lower().replace("-", " ")).app.close()
    assert_all_is_back(root, other)  # it keeps the key from now on
    open_stage(root, FakeKeyStore(works=False), PASSPHRASE).app.close()


def test_a_passphrase_opens_it_on_a_full_disk_and_only_the_owner_tells_the_key_store(
    root: Paths, starter_model: Path, key_store: FakeKeyStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_paths: Paths, _content: KeyFile) -> None:
        raise StorageError(ErrorCode.DISK_FULL, path=str(root.key_file))

    use_everything(root, key_store)
    switch(root, key_store, on=True, passphrase=PASSPHRASE)
    other = FakeKeyStore()
    EncryptionService(root, other).unlock(PASSPHRASE)
    assert other.keys == {}, "another process may hold the data folder"
    with monkeypatch.context() as full:
        full.setattr("core.app.encryption.encryption_service.write_key_file", refuse)
        open_stage(root, other, PASSPHRASE).app.close()
    open_stage(root, other, PASSPHRASE).app.close()
    assert_all_is_back(root, other)


def test_another_passphrase_writes_the_key_file_alone(
    root: Paths, starter_model: Path, key_store: FakeKeyStore
) -> None:
    key_store.works = False
    use_everything(root, key_store)
    switch(root, key_store, on=True, passphrase=PASSPHRASE)
    stage = open_stage(root, key_store, PASSPHRASE)
    before = {path: path.read_bytes() for path in root.root.glob("*") if path.is_file()}
    stage.app.encryption.change_passphrase("another five words")
    changed = {path for path in before if path.read_bytes() != before[path]}
    with pytest.raises(StorageError) as caught:
        stage.app.encryption.change_passphrase("")
    assert caught.value.code is ErrorCode.SECRET_NEEDED
    code = new_recovery_code()
    stage.app.encryption.change_recovery_code(code)
    stage.app.close()
    assert changed == {root.key_file}
    for secret in (PASSPHRASE, CODE):
        with pytest.raises(StorageError) as refused:
            open_stage(root, key_store, secret)
        assert refused.value.code == ErrorCode.SECRET_WRONG
    open_stage(root, key_store, "another five words").app.close()
    open_stage(root, key_store, code).app.close()


def test_without_a_key_store_a_passphrase_is_needed(
    root: Paths, starter_model: Path, key_store: FakeKeyStore
) -> None:
    key_store.works = False
    stage = open_stage(root, key_store)
    for passphrase, code in (("", ErrorCode.SECRET_NEEDED), ("short", ErrorCode.SECRET_WEAK)):
        with pytest.raises(StorageError) as caught:
            stage.app.encryption.switch_on(passphrase, CODE)
        assert caught.value.code is code
    stage.app.close()
    assert read_key_file(root) is None


def test_a_lost_key_file_is_replaced_by_the_second_one_and_never_by_plain_data(
    root: Paths, starter_model: Path, key_store: FakeKeyStore
) -> None:
    use_everything(root, key_store)
    switch(root, key_store, on=True)
    root.key_file.write_bytes(b"{")
    assert_all_is_back(root, key_store)
    root.key_file.unlink(missing_ok=True)
    root.second_key_file.unlink()
    before = root.chats.read_bytes()
    with pytest.raises(StorageError) as caught:
        EncryptionService(root, key_store).open_key()
    assert caught.value.code is ErrorCode.KEY_FILE_MISSING
    assert root.chats.read_bytes() == before


def test_a_plain_file_in_the_place_of_an_encrypted_one_is_refused(
    root: Paths, starter_model: Path, key_store: FakeKeyStore, tmp_path: Path
) -> None:
    use_everything(root, key_store)
    plain = shutil.copytree(root.root, tmp_path / "plain")
    switch(root, key_store, on=True)
    for name in ("chats.db", "settings.json"):
        good = (root.root / name).read_bytes()
        shutil.copyfile(plain / name, root.root / name)
        with pytest.raises(StorageError) as caught:
            open_stage(root, key_store)
        assert caught.value.code is ErrorCode.DATA_NOT_ENCRYPTED
        (root.root / name).write_bytes(good)
    shutil.copyfile(plain / root.contacts.relative_to(root.root), root.contacts)
    stage = open_stage(root, key_store)
    assert read_contacts(root.contacts) == ()
    stage.app.close()


def test_nobody_else_can_say_that_plain_files_are_still_to_be_encrypted(
    root: Paths, starter_model: Path, key_store: FakeKeyStore
) -> None:
    use_everything(root, key_store)
    switch(root, key_store, on=True)
    kept = read_key_file(root)
    assert kept is not None
    write_key_file(root, structs.replace(kept, state=EncryptionState.ENCRYPTING))
    with pytest.raises(StorageError) as caught:
        open_stage(root, key_store)
    assert caught.value.code is ErrorCode.KEY_FILE_DAMAGED


def test_a_key_file_holds_no_secret_and_asks_for_no_endless_work(
    root: Paths, starter_model: Path, key_store: FakeKeyStore
) -> None:
    switch(root, key_store, on=True, passphrase=PASSPHRASE)
    kept = read_key_file(root)
    assert kept is not None
    assert {slot.method for slot in kept.slots} == set(UnlockMethod)
    stored = next(iter(key_store.keys.values()))
    written = root.key_file.read_bytes()
    assert stored not in written
    assert msgspec.json.encode(stored).strip(b'"') not in written
    greedy = tuple(structs.replace(slot, cost=2**40) for slot in kept.slots)
    write_key_file(root, structs.replace(kept, slots=greedy))
    with pytest.raises(StorageError) as caught:
        open_stage(root, FakeKeyStore(), PASSPHRASE)
    assert caught.value.code is ErrorCode.KEY_FILE_DAMAGED


def test_a_message_with_the_key_shows_nothing_of_it() -> None:
    assert "secret" not in repr(UseDataKey(key=b"secret", root="/r"))


def test_a_copy_is_a_data_folder_of_its_own(
    root: Paths, starter_model: Path, key_store: FakeKeyStore, tmp_path: Path
) -> None:
    """What goes with the original, plain again or erased, leaves the copy its key."""
    use_everything(root, key_store)
    switch(root, key_store, on=True)
    copy = Paths(tmp_path / "copy")
    shutil.copytree(root.root, copy.root)
    assert_all_is_back(copy, key_store)
    assert len(key_store.keys) == 2
    switch(root, key_store, on=False)
    assert_all_is_back(copy, key_store)
    switch(copy, key_store, on=False)
    assert key_store.keys == {}


def test_a_data_folder_of_an_earlier_version_or_moved_is_opened(
    root: Paths, starter_model: Path, key_store: FakeKeyStore, tmp_path: Path
) -> None:
    use_everything(root, key_store)
    switch(root, key_store, on=True)
    found = read_key_file(root)
    assert found is not None
    key_store.keys = {found.folder_id: key_store.keys.popitem()[1]}
    write_key_file(root, structs.replace(found, places=()))
    assert_all_is_back(root, key_store)
    moved = Paths(tmp_path / "moved")
    root.root.rename(moved.root)
    del key_store.keys[found.folder_id]
    assert_all_is_back(moved, key_store)
    switch(moved, key_store, on=False)
    assert list(key_store.keys) == [f"{found.folder_id} in {root.root}"]
