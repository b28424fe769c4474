"""Keys of one data folder: those of another one are never read or deleted, by no turn of names."""

import json
import shutil
from pathlib import Path

import pytest

from core.base.paths import Paths
from core.courier.connection import key_store
from core.courier.connection.folder_keys import FolderKeys, forget_keys, list_shared_keys
from tests.courier.file_keyring import use_file_keyring

NAME = "server box"


@pytest.fixture(autouse=True)
def stored(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    use_file_keyring(monkeypatch, tmp_path / "keys.json")
    return tmp_path / "keys.json"


@pytest.fixture
def folder(tmp_path: Path) -> Paths:
    return _made(tmp_path / "first")


def test_two_data_folders_have_a_key_each(folder: Paths, tmp_path: Path) -> None:
    first, second = FolderKeys(folder), FolderKeys(_made(tmp_path / "second"))
    first.store_key(NAME, "one")
    assert second.read_key(NAME) == ""
    second.store_key(NAME, "two")
    assert forget_keys(first.list_accounts()) == ()
    assert first.read_key(NAME) == ""
    assert second.read_key(NAME) == "two"
    second.store_key(NAME, "")
    assert second.read_key(NAME) == ""


def test_a_key_of_an_earlier_version_is_copied_and_stays(folder: Paths, tmp_path: Path) -> None:
    key_store.store_key(NAME, "old")
    keys = FolderKeys(folder)
    assert keys.find_server_key(NAME) == "old"
    assert forget_keys(keys.list_accounts()) == ()
    assert list_shared_keys((NAME, "server other")) == (NAME,)
    assert FolderKeys(_made(tmp_path / "second")).read_key(NAME) == "old"


def test_a_key_of_an_earlier_version_is_forgotten_by_who_has_it(folder: Paths) -> None:
    key_store.store_key(NAME, "old")
    keys = FolderKeys(folder)
    assert keys.read_key(NAME) == "old"
    keys.store_key(NAME, "")
    assert keys.read_key(NAME) == ""
    assert list_shared_keys((NAME,)) == ()


def test_who_has_an_own_key_deletes_no_other(folder: Paths) -> None:
    key_store.store_key(NAME, "of another data folder")
    keys = FolderKeys(folder)
    keys.store_key(NAME, "own")
    keys.store_key(NAME, "")
    assert keys.read_key(NAME) == ""
    assert list_shared_keys((NAME,)) == (NAME,)


def test_a_data_folder_that_was_moved_finds_its_keys_and_takes_them_along(
    folder: Paths, tmp_path: Path, stored: Path
) -> None:
    FolderKeys(folder).store_key(NAME, "one")
    folder.root.rename(tmp_path / "moved")
    moved = FolderKeys(Paths(tmp_path / "moved"))
    assert moved.read_key(NAME) == "one"
    assert forget_keys(moved.list_accounts()) == ()
    assert json.loads(stored.read_text()) == {}


def test_a_copy_of_a_data_folder_takes_nothing_from_it(folder: Paths, tmp_path: Path) -> None:
    FolderKeys(folder).store_key(NAME, "one")
    shutil.copytree(folder.root, tmp_path / "copy")
    copy = FolderKeys(Paths(tmp_path / "copy"))
    assert copy.read_key(NAME) == "one"
    copy.store_key(NAME, "")
    assert forget_keys(copy.list_accounts()) == ()
    assert FolderKeys(folder).read_key(NAME) == "one"


def test_a_damaged_list_of_keys_costs_no_key(folder: Paths) -> None:
    keys = FolderKeys(folder)
    keys.store_key(NAME, "one")
    folder.kept_keys.write_bytes(b"\0" * 9)
    assert keys.read_key(NAME) == "one"


def _made(root: Path) -> Paths:
    paths = Paths(root)
    paths.create_folders()
    return paths
