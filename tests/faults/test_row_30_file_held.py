"""Fault 30: a virus scanner holds a file for a moment, as happens on Windows."""

from pathlib import Path

import pytest

from core.base.atomic_write import write_atomically
from core.base.errors import ErrorCode, StorageError

_REPLACE = Path.replace


class Scanner:
    """Holds a file for so many tries; errors are those of Windows."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, holds: int, winerror: int = 32) -> None:
        self.left, self._winerror = holds, winerror
        self.waited: list[float] = []
        monkeypatch.setattr("core.base.atomic_write.time.sleep", self.waited.append)

        def replace(source: Path, target: Path) -> Path:
            self._hold()
            return _REPLACE(source, target)

        monkeypatch.setattr(Path, "replace", replace)

    def _hold(self) -> None:
        if self.left:
            self.left -= 1
            error = PermissionError(13, "held by another program")
            setattr(error, "winerror", self._winerror)  # noqa: B010 - only Windows has it
            raise error


@pytest.mark.parametrize("winerror", [5, 32, 33])
def test_a_file_that_is_let_go_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, winerror: int
) -> None:
    target = tmp_path / "settings.json"
    target.write_text("old")
    scanner = Scanner(monkeypatch, 5, winerror)
    write_atomically(target, b"new")
    assert target.read_text() == "new"
    assert len(scanner.waited) == 5
    assert scanner.waited == sorted(scanner.waited)


def test_a_file_that_stays_held_is_said_and_keeps_its_content(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "settings.json"
    target.write_text("old")
    scanner = Scanner(monkeypatch, 1000)
    with pytest.raises(StorageError) as refused:
        write_atomically(target, b"new")
    assert refused.value.code == ErrorCode.ROOT_UNWRITABLE
    assert target.read_text() == "old"
    assert not list(tmp_path.glob("*.part"))
    assert sum(scanner.waited) < 10


def test_another_refusal_is_said_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scanner = Scanner(monkeypatch, 1000, winerror=112)  # the disk is full
    with pytest.raises(StorageError) as refused:
        write_atomically(tmp_path / "settings.json", b"new")
    assert refused.value.code == ErrorCode.ROOT_UNWRITABLE
    assert not scanner.waited
