"""Placements: what is requested, what is told when memory runs out, what is remembered."""

from pathlib import Path

import msgspec
from msgspec import structs

from core.app.events.app_events import (
    AnswerFailed,
    ModelsChanged,
    Notice,
)
from core.base.errors import ErrorCode
from core.base.paths import Paths
from core.base.settings import app_settings as declared
from core.engine.devices.backend_packs import PROCESSOR_VARIABLE
from core.ipc.reply import Reply
from core.messages import (
    ChildDied,
    Device,
    DevicesListed,
    Failed,
    ListDevices,
    MemoryPlan,
    ModelLoaded,
    ModelPlanned,
    Placement,
    PlanModel,
)
from core.messages.planner_messages import SkippedBackend
from tests.app.stage import Stage

GIB = 1 << 30
KILLED = -9
"""How a child ends that the system ended because memory ran out."""
CPU = Device(name="CPU", description="", backend="CPU", kind="cpu", total=GIB, free=GIB)


def path_of(stage: Stage) -> str:
    return stage.app.models.find_usable_model("").path


def finish(stage: Stage, tried: Placement | None, placement: Placement) -> None:
    """Let the engine load in `placement`, after `tried` had been too much."""
    stage.engine.finish_loading(tried=tried, placement=placement)
    stage.app.process_events()


def notices(stage: Stage) -> list[str]:
    return [event.problem.message for event in stage.told if isinstance(event, Notice)]


def test_the_settings_are_what_is_requested(stage: Stage) -> None:
    stage.app.settings.set_value(declared.DEVICE, "cpu")
    stage.app.settings.set_value(declared.CACHE_TYPE, "q8_0")
    stage.app.settings.set_value(declared.GPU_LAYERS, 12)
    stage.app.model_loading.prepare_model(path_of(stage))
    requested = stage.engine.orders[-1].placement
    assert (requested.device, requested.gpu_layers) == ("cpu", 12)
    assert (requested.cache_keys, requested.cache_values) == ("q8_0", "q8_0")


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
    assert b'"wish"' in root.placements.read_bytes(), "earlier versions have written it so"
    again = Stage(root)
    again.app.model_loading.prepare_model(path)
    assert again.engine.orders[-1].placement == worked
    again.app.close()


def test_a_setting_that_changes_has_the_last_word(stage: Stage) -> None:
    tried = Placement(context=8192, cache_keys="f16")
    path = path_of(stage)
    stage.app.model_loading.prepare_model(path)
    finish(stage, tried, structs.replace(tried, context=512))
    stage.app.settings.set_value(declared.CONTEXT, 2048)
    stage.app.model_loading.prepare_model(path)
    assert stage.engine.orders[-1].placement.context == 2048


def test_a_loaded_model_is_loaded_anew_when_it_is_to_lie_elsewhere(stage: Stage) -> None:
    path = path_of(stage)
    stage.app.model_loading.prepare_model(path)
    finish(stage, None, Placement())
    assert isinstance(stage.app.model_loading.prepare_model(path), ModelLoaded)
    stage.app.settings.set_value(declared.DEVICE, "cpu")
    assert isinstance(stage.app.model_loading.prepare_model(path), Reply)
    assert len(stage.engine.loads) == 2


def test_nothing_is_told_when_all_was_as_wished(stage: Stage) -> None:
    stage.app.model_loading.prepare_model(path_of(stage))
    finish(stage, None, Placement(context=8192))
    assert notices(stage) == []


def test_a_child_that_memory_ended_is_started_again_with_less(stage: Stage) -> None:
    path = path_of(stage)
    prepared = stage.app.model_loading.prepare_model(path)
    assert isinstance(prepared, Reply)
    stage.engine.die(KILLED)
    stage.app.process_events()
    assert not prepared.is_done
    assert stage.engine.loads == [path, path]
    assert stage.engine.orders[-1].placement.cache_keys == "q8_0"
    (message,) = notices(stage)
    assert "q8_0" in message


def test_questions_that_waited_for_it_are_answered_with_less(stage: Stage) -> None:
    for text in ("One?", "Two?"):
        stage.app.questions.ask_question(text)
    assert len(stage.engine.loads) == 1
    stage.engine.die(KILLED)
    stage.app.process_events()
    assert not any(isinstance(event, AnswerFailed) for event in stage.told)
    assert len(stage.engine.loads) == 2
    stage.engine.finish_loading()
    stage.app.process_events()
    assert [asked.turns[-1].text for asked in stage.engine.generated] == ["One?", "Two?"]


