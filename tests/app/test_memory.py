"""Where models lie: what is wished, what is told when memory runs out, what is remembered."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec import structs

from core.app.events.app_events import (
    AnswerFailed,
    DevicesFound,
    ModelPlacementPlanned,
    ModelsChanged,
    Notice,
    RequestFailed,
)
from core.base.errors import ErrorCode
from core.base.paths import Paths
from core.base.settings import app_settings as declared
from core.messages import (
    Device,
    DevicesListed,
    Failed,
    MemoryPlan,
    ModelLoaded,
    ModelPlanned,
    Placement,
)
from tests.app.stage import Stage

GIB = 1 << 30
CPU = Device(name="CPU", description="", backend="CPU", kind="cpu", total=GIB, free=GIB)


@pytest.fixture
def stage(root: Paths) -> Iterator[Stage]:
    stage = Stage(root)
    yield stage
    stage.app.close()


def path_of(stage: Stage) -> str:
    return stage.app.models.find_usable_model("").path


def finish(stage: Stage, tried: Placement | None, placement: Placement) -> None:
    """Let the engine load in `placement`, after `tried` had been too much."""
    stage.engine.finish_loading()
    loaded = stage.engine.inbox[-1]
    assert isinstance(loaded, ModelLoaded)
    stage.engine.inbox[-1] = structs.replace(loaded, tried=tried, placement=placement)
    stage.app.process_events()


def notices(stage: Stage) -> list[str]:
    return [event.problem.message for event in stage.told if isinstance(event, Notice)]


def test_the_settings_are_the_wish(stage: Stage) -> None:
    stage.app.settings.set_value(declared.DEVICE, "cpu")
    stage.app.settings.set_value(declared.CACHE_TYPE, "q8_0")
    stage.app.settings.set_value(declared.GPU_LAYERS, 12)
    stage.app.model_loading.prepare_model(path_of(stage))
    wish = stage.engine.orders[-1].wish
    assert (wish.device, wish.gpu_layers) == ("cpu", 12)
    assert (wish.cache_keys, wish.cache_values) == ("q8_0", "q8_0")


def test_what_worked_is_told_and_taken_the_next_time(root: Paths) -> None:
    stage = Stage(root)
    tried = Placement(context=8192, cache_keys="f16", cache_values="f16", device="cpu")
    worked = structs.replace(tried, cache_keys="q8_0", cache_values="q8_0", context=4096)
    path = path_of(stage)
    stage.app.model_loading.prepare_model(path)
    finish(stage, tried, worked)
    (message,) = notices(stage)
    assert "q8_0" in message
    assert "4096" in message
    stage.app.close()
    again = Stage(root)
    again.app.model_loading.prepare_model(path)
    assert again.engine.orders[-1].wish == worked
    again.app.close()


def test_a_setting_that_changes_has_the_last_word(stage: Stage) -> None:
    tried = Placement(context=8192, cache_keys="f16")
    path = path_of(stage)
    stage.app.model_loading.prepare_model(path)
    finish(stage, tried, structs.replace(tried, context=512))
    stage.app.settings.set_value(declared.CONTEXT, 2048)
    stage.app.model_loading.prepare_model(path)
    assert stage.engine.orders[-1].wish.context == 2048


def test_a_loaded_model_is_loaded_anew_when_it_is_to_lie_elsewhere(stage: Stage) -> None:
    path = path_of(stage)
    stage.app.model_loading.prepare_model(path)
    finish(stage, None, Placement())
    assert isinstance(stage.app.model_loading.prepare_model(path), ModelLoaded)
    stage.app.settings.set_value(declared.DEVICE, "cpu")
    assert isinstance(stage.app.model_loading.prepare_model(path), str)
    assert len(stage.engine.loads) == 2


def test_nothing_is_told_when_all_was_as_wished(stage: Stage) -> None:
    stage.app.model_loading.prepare_model(path_of(stage))
    finish(stage, None, Placement(context=8192))
    assert notices(stage) == []


def test_a_child_that_memory_ended_is_started_again_with_less(stage: Stage) -> None:
    path = path_of(stage)
    request_id = stage.app.model_loading.prepare_model(path)
    assert isinstance(request_id, str)
    facts = {"detail": "killed", "lacked_memory": "True"}
    stage.engine.loading_request = None
    stage.engine.inbox.append(
        Failed(request_id=request_id, code=ErrorCode.ENGINE_DIED, facts=facts)
    )
    stage.app.process_events()
    assert stage.engine.loads == [path, path]
    assert stage.engine.orders[-1].wish.cache_keys == "q8_0"
    (message,) = notices(stage)
    assert "q8_0" in message


def test_questions_that_waited_for_it_are_answered_with_less(stage: Stage) -> None:
    for text in ("One?", "Two?"):
        stage.app.ask_question(text)
    assert len(stage.engine.loads) == 1
    facts = {"detail": "killed", "lacked_memory": "True"}
    stage.engine.loading_request = None
    stage.engine.inbox.append(Failed(request_id="load1", code=ErrorCode.ENGINE_DIED, facts=facts))
    stage.app.process_events()
    assert not any(isinstance(event, AnswerFailed) for event in stage.told)
    assert len(stage.engine.loads) == 2
    stage.engine.finish_loading()
    stage.app.process_events()
    assert [asked.turns[-1].text for asked in stage.engine.generated] == ["One?", "Two?"]


def test_a_child_that_crashed_is_not(stage: Stage) -> None:
    request_id = stage.app.model_loading.prepare_model(path_of(stage))
    assert isinstance(request_id, str)
    stage.engine.loading_request = None
    stage.engine.inbox.append(
        Failed(request_id=request_id, code=ErrorCode.ENGINE_DIED, facts={"detail": "exit code 1"})
    )
    stage.app.process_events()
    assert len(stage.engine.loads) == 1


def test_what_was_remembered_may_be_unreadable(root: Paths) -> None:
    root.placements.write_text("{", encoding="utf-8")
    stage = Stage(root)
    stage.app.model_loading.prepare_model(path_of(stage))
    assert stage.engine.orders[-1].wish == Placement()
    stage.app.close()


def test_devices_are_found(stage: Stage) -> None:
    request_id = stage.app.placements.list_devices()
    stage.planner.inbox.append(DevicesListed(request_id=request_id, devices=(CPU,)))
    stage.app.process_events()
    assert stage.told[-1] == DevicesFound(request_id=request_id, devices=(CPU,))


def test_a_look_ahead_of_any_question_is_told_only_as_what_fits(stage: Stage) -> None:
    stage.app.placements.refresh_devices()
    stage.planner.inbox.append(DevicesListed(request_id="look1", devices=(CPU,)))
    stage.app.process_events()
    assert stage.told[-1] == ModelsChanged()
    stage.app.placements.refresh_devices()
    before = list(stage.told)
    stage.planner.inbox.append(Failed(request_id="look2", code=ErrorCode.PLANNER_DIED))
    stage.app.process_events()
    assert stage.told == before


def test_a_plan_is_passed_on(stage: Stage) -> None:
    request_id = stage.app.placements.plan_placement(
        "/m.gguf", stage.app.load_options, context=1000
    )
    assert stage.planner.plans == [("/m.gguf", Placement(context=1000))]
    plan = MemoryPlan(context=1000, devices=(), verdict="yes")
    stage.planner.inbox.append(
        ModelPlanned(
            request_id=request_id,
            path="/m.gguf",
            placement=Placement(),
            plan=plan,
            layers=31,
            expert_layers=0,
        )
    )
    stage.app.process_events()
    told = stage.told[-1]
    assert isinstance(told, ModelPlacementPlanned)
    assert (told.request_id, told.plan, told.layers) == (request_id, plan, 31)


def test_a_plan_that_fails_is_said(stage: Stage, tmp_path: Path) -> None:
    request_id = stage.app.placements.plan_placement(
        str(tmp_path / "gone.gguf"), stage.app.load_options
    )
    stage.planner.inbox.append(Failed(request_id=request_id, code=ErrorCode.PLANNER_DIED))
    stage.app.process_events()
    told = stage.told[-1]
    assert isinstance(told, RequestFailed)
    assert told.request_id == request_id
