"""A card that a model crashed on is not chosen by itself again."""

from pathlib import Path

import pytest

from core.app.events.app_events import AppEvent, Notice
from core.app.loading.excluded_devices import ExcludedDevices
from core.engine.memory.placement_planner import choose_placement
from core.gguf import read_header
from core.messages import Device, Placement

GIB = 1 << 30
MAIN = Device(name="CPU", description="x", backend="CPU", kind="cpu", total=16 * GIB, free=16 * GIB)
CARD = Device(
    name="Vulkan0", description="Card A", backend="Vulkan", kind="gpu", total=8 * GIB, free=8 * GIB
)
OTHER = Device(
    name="Vulkan1", description="Card B", backend="Vulkan", kind="gpu", total=8 * GIB, free=8 * GIB
)


class Desk:
    """The cards of one root, and what was told."""

    def __init__(self, path: Path, *devices: Device) -> None:
        self.told: list[AppEvent] = []
        self.left = ExcludedDevices(path, lambda: devices, self.told.append)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path / "left.json", MAIN, CARD, OTHER)


def test_the_card_the_model_lay_on_is_left_and_said(desk: Desk) -> None:
    desk.left.exclude_crashed("Vulkan1")
    assert desk.left.cards == ("Vulkan Card B",)
    assert [type(event) for event in desk.told] == [Notice]
    assert desk.left.without_excluded(Placement()).avoid == ("Vulkan Card B",)


def test_a_crash_on_the_processor_blames_no_card(desk: Desk) -> None:
    desk.left.exclude_crashed("cpu")
    assert desk.left.cards == ()


def test_a_load_blames_every_card_it_could_have_taken(desk: Desk) -> None:
    desk.left.exclude_crashed("auto")
    assert desk.left.cards == ("Vulkan Card A", "Vulkan Card B")


def test_it_is_remembered_until_a_person_says_otherwise(desk: Desk, tmp_path: Path) -> None:
    desk.left.exclude_crashed("auto")
    later = Desk(tmp_path / "left.json", MAIN, CARD)
    assert later.left.cards == ("Vulkan Card A", "Vulkan Card B")
    assert later.left.without_excluded(Placement(device="Vulkan0")).avoid == ()
    later.left.allow_all_cards()
    assert Desk(tmp_path / "left.json").left.cards == ()


def test_a_damaged_record_leaves_none(tmp_path: Path) -> None:
    (tmp_path / "left.json").write_text("{", encoding="utf-8")
    assert Desk(tmp_path / "left.json").left.cards == ()


def test_a_plan_takes_the_other_card_then_none(starter_model: Path) -> None:
    header, devices = read_header(starter_model), (MAIN, CARD, OTHER)
    one = choose_placement(header, Placement(avoid=("Vulkan Card A",)), devices, 16 * GIB).placement
    both = ("Vulkan Card A", "Vulkan Card B")
    none = choose_placement(header, Placement(avoid=both), devices, 16 * GIB).placement
    assert (one.device, none.device) == ("Vulkan1", "cpu")
    assert one.avoid == none.avoid == ()
