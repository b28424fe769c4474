"""What is suggested fits the machine: neither its memory nor its patience is overrun."""

import pytest

from core.app.models.model_suggestion import suggest_model
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
