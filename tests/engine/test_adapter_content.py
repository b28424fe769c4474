"""Plain adapter files, where there are no files in memory: none stays on the disk."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Self

import pytest

from core.base.errors import ErrorCode, StorageError
from core.engine.llama.adapter_content import PLAIN_PREFIX, plain_file, remove_leftovers


@pytest.fixture
def scratch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "scratch"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


@pytest.fixture
def adapter(tmp_path: Path) -> str:
    made = tmp_path / "tone.gguf"
    made.write_bytes(b"GGUF")
    return str(made)


def test_a_plain_file_goes_when_it_was_loaded(scratch: Path, adapter: str) -> None:
    with plain_file(adapter) as plain:
        assert Path(plain).parent == scratch
        assert Path(plain).read_bytes() == b"GGUF"
    assert not list(scratch.iterdir())


def test_a_full_disk_leaves_no_part_of_it(
    scratch: Path, adapter: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    class FullDisk:
        def write(self, _content: bytes) -> None:
            raise OSError(28, "full")

        def __enter__(self) -> Self:
            return self

        def __exit__(self, *_error: object) -> None:
            pass

    def open_full(descriptor: int, _mode: str) -> FullDisk:
        os.close(descriptor)
        return FullDisk()

    monkeypatch.setattr(os, "fdopen", open_full)
    with pytest.raises(StorageError) as caught, plain_file(adapter):
        pass
    assert caught.value.code == ErrorCode.DISK_FULL
    assert not list(scratch.iterdir())


def test_what_a_killed_process_left_goes(scratch: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as ended:
        pass
    left = scratch / f"{PLAIN_PREFIX}{ended.pid}-a.gguf"
    loaded = scratch / f"{PLAIN_PREFIX}{os.getpid()}-b.gguf"
    old = scratch / f"{PLAIN_PREFIX}{os.getpid()}-c.gguf"
    others = scratch / "other.gguf"
    for file in (left, loaded, old, others):
        file.write_bytes(b"GGUF")
    os.utime(old, (1, 1))
    remove_leftovers()
    assert set(scratch.iterdir()) == {loaded, others}
