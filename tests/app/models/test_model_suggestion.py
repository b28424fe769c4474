"""What is suggested fits the machine: neither its memory nor its patience is overrun."""

from pathlib import Path

import pytest

from core.app.models import model_suggestion
from core.app.models.model_suggestion import suggest_model, usable_memory
from core.engine.memory import free_memory
from core.messages import Device

GB = 1_000_000_000


def card(free: int) -> Device:
    return Device(name="GPU0", description="", backend="Vulkan", kind="gpu", total=free, free=free)


@pytest.mark.parametrize(
    ("memory", "devices", "most"),
    [(2 * GB, (), 2 * GB), (16 * GB, (), 16 * GB), (16 * GB, (card(8 * GB),), 16 * GB)],
)
def test_it_fits(memory: int, devices: tuple[Device, ...], most: int) -> None:
    found = suggest_model(devices, memory)
    assert found is not None
    assert 0 < found.size < most


def test_there_is_room_beside_the_weights() -> None:
    for quarters in range(4, 256):
        memory = quarters * GB // 4
        found = suggest_model((), memory)
        assert found is None or found.size * 1.2 < memory


def test_more_memory_never_gives_less() -> None:
    sizes = [found.size for gb in (1, 2, 4, 8, 64) if (found := suggest_model((), gb * GB))]
    assert sizes == sorted(sizes)
    assert len(set(sizes)) > 1


def test_without_a_card_patience_bounds_it() -> None:
    slow, fast = suggest_model((), 12 * GB), suggest_model((card(12 * GB),), 12 * GB)
    assert slow is not None
    assert fast is not None
    assert slow.model.active <= 5 * GB < fast.model.parameters


def test_where_nothing_fits_nothing_is_suggested() -> None:
    assert suggest_model((), 50_000_000) is None


def test_what_is_free_just_now_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = tmp_path / "meminfo"
    monkeypatch.setattr(free_memory, "_MEMORY", said)
    monkeypatch.setattr(free_memory, "_CGROUP", tmp_path)
    found = []
    for free in (300_000, 12_000_000):
        said.write_text(f"MemTotal: 16000000 kB\nMemAvailable: {free} kB\n")
        found.append(suggest_model(()))
    assert found[0] is not None
    assert found[0] == found[1]


def test_a_card_counts_by_all_it_has(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(model_suggestion, "total_memory", lambda: 4 * GB)
    busy = Device(name="GPU0", description="", backend="Vulkan", kind="gpu", total=10 * GB, free=GB)
    assert usable_memory((busy,)) == 9 * GB
    assert usable_memory(()) == 3 * GB
