"""Everything erased: the key in the system's key store goes too, unless a file is left."""

import shutil
import threading
from functools import partial
from pathlib import Path

import pytest

from core.app.api.api_token_store import ApiTokenStore
from core.app.encryption import key_erasure
from core.app.encryption.key_erasure import Erasure, erase_with_keys, find_traces
from core.app.encryption.key_file import EncryptionState, KeyFile, write_key_file
from core.app.privacy import stored_data
from core.base.data_key import DataFileCipher, no_key, use_data_key
from core.base.errors import ErrorCode, NetworkError
from core.base.paths import Paths
from core.courier.connection import key_store as system_store
from core.courier.connection.folder_keys import FolderKeys
from core.messages import DownloadTarget
from core.models.downloads.download_plan import DownloadPlan
from core.models.downloads.download_store import DownloadStore
from core.models.server_registry import ServerEntry, ServerRegistry
from tests.app.encryption.fake_key_store import FakeKeyStore
from tests.courier.file_keyring import use_file_keyring
from tests.waiting import wait_for


@pytest.fixture(autouse=True)
def _file_keyring(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    use_file_keyring(monkeypatch, tmp_path / "keys.json")


@pytest.fixture
def encrypted(root: Paths, key_store: FakeKeyStore) -> Paths:
    root.create_folders()
    write_key_file(root, KeyFile("7", EncryptionState.ON, ()))
    key_store.keys[f"7 in {root.root}"] = b"key"
    return root


def test_the_key_goes_with_the_data(encrypted: Paths, key_store: FakeKeyStore) -> None:
    assert (
        erase_with_keys(encrypted, find_traces(encrypted), models=True, keys=key_store) == Erasure()
    )
    assert not encrypted.root.exists()
    assert key_store.keys == {}


def test_the_key_of_files_that_are_left_is_kept(
    encrypted: Paths, key_store: FakeKeyStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stored_data, "erase_stored_data", lambda *_a, **_n: (encrypted.chats,))
    assert erase_with_keys(
        encrypted, find_traces(encrypted), models=True, keys=key_store
    ).files == (encrypted.chats,)
    assert key_store.keys == {f"7 in {encrypted.root}": b"key"}


def test_a_key_that_copies_need_stays_and_is_named(
    encrypted: Paths, key_store: FakeKeyStore, tmp_path: Path
) -> None:
    copy = Paths(tmp_path / "copy")
    shutil.copytree(encrypted.root, copy.root)
    places = (str(copy.root), str(tmp_path / "gone"))
    write_key_file(encrypted, KeyFile("7", EncryptionState.ON, (), places=places))
    others = {"7": b"old", f"7 in {copy.root}": b"its own", f"7 in {tmp_path / 'gone'}": b"gone"}
    key_store.keys |= others
    left = erase_with_keys(encrypted, find_traces(encrypted), models=True, keys=key_store)
    assert key_store.keys == others
    assert left == Erasure(copy_keys=(f"data key 7 in {tmp_path / 'gone'}", "data key 7"))


def test_a_key_store_that_never_answers_is_left_and_told(
    encrypted: Paths, key_store: FakeKeyStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(key_erasure, "_PATIENCE", 0.1)
    prompt = threading.Event()
    monkeypatch.setattr(key_store, "forget_key", lambda _name: prompt.wait(30))
    try:
        left = erase_with_keys(encrypted, find_traces(encrypted), models=True, keys=key_store)
    finally:
        prompt.set()
    assert f"data key 7 in {encrypted.root}" in left.refused_keys
    assert not encrypted.root.exists()
    wait_for(lambda: all(each.name != "key store" for each in threading.enumerate()))


def test_keys_of_servers_and_tokens_of_programs_go_too(root: Paths, tmp_path: Path) -> None:
    root.create_folders()
    other = Paths(tmp_path / "other")
    other.create_folders()
    for paths in (root, other):
        FolderKeys(paths).store_key("server box", str(paths.root))
        ApiTokenStore(paths.api_tokens).read_token("local", (), renew=False)
    assert erase_with_keys(root, find_traces(root), models=True) == Erasure()
    kept = (tmp_path / "keys.json").read_text()
    assert str(root.root) not in kept
    assert FolderKeys(other).read_key("server box") == str(other.root)
    assert erase_with_keys(other, find_traces(other), models=True) == Erasure()
    assert (tmp_path / "keys.json").read_text() == "{}"


def test_a_key_that_other_data_folders_may_need_is_named(root: Paths) -> None:
    root.create_folders()
    system_store.store_key("server box", "of an earlier version")
    system_store.store_key("server other", "of nobody here")
    server = ServerEntry(name="box", addresses=(), model="m", key_name="server box")
    ServerRegistry(root.servers).save_server(server)
    assert FolderKeys(root).read_key("server box") == "of an earlier version"
    assert erase_with_keys(root, find_traces(root), models=True) == Erasure(
        shared_keys=("server box",)
    )
    assert system_store.read_key("server box") == "of an earlier version"


def test_a_key_store_that_refuses_is_told(root: Paths, monkeypatch: pytest.MonkeyPatch) -> None:
    root.create_folders()
    FolderKeys(root).store_key("server box", "secret")

    def refuse(name: str, key: str) -> None:
        raise NetworkError(ErrorCode.KEY_STORE_MISSING, detail="locked")

    monkeypatch.setattr(system_store, "store_key", refuse)
    left = erase_with_keys(root, find_traces(root), models=True)
    assert f"server box in {root.root}" in left.refused_keys
    assert not root.root.exists()


def test_an_unfinished_download_goes_where_the_folder_of_models_is_a_link(
    root: Paths, tmp_path: Path
) -> None:
    elsewhere = tmp_path / "disk"
    elsewhere.mkdir()
    root.create_folders()
    root.models.rmdir()
    root.models.symlink_to(elsewhere, target_is_directory=True)
    target = DownloadTarget(name="a.gguf", target=str(root.models / "a.gguf"), size=1, digest="")
    plan = DownloadPlan(
        download_id="1", request="a", host="h", endpoint="e", repository="r", commit="c",
        files=(target,), licence="",
    )  # fmt: skip
    DownloadStore(root.downloads).save_download(plan)
    for name in ("a.gguf.part", "a.gguf.part.json", "b.gguf.part", "c.gguf"):
        (elsewhere / name).write_bytes(b"1")
    assert erase_with_keys(root, find_traces(root), models=False) == Erasure()
    assert sorted(path.name for path in elsewhere.iterdir()) == ["b.gguf.part", "c.gguf"]


def test_keys_of_an_encrypted_folder_are_found_before_it_is_closed(root: Paths) -> None:
    root.create_folders()
    key = bytes(32)
    use_data_key(lambda: key, partial(DataFileCipher, root.root), proven_for=root.root)
    try:
        FolderKeys(root).store_key("server box", "secret")
        traces = find_traces(root)
        assert b"server box" not in root.kept_keys.read_bytes()
    finally:
        use_data_key(no_key)
    assert erase_with_keys(root, traces, models=True) == Erasure()
    assert system_store.read_key(f"server box in {root.root}") == ""
