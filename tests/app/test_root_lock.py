"""The lock of a root: files of an earlier version are moved by its owner alone."""

from pathlib import Path

import filelock
import pytest

from core.app.root_lock import RootLock
from core.base.errors import ErrorCode, StorageError
from core.base.paths import Paths

EARLIER = {
    "library.db": "library-data",
    "library.db-wal": "library-data",
    "library.db-shm": "library-data",
    "library-next.db": "library-data",
    "library.db.damaged-17": "library-data",
    "backups/library-before-3.db": "library-data",
    "contacts.jsonl": "contact-log",
    "api-requests.jsonl": "api-data",
}


@pytest.fixture
def earlier(tmp_path: Path) -> Paths:
    """A root as an earlier version left it."""
    paths = Paths(tmp_path / "root")
    paths.backups.mkdir(parents=True)
    for name in EARLIER:
        (paths.root / name).write_text(f"content of {name}")
    paths.chats.write_text("chats")
    return paths


def moved(paths: Paths) -> dict[str, bool]:
    return {name: not (paths.root / name).exists() for name in EARLIER}


def test_files_of_an_earlier_version_arrive_whole(earlier: Paths) -> None:
    for _start in range(2):
        lock = RootLock(earlier)
        lock.acquire()
        lock.release()
        for name, folder in EARLIER.items():
            arrived = earlier.root / folder / Path(name).name
            assert arrived.read_text() == f"content of {name}"
        assert all(moved(earlier).values())
        assert earlier.chats.read_text() == "chats"


def test_what_is_newer_is_not_replaced(earlier: Paths) -> None:
    earlier.create_folders()
    earlier.library.write_text("newer")
    earlier.contacts.write_text("newer")
    lock = RootLock(earlier)
    lock.acquire()
    lock.release()
    assert earlier.library.read_text() == earlier.contacts.read_text() == "newer"
    assert (earlier.root / "library.db").read_text() == "content of library.db"
    assert (earlier.root / "contacts.jsonl").exists()


def test_nothing_moves_while_another_owns_the_root(earlier: Paths) -> None:
    with filelock.FileLock(earlier.lock):
        with pytest.raises(StorageError) as refused:
            RootLock(earlier).acquire()
        assert refused.value.code is ErrorCode.ROOT_HELD
        assert not any(moved(earlier).values())


def test_a_move_that_fails_leaves_the_root_to_others(
    earlier: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    earlier.create_folders()

    def refuse(_file: Path, _target: Path) -> Path:
        raise PermissionError("it is open")

    with monkeypatch.context() as patched:
        patched.setattr(Path, "replace", refuse)
        with pytest.raises(StorageError) as refused:
            RootLock(earlier).acquire()
        assert refused.value.code == ErrorCode.ROOT_UNWRITABLE
    lock = RootLock(earlier)
    lock.acquire()
    lock.release()
    assert all(moved(earlier).values())
