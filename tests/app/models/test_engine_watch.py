"""What loads and answers teach: which card a model crashed on, and how fast a model writes."""

import pytest

from core.app.events.app_events import Notice
from core.base.errors import ErrorCode
from core.base.paths import Paths
from core.messages import Device, DevicesListed, ListDevices, Placement
from core.models.quantizations.measurement_store import MeasurementStore
from tests.app.stage import Stage

GIB = 1 << 30
CARDS = tuple(
    Device(
        name=f"Vulkan{number}",
        description=f"Card {number}",
        backend="Vulkan",
        kind="gpu",
        total=GIB,
        free=GIB,
    )
    for number in range(2)
)


@pytest.fixture
def stage(stage: Stage) -> Stage:
    stage.app.devices.refresh_devices()
    request = stage.planner.last_sent(ListDevices)
    stage.planner.deliver(DevicesListed(request_id=request.request_id, devices=CARDS))
    stage.app.process_events()
    return stage


def load(stage: Stage, device: str) -> None:
    stage.app.model_loading.prepare_model(stage.app.registry.list_models()[0].path)
    stage.engine.finish_loading(placement=Placement(device=device))
    stage.app.process_events()


def test_the_card_of_a_crashed_answer_is_left_alone_and_said(stage: Stage) -> None:
    load(stage, "Vulkan1")
    stage.app.questions.ask_question("Why?")
    stage.engine.die()
    stage.app.process_events()
    assert stage.app.devices.excluded.cards == ("Vulkan Card 1",)
    assert [notice.problem.code for notice in stage.of(Notice)] == [ErrorCode.DEVICE_LEFT]
    load(stage, "Vulkan0")
    assert stage.engine.orders[-1].placement.avoid == ("Vulkan Card 1",)


def test_a_crashed_load_may_have_used_any_card(stage: Stage) -> None:
    stage.app.model_loading.prepare_model(stage.app.registry.list_models()[0].path)
    stage.engine.die()
    stage.app.process_events()
    assert stage.app.devices.excluded.cards == ("Vulkan Card 0", "Vulkan Card 1")


def test_running_out_of_memory_is_no_crash_of_a_card(stage: Stage) -> None:
    load(stage, "Vulkan1")
    stage.app.questions.ask_question("Why?")
    stage.engine.die(-9)
    stage.app.process_events()
    assert stage.app.devices.excluded.cards == ()


@pytest.mark.parametrize(
    ("stop", "tokens", "drafted", "is_kept"),
    [
        ("eos", 100, 0, True),
        ("cancelled", 100, 0, False),
        ("eos", 10, 0, False),
        ("eos", 100, 20, False),
    ],
)
def test_the_speed_of_a_long_answer_without_drafts_is_remembered(
    stage: Stage, root: Paths, stop: str, tokens: int, drafted: int, is_kept: bool
) -> None:
    load(stage, "Vulkan1")
    stage.app.questions.ask_question("Why?")
    stage.engine.finish_answer(
        stop, completion_tokens=tokens, drafted_tokens=drafted, tokens_per_second=21.0
    )
    stage.app.process_events()
    kept = MeasurementStore(root.measurements).file_measurements("print")
    speed = kept.speed_for_placement(Placement(device="Vulkan1"))
    assert speed == (21.0 if is_kept else 0.0)
