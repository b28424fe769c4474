"""Files written aside: the old one or the new one, never half of either."""

from pathlib import Path

import pytest

from core.base import atomic_write
from core.base.errors import ErrorCode, StorageError


def test_writes_and_replaces(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    for content in (b"one", b"two"):
        atomic_write.write_atomically(path, content)
        assert path.read_bytes() == content
    assert [entry.name for entry in tmp_path.iterdir()] == ["settings.json"]


@pytest.mark.parametrize("number", [28, 122])
def test_a_full_disk_keeps_the_old_file_and_leaves_no_part(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    path = tmp_path / "settings.json"
    path.write_bytes(b"old")

    def refuse(descriptor: int) -> None:
        raise OSError(number, "no room")

    monkeypatch.setattr("os.fsync", refuse)
    with pytest.raises(StorageError) as caught:
        atomic_write.write_atomically(path, b"new")
    assert caught.value.code is ErrorCode.DISK_FULL
    assert [entry.read_bytes() for entry in tmp_path.iterdir()] == [b"old"]


def test_a_missing_folder_is_said_in_our_words(tmp_path: Path) -> None:
    with pytest.raises(StorageError) as caught:
        atomic_write.write_atomically(tmp_path / "gone" / "settings.json", b"")
    assert caught.value.code is ErrorCode.ROOT_UNWRITABLE
    assert str(tmp_path) in caught.value.message
