"""How able a model is as a judge: measured once while nothing else runs, kept, and asked for."""

import pytest

from core.app.events.app_events import ModelsChanged
from core.app.judging.ability_formatting import format_ability
from core.app.judging.ability_service import CASES_AT_ONCE, AbilityReply
from core.app.judging.quiet_time import QUIET_SECONDS
from core.base.errors import ErrorCode
from core.base.paths import Paths
from core.base.settings import app_settings as declared
from core.chat.judging.judging_cases import bundled_cases
from core.messages import Failed, JudgePrompts
from tests.app.models.test_model_loading import Clock, path_of
from tests.app.stage import Stage

RIGHT = {case.prompt[-1].text: case.outcome for kind in bundled_cases()[:2] for case in kind}


def judge_rightly(prompt: str) -> float:
    return 3.0 if RIGHT[prompt] else -3.0


@pytest.fixture
def stage(stage: Stage) -> Stage:
    stage.app.abilities.is_enabled = True
    return stage


@pytest.fixture
def clock(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(stage.app.abilities.quiet, "clock", clock)
    monkeypatch.setattr(stage.app.abilities.quiet, "on_battery", lambda: False)
    return clock


def load(stage: Stage) -> None:
    stage.app.model_loading.prepare_model(path_of(stage))
    stage.engine.finish_loading()
    stage.app.process_events()


def judged(stage: Stage) -> int:
    return sum(len(request.prompts) for request in stage.engine.all_sent(JudgePrompts))


def run(stage: Stage) -> None:
    for _ in range(200):
        stage.app.process_events()


def measure(stage: Stage, *, anew: bool = False) -> AbilityReply:
    reply = stage.app.abilities.measure_model(path_of(stage), anew=anew)
    if stage.engine.loading:
        stage.engine.finish_loading()
    run(stage)
    return reply


def test_a_loaded_model_is_measured_when_it_has_been_quiet(stage: Stage, clock: Clock) -> None:
    stage.engine.judge = judge_rightly
    load(stage)
    run(stage)
    assert judged(stage) == 0, "it was not quiet yet"
    clock.now += QUIET_SECONDS
    run(stage)
    assert judged(stage) == 100
    ability = stage.app.abilities.ability_by_fingerprint("print")
    assert ability is not None
    assert ability.right == 100
    assert ability.is_able
    assert "100 of 100" in format_ability(ability)
    assert stage.of(ModelsChanged)
    clock.now += QUIET_SECONDS
    run(stage)
    assert judged(stage) == 100, "it is measured once"


def test_an_answer_cancels_it_and_it_goes_on_from_there(stage: Stage, clock: Clock) -> None:
    load(stage)
    clock.now += QUIET_SECONDS
    stage.app.process_events()
    stage.engine.finish_judging(*[1.0] * CASES_AT_ONCE)
    run(stage)
    assert judged(stage) == 2 * CASES_AT_ONCE
    stage.app.questions.ask_question("Why?")
    run(stage)
    assert stage.engine.all_sent(JudgePrompts)[-1].request_id in stage.engine.cancelled
    assert judged(stage) == 2 * CASES_AT_ONCE
    stage.engine.answer("Because.")
    run(stage)
    assert judged(stage) == 2 * CASES_AT_ONCE, "it was not quiet again"
    stage.engine.judge = judge_rightly
    clock.now += QUIET_SECONDS
    run(stage)
    assert judged(stage) == 100 + CASES_AT_ONCE, "the cancelled cases are judged again, no others"


def test_what_was_measured_outlives_the_program(stage: Stage, clock: Clock, root: Paths) -> None:
    load(stage)
    clock.now += QUIET_SECONDS
    stage.app.process_events()
    stage.engine.finish_judging(*[1.0] * CASES_AT_ONCE)
    stage.app.process_events()
    stage.app.close()
    again = Stage(root)
    again.engine.judge = judge_rightly
    measure(again)
    assert judged(again) == 100 - CASES_AT_ONCE
    assert again.app.abilities.ability_by_fingerprint("print") is not None
    again.app.close()
    stage.app.open_root()  # the fixture closes it


def test_not_on_battery_nor_when_switched_off_nor_from_a_single_command(
    stage: Stage, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stage.app.abilities.quiet, "on_battery", lambda: True)
    load(stage)
    clock.now += QUIET_SECONDS
    run(stage)
    monkeypatch.setattr(stage.app.abilities.quiet, "on_battery", lambda: False)
    stage.app.settings.set_value(declared.CHAT_JUDGE, False)
    clock.now += QUIET_SECONDS
    run(stage)
    stage.app.settings.set_value(declared.CHAT_JUDGE, True)
    stage.app.abilities.is_enabled = False
    run(stage)
    assert judged(stage) == 0


def test_a_model_that_says_the_same_of_everything_is_not_asked(stage: Stage) -> None:
    stage.engine.judge = lambda _prompt: 1.0
    ability = measure(stage).result
    assert ability is not None
    assert not ability.is_able
    assert "not asked" in format_ability(ability)


def test_measured_on_request_at_once_and_again_only_anew(stage: Stage) -> None:
    stage.engine.judge = judge_rightly
    assert measure(stage).result == measure(stage).result
    assert judged(stage) == 100
    measure(stage, anew=True)
    assert judged(stage) == 200


def test_a_failure_is_told_to_who_asked_and_not_tried_again_unasked(
    stage: Stage, clock: Clock
) -> None:
    reply = measure(stage)
    request = stage.engine.all_sent(JudgePrompts)[-1]
    stage.engine.judging = None
    stage.engine.deliver(Failed(request_id=request.request_id, code=ErrorCode.INTERNAL))
    run(stage)
    assert reply.failure is not None
    clock.now += QUIET_SECONDS
    run(stage)
    assert judged(stage) == CASES_AT_ONCE


def test_taking_the_model_away_ends_it(stage: Stage) -> None:
    reply = measure(stage)
    stage.app.model_loading.unload_model()
    run(stage)
    assert reply.is_done
    assert reply.result is None