def test_a_child_that_crashed_is_not(stage: Stage) -> None:
    stage.app.model_loading.prepare_model(path_of(stage))
    stage.engine.die(1)
    stage.app.process_events()
    assert len(stage.engine.loads) == 1


def test_what_was_remembered_may_be_unreadable(root: Paths) -> None:
    root.placements.write_text("{", encoding="utf-8")
    stage = Stage(root)
    stage.app.model_loading.prepare_model(path_of(stage))
    assert stage.engine.orders[-1].placement == Placement()
    stage.app.close()


def asked(stage: Stage) -> str:
    """Return the id of what the planning child was asked last."""
    request = stage.planner.sent[-1]
    assert isinstance(request, ListDevices | PlanModel)
    return request.request_id


def answer(stage: Stage, *events: msgspec.Struct) -> None:
    """Let the planning child say something."""
    stage.planner.deliver(*events)
    stage.app.process_events()


def died(exit_code: int = -11) -> ChildDied:
    return ChildDied(role="planner", exit_code=exit_code)


def test_devices_are_listed_and_known_from_then_on(stage: Stage) -> None:
    reply = stage.app.devices.list_devices()
    answer(stage, DevicesListed(request_id=asked(stage), devices=(CPU,)))
    assert reply.result is not None
    assert reply.result.devices == stage.app.devices.known_devices == (CPU,)
    assert stage.planner.pid is None, "a driver keeps the card while it is loaded"


def test_a_look_ahead_of_any_question_is_told_only_as_what_fits(stage: Stage) -> None:
    stage.app.devices.refresh_devices()
    answer(stage, DevicesListed(request_id=asked(stage), devices=(CPU,)))
    assert stage.told[-1] == ModelsChanged()
    stage.app.devices.refresh_devices()
    before = list(stage.told)
    answer(stage, Failed(request_id=asked(stage), code=ErrorCode.PLANNER_DIED))
    assert stage.told == before


def test_a_driver_that_crashes_is_left_out_once_and_for_all(stage: Stage) -> None:
    reply = stage.app.devices.list_devices()
    answer(stage, died())
    assert stage.planner.environment == {PROCESSOR_VARIABLE: "1"}
    skipped = (SkippedBackend(backend="Vulkan", reason="off"),)
    answer(stage, DevicesListed(request_id=asked(stage), devices=(CPU,), skipped=skipped))
    assert reply.result is not None
    assert [each.reason for each in reply.result.skipped] == ["crashed"]
    assert stage.app.load_options.default_placement.device == "cpu"
    reply = stage.app.devices.list_devices()
    answer(stage, died())
    assert reply.failure is not None
    assert reply.failure.code == ErrorCode.PLANNER_DIED


def test_a_dry_run_that_crashes_is_no_drivers_fault(stage: Stage) -> None:
    planned = stage.app.placements.plan_placement("/m.gguf")
    listed = stage.app.devices.list_devices()
    answer(stage, died())
    plan, look = stage.planner.sent[-2:]
    assert isinstance(plan, PlanModel)
    assert not plan.dry_run
    assert isinstance(look, ListDevices)
    assert stage.planner.environment == {}
    assert not planned.is_done
    assert not listed.is_done


def test_a_plan_is_passed_on(stage: Stage) -> None:
    reply = stage.app.placements.plan_placement("/m.gguf", context=1000)
    request = stage.planner.sent[-1]
    assert isinstance(request, PlanModel)
    assert (request.path, request.placement) == ("/m.gguf", Placement(context=1000))
    planned = ModelPlanned(
        request_id=request.request_id,
        path="/m.gguf",
        placement=Placement(),
        plan=MemoryPlan(context=1000, devices=(), verdict="yes"),
        layers=31,
        expert_layers=0,
    )
    answer(stage, planned)
    assert reply.result == planned


def test_a_plan_that_fails_is_said(stage: Stage, tmp_path: Path) -> None:
    reply = stage.app.placements.plan_placement(str(tmp_path / "gone.gguf"))
    failed = Failed(request_id=asked(stage), code=ErrorCode.PLANNER_DIED)
    answer(stage, failed)
    assert reply.failure == failed
