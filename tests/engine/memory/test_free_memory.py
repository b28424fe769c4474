"""How much memory is said to be free."""

from pathlib import Path

import psutil
import pytest

from core.engine.memory import free_memory


@pytest.fixture
def told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a file that stands for the system's, with no other limit."""
    file = tmp_path / "meminfo"
    monkeypatch.setattr(free_memory, "_MEMORY", file)
    monkeypatch.setattr(free_memory, "_CGROUP", tmp_path)
    return file


def test_linux_says_what_is_available(told: Path) -> None:
    told.write_text("MemTotal: 8000 kB\nMemFree: 10 kB\nMemAvailable:    4000 kB\nBuffers: 1 kB\n")
    assert free_memory.available_memory() == 4000 * 1024


@pytest.mark.parametrize("said", [None, "", "MemTotal: 8000 kB\n", "MemAvailable:\n"])
def test_psutil_says_it_elsewhere(told: Path, said: str | None) -> None:
    if said is not None:
        told.write_text(said)
    total = psutil.virtual_memory().total
    assert 0 < free_memory.available_memory() < total
