"""Quantizing, measuring and ladders over scripted children: replies, deaths, stops."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from core.app.events.app_events import AppEvent, ModelsChanged
from core.app.events.model_events import (
    ModelTaskFailed,
    QuantizationJobFinished,
    QuantizationJobStarted,
    QuantizationsMeasured,
)
from core.app.quantization.quantization_jobs import PARTIAL_SUFFIX, JobProgressEstimate
from core.base.errors import ErrorCode
from core.messages import (
    ChildDied,
    MeasureQuality,
    PlanQuantizations,
    QuantizationTaskProgress,
    Quantize,
    TimeTensorTypes,
)
from tests.fakes.app import make_app
from tests.fakes.models import SMALL_MODEL, tiny_gguf
from tests.fakes.quantization_child import FakeQuantizationChild

DIED = ChildDied(role="quantizer", exit_code=-9)


class Stage:
    """An application with one small model, and what it tells every window."""

    def __init__(self, folder: Path) -> None:
        self.app, self.children = make_app(folder)
        self.told: list[AppEvent] = []
        self.app.subscribe(self.told.append)

    @property
    def child(self) -> FakeQuantizationChild:
        """The child that makes and measures."""
        return self.children.quantization

    def pump(self) -> None:
        """Process what the children said, and what they answer to that."""
        for _turn in range(3):
            self.app.process_events()

    def say(self, *events: ChildDied) -> None:
        """Let the child die, or the like."""
        self.child.deliver(*events)
        self.pump()


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    stage = Stage(tmp_path)
    yield stage
    stage.app.close()


def test_a_job_goes_from_stage_to_stage_under_one_reply(stage: Stage) -> None:
    job = stage.app.quantizations.create_quantization(SMALL_MODEL, "Q2_K")
    stages: list[str] = []
    job.on_progress(lambda progress: stages.append(progress.stage))
    stage.pump()
    stage.child.report_progress(1, 4, "blk.0")
    stage.child.finish_quantizing(tiny_gguf("SmolLM2").encode())
    stage.pump()
    other = stage.app.quantizations.follow_active_job()
    assert other is not None
    stage.child.report_progress(1, 4, "tiny")
    stage.child.finish_measuring()
    stage.pump()
    assert stages == ["making", "measuring"]
    made = job.result
    assert made is not None
    assert other.result is made
    assert made.measured is not None
    assert not stage.app.quantizations.is_busy
    assert stage.child.pid is None, "it held a model"
    ends = [event for event in stage.told if not isinstance(event, ModelsChanged)]
    assert ends == [QuantizationJobStarted(), made]


def test_who_lets_go_of_a_job_does_not_end_it(stage: Stage) -> None:
    stage.app.quantizations.measure_quality(SMALL_MODEL).detach()
    stage.child.finish_measuring()
    stage.pump()
    assert isinstance(stage.told[-1], QuantizationsMeasured)
    assert not stage.app.quantizations.is_busy


def test_a_child_that_dies_leaves_nothing_unfinished(stage: Stage) -> None:
    job = stage.app.quantizations.create_quantization(SMALL_MODEL, "Q2_K")
    stage.pump()
    partial = Path(stage.child.last_sent(Quantize).partial)
    partial.write_bytes(b"half")
    stage.say(DIED)
    assert job.failure is not None
    assert job.failure.code == ErrorCode.QUANTIZE_DIED
    assert stage.told[-1] == ModelTaskFailed(failure=job.failure)
    assert not list(partial.parent.glob(f"*{PARTIAL_SUFFIX}"))
    assert not stage.app.quantizations.is_busy


def test_a_plan_is_asked_for_again_without_the_dry_run_that_ended_the_child(stage: Stage) -> None:
    stage.child.held = {PlanQuantizations}
    job = stage.app.quantizations.create_quantization(SMALL_MODEL, "Q2_K")
    stage.say(DIED)
    assert [plan.dry_run for plan in stage.child.all_sent(PlanQuantizations)] == [True, False]
    assert not job.is_done
    stage.say(DIED)
    assert job.failure is not None


def test_what_is_made_stays_when_measuring_is_stopped(stage: Stage) -> None:
    job = stage.app.quantizations.create_quantization(SMALL_MODEL, "Q2_K")
    stage.pump()
    stage.child.finish_quantizing(tiny_gguf("SmolLM2").encode())
    stage.pump()
    assert stage.child.all_sent(MeasureQuality)
    job.cancel()
    made = job.result
    assert isinstance(made, QuantizationJobFinished)
    assert made.problem is not None
    assert made.problem.code == ErrorCode.CANCELLED
    assert Path(made.path).exists()
    assert stage.child.pid is None, "the child stops in no other way"


def test_a_stop_ends_the_child_and_all_that_it_was_asked(stage: Stage) -> None:
    stage.children.ladders.held = {PlanQuantizations}
    ladders = stage.app.quantization_ladders
    first, second = ladders.request_ladder(SMALL_MODEL), ladders.request_ladder(SMALL_MODEL)
    first.cancel()
    for reply in (first, second):
        assert reply.failure is not None
        assert reply.failure.code == ErrorCode.CANCELLED
    assert stage.children.ladders.pid is None


def test_a_ladder_without_speeds_is_a_ladder(stage: Stage) -> None:
    stage.children.ladders.held = {TimeTensorTypes}
    ladder = stage.app.quantization_ladders.request_ladder(SMALL_MODEL)
    stage.pump()
    assert stage.children.ladders.all_sent(TimeTensorTypes)
    stage.children.ladders.fail(ErrorCode.QUANTIZE_DIED)
    stage.pump()
    assert ladder.result is not None
    assert all(row.speed is None for row in ladder.result.rows)


def test_a_ladder_that_is_stopped_while_it_is_timed_is_none(stage: Stage) -> None:
    stage.children.ladders.held = {TimeTensorTypes}
    ladder = stage.app.quantization_ladders.request_ladder(SMALL_MODEL)
    stage.pump()
    ladder.cancel()
    assert ladder.failure is not None
    assert ladder.failure.code == ErrorCode.CANCELLED


def test_the_time_that_is_left_counts_from_the_first_step() -> None:
    times = iter([100.0, 100.0, 104.0])  # the child took long to start
    estimate = JobProgressEstimate("making", lambda: next(times))

    def seconds_left(done: int) -> float | None:
        step = QuantizationTaskProgress(request_id="1", done=done, total=10)
        return estimate.job_progress(step).seconds_left

    assert [seconds_left(2), seconds_left(4)] == [None, pytest.approx(12.0)]
