"""What lies in the root is counted by kind and erased whole; what is someone's own stays."""

import inspect
import os
import sys
from pathlib import Path

import pytest

from core.app.privacy.stored_data import (
    StoredDataKind,
    erase_stored_data,
    iterate_file_sizes,
    list_stored_items,
)
from core.app.root_lock import RootLock
from core.base.errors import ErrorCode, StorageError
from core.base.paths import Paths


@pytest.fixture
def used(root: Paths) -> Paths:
    """A root in which everything was used once."""
    root.create_folders()
    root.channel.mkdir()
    for name, _property in inspect.getmembers(Paths, lambda each: isinstance(each, property)):
        place = getattr(root, name)
        if not place.is_dir():
            place.parent.mkdir(exist_ok=True)
            place.write_bytes(b"12345")
    for name in ("chats.db-wal", "chats.db.damaged-17", "settings.damaged.json", "library.db-shm"):
        (root.root / name).write_bytes(b"1")
    for folder in (root.index, root.states, root.logs):
        (folder / "deep" / "deeper").mkdir(parents=True)
        (folder / "deep" / "deeper" / "file").write_bytes(b"123")
    (root.models / "fetched.gguf").write_bytes(b"GGUF")
    return root


def test_sizes_are_told_by_kind(used: Paths) -> None:
    total = dict.fromkeys(StoredDataKind, 0)
    for kind, size in iterate_file_sizes(used):
        total[kind] += size
    assert total[StoredDataKind.MODELS] == 4
    second_key, training = 5, 3 * 5
    assert total[StoredDataKind.CHATS] == 5 + second_key + training + 1 + 1 + 3
    assert all(total.values())


def test_everything_is_erased_and_the_root_with_it(used: Paths) -> None:
    assert erase_stored_data(used, models=True) == ()
    assert not used.root.exists()


def test_models_stay_unless_they_are_named(used: Paths) -> None:
    assert erase_stored_data(used, models=False) == ()
    assert [path.name for path in used.root.iterdir()] == ["models"]
    assert (used.models / "fetched.gguf").exists()


def test_what_was_downloaded_in_part_is_no_model(used: Paths, tmp_path: Path) -> None:
    (used.models / "maker").mkdir()
    own = tmp_path / "linked.gguf.part"
    own.write_text("mine")
    (used.models / "linked").symlink_to(tmp_path, target_is_directory=True)
    unfinished = ("a.gguf.part", "a.gguf.part.json", "maker/b.gguf.part.lock", "c.gguf.copying")
    for name in (*unfinished, "d.gguf.quantizing"):
        (used.models / name).write_bytes(b"half")
    (used.models / "maker" / "party.gguf").write_bytes(b"GGUF")
    assert erase_stored_data(used, models=False) == ()
    left = sorted(path.name for path in used.models.rglob("*") if path.is_file())
    assert left == ["fetched.gguf", "party.gguf"]
    assert own.exists()


def test_what_is_someones_own_stays(used: Paths, tmp_path: Path) -> None:
    own = tmp_path / "documents"
    own.mkdir()
    (own / "letter.txt").write_text("mine")
    (used.root / "my notes.txt").write_text("mine")
    (used.root / "chats of mine").mkdir()
    (used.states / "link").symlink_to(own, target_is_directory=True)
    (used.root / "shelf.json").unlink()
    (used.root / "shelf.json").symlink_to(own / "letter.txt")
    assert erase_stored_data(used, models=True) == ()
    assert (own / "letter.txt").read_text() == "mine"
    left = sorted(path.name for path in used.root.iterdir())
    assert left == ["chats of mine", "my notes.txt"]


def test_a_folder_full_of_documents_as_a_root_loses_only_what_is_ours(tmp_path: Path) -> None:
    paths = Paths(tmp_path)
    for name in ("contract.pdf", "index of songs.txt", "logs.zip", "models.csv", "library"):
        (tmp_path / name).write_text("mine")
    paths.create_folders()
    paths.chats.write_bytes(b"ours")
    assert {each.path.name for each in list_stored_items(paths)} >= {"chats.db", "logs"}
    assert erase_stored_data(paths, models=True) == ()
    left = sorted(path.name for path in tmp_path.iterdir())
    assert left == ["contract.pdf", "index of songs.txt", "library", "logs.zip", "models.csv"]


def test_an_owned_root_is_not_touched(used: Paths) -> None:
    owner = RootLock(used)
    owner.acquire()
    with pytest.raises(StorageError) as refused:
        erase_stored_data(used, models=True)
    owner.release()
    assert refused.value.code is ErrorCode.ROOT_HELD
    assert used.chats.exists()


@pytest.mark.skipif(
    sys.platform == "win32" or os.geteuid() == 0, reason="root may delete everything"
)
def test_what_could_not_be_deleted_is_named(used: Paths) -> None:
    used.states.chmod(0o500)
    try:
        assert erase_stored_data(used, models=True, patience=0) == (used.states,)
    finally:
        used.states.chmod(0o700)
