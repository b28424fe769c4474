"""The model in memory: how far a load is, giving it up, giving its memory back."""

from pathlib import Path

import pytest

from core.app.events.app_events import AnswerFinished, ModelReady, Notice
from core.app.events.model_events import ModelLoading, ModelUnloaded
from core.app.loading.idle_timer import MINUTE
from core.base.paths import Paths
from core.base.settings import app_settings as declared
from core.messages import LoadProgress, ModelLoaded
from tests.app.stage import Stage
from tests.gguf.writing import Gguf


class Clock:
    """A clock that goes when it is told to."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(stage.app.model_loading.idle, "clock", clock)
    return clock


def path_of(stage: Stage) -> str:
    return stage.app.models.find_usable_model("").path


def test_how_far_a_load_is(stage: Stage) -> None:
    stage.app.model_loading.prepare_model(path_of(stage))
    stage.engine.report_loading(0.25)
    stage.engine.deliver(LoadProgress(request_id="another", share=0.5))
    stage.app.process_events()
    (told,) = stage.of(ModelLoading)
    assert (told.path, told.share) == (path_of(stage), 0.25)
    assert told.ref == stage.app.models.find_usable_model("").ref


def test_a_load_that_is_given_up_stops_who_waits_for_it_and_the_next_one_begins_anew(
    stage: Stage,
) -> None:
    stage.app.questions.ask_question("Why?")
    assert stage.app.model_loading.cancel_loading()
    (finished,) = stage.of(AnswerFinished)
    assert finished.statistics.stop == "cancelled"
    assert stage.engine.cancelled == [stage.engine.orders[0].request_id]
    stage.app.model_loading.prepare_model(path_of(stage))
    assert len(stage.engine.loads) == 2, "not the load that is ending"


def test_the_end_of_a_load_that_was_given_up_is_told(stage: Stage) -> None:
    stage.app.model_loading.prepare_model(path_of(stage))
    stage.app.model_loading.cancel_loading()
    stage.app.process_events()
    assert [event.reason for event in stage.of(ModelUnloaded)] == ["cancelled"]
    assert not stage.of(Notice)
    assert not stage.app.model_loading.cancel_loading(), "there is none any more"


def test_a_load_that_was_over_before_it_was_given_up_counts_as_idle(
    stage: Stage, clock: Clock
) -> None:
    stage.app.settings.set_value(declared.IDLE_UNLOAD, 5)
    stage.app.model_loading.prepare_model(path_of(stage))
    stage.engine.finish_loading()
    stage.app.model_loading.cancel_loading()
    stage.app.process_events()
    assert stage.app.engine.loaded, "the word came too late"
    clock.now += 5.1 * MINUTE
    stage.app.process_events()
    assert not stage.app.engine.loaded


def test_an_idle_model_gives_its_memory_back_and_comes_again_when_asked(
    stage: Stage, clock: Clock
) -> None:
    stage.app.settings.set_value(declared.IDLE_UNLOAD, 5)
    stage.loaded()
    clock.now += 4.9 * MINUTE
    stage.app.process_events()
    assert stage.app.engine.loaded
    stage.app.questions.ask_question("Why?")
    clock.now += 60 * MINUTE
    stage.app.process_events()
    assert stage.app.engine.loaded, "it is answering"
    stage.engine.answer("So.")
    stage.app.process_events()
    clock.now += 5.1 * MINUTE
    stage.app.process_events()
    assert not stage.app.engine.loaded
    assert [event.reason for event in stage.of(ModelUnloaded)] == ["idle"]
    stage.app.questions.ask_question("And then?")
    assert len(stage.engine.loads) == 2
    stage.engine.finish_loading()
    stage.app.process_events()
    assert len(stage.of(ModelReady)) == 2


def test_a_model_stays_when_that_is_wished(stage: Stage, clock: Clock) -> None:
    stage.app.settings.set_value(declared.IDLE_UNLOAD, 0)
    stage.loaded()
    clock.now += 10_000 * MINUTE
    stage.app.process_events()
    assert stage.app.engine.loaded


def test_the_last_model_is_loaded_at_start_unless_it_crashed_or_that_is_not_wished(
    root: Paths,
) -> None:
    for crashes, wished, begun in ((False, True, 1), (True, True, 0), (False, False, 0)):
        stage = Stage(root)
        stage.app.settings.set_value(declared.LOAD_AT_START, wished)
        stage.app.warm_up()
        assert len(stage.engine.loads) == begun, (crashes, wished)
        if begun:
            stage.engine.die()
            stage.app.process_events()
        stage.app.close()


def test_unloading_when_asked(stage: Stage) -> None:
    assert not stage.app.model_loading.unload_model(), "there is nothing to unload"
    stage.loaded()
    stage.app.questions.ask_question("Why?")
    assert not stage.app.model_loading.unload_model(), "it answers"
    stage.app.answers.stop_answer()
    stage.app.process_events()
    assert stage.app.model_loading.unload_model()
    assert not stage.app.engine.loaded


def test_switching_in_the_middle_of_a_chat_keeps_it(stage: Stage, root: Paths) -> None:
    other = str(Gguf().write(root.models / "zebra.gguf"))
    stage.loaded()
    first = stage.app.questions.ask_question("One?")
    stage.engine.answer("1.")
    stage.app.process_events()
    stage.app.models.choose_model("zebra")
    stage.engine.finish_loading()
    stage.app.process_events()
    assert isinstance(stage.app.model_loading.loaded_model(other), ModelLoaded)
    stage.app.questions.ask_question("Two?", chat_id=first.chat_id)
    asked = [turn.plain or turn.text for turn in stage.engine.generated[-1].turns]
    assert asked == ["One?", "1.", "Two?"]
    stage.engine.answer("2.")
    stage.app.process_events()
    path = stage.app.chats.load_conversation(first.chat_id).path()
    assert [turn.text for turn in path] == ["One?", "1.", "Two?", "2."]
    assert [Path(turn.model).name for turn in path if turn.model][-1] == "zebra"
