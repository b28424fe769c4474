"""A file that keeps ending the engine: counted over restarts, put aside, tried again when asked."""

from pathlib import Path

import pytest

from core.app.chats.ask_options import AskOptions
from core.app.events.app_events import AnswerFailed, Notice
from core.app.models.model_quarantine import ANSWERING, LOADING, ModelQuarantine
from core.base.errors import ErrorCode, ModelError
from core.base.paths import Paths
from tests.app.stage import Stage
from tests.gguf.writing import Gguf


def die(stage: Stage) -> None:
    """End the engine's child in the middle of its work."""
    stage.engine.die(-11)
    stage.app.process_events()


def load_and_die(stage: Stage) -> None:
    stage.app.model_loading.prepare_model(stage.app.registry.list_models()[0].path)
    die(stage)


def ask_and_die(stage: Stage) -> None:
    stage.app.questions.ask_question("Hello?")
    stage.engine.finish_loading()
    stage.app.process_events()
    die(stage)


def unload(stage: Stage) -> None:
    """Give the memory back, so that the next question loads the model."""
    assert stage.app.model_loading.unload_model()


def problem(stage: Stage) -> str:
    return stage.app.registry.list_models()[0].problem_code


@pytest.mark.parametrize("crash", [load_and_die, ask_and_die])
def test_the_third_crash_in_a_row_puts_the_file_aside(stage: Stage, crash: object) -> None:
    assert callable(crash)
    for _time in range(2):
        crash(stage)
        assert problem(stage) == ""
    crash(stage)
    assert problem(stage) == ErrorCode.MODEL_PUT_ASIDE
    with pytest.raises(ModelError, match=r"3 times in a row with it \(signal SIGSEGV\)") as caught:
        stage.app.questions.ask_question("Hello?")
    assert "Try it again under Models" in caught.value.hint


def test_one_death_under_several_requests_counts_once(stage: Stage) -> None:
    for _time in range(2):
        for question in ("Hello?", "And you?"):
            stage.app.questions.ask_question(question)
        stage.engine.finish_loading()
        stage.app.process_events()
        die(stage)
        assert len(stage.of(AnswerFailed)) == 2 * (_time + 1)
    assert problem(stage) == ""


def test_a_whole_answer_ends_the_row(stage: Stage) -> None:
    ask_and_die(stage)
    ask_and_die(stage)
    stage.app.questions.ask_question("Hello?")
    stage.engine.finish_loading()
    stage.app.process_events()
    stage.engine.answer("Hi.")
    stage.app.process_events()
    unload(stage)
    ask_and_die(stage)
    ask_and_die(stage)
    assert problem(stage) == ""


def test_loading_well_does_not_excuse_crashes_in_answers(stage: Stage) -> None:
    for _time in range(3):
        ask_and_die(stage)  # each of them loaded it first
    assert problem(stage) == ErrorCode.MODEL_PUT_ASIDE


def test_loading_well_excuses_crashes_in_loading_alone(stage: Stage) -> None:
    load_and_die(stage)
    ask_and_die(stage)
    ask_and_die(stage)
    assert problem(stage) == "", "of three crashes, the first was excused"
    ask_and_die(stage)
    assert problem(stage) == ErrorCode.MODEL_PUT_ASIDE


def test_a_crash_in_an_answer_still_counts_after_one_in_loading(stage: Stage) -> None:
    ask_and_die(stage)
    load_and_die(stage)
    ask_and_die(stage)
    assert problem(stage) == ""
    ask_and_die(stage)
    assert problem(stage) == ErrorCode.MODEL_PUT_ASIDE


def test_a_stopped_answer_proves_nothing(stage: Stage) -> None:
    ask_and_die(stage)
    ask_and_die(stage)
    started = stage.app.questions.ask_question("Hello?")
    stage.engine.finish_loading()
    stage.app.process_events()
    stage.app.answers.stop_answer(started.turn_id)
    stage.app.process_events()
    unload(stage)
    ask_and_die(stage)
    assert problem(stage) == ErrorCode.MODEL_PUT_ASIDE


def test_asking_for_it_by_name_tries_once_more(stage: Stage) -> None:
    for _time in range(3):
        load_and_die(stage)
    entry = stage.app.registry.list_models()[0]
    stage.app.questions.ask_question("Hello?", AskOptions(model=entry.ref))
    assert stage.engine.loads[-1] == entry.path
    die(stage)
    assert stage.of(AnswerFailed)
    assert problem(stage) == ErrorCode.MODEL_PUT_ASIDE, "the row goes on"
    stage.app.models.retry_model(entry.ref)
    assert problem(stage) == ""
    stage.app.questions.ask_question("Hello?")
    stage.engine.finish_loading()
    stage.app.process_events()
    stage.engine.answer("Hi.")
    stage.app.process_events()
    assert problem(stage) == ""
    unload(stage)
    load_and_die(stage)
    assert problem(stage) == "", "a whole answer has cleared it"


def test_the_count_outlives_the_program(root: Paths, starter_model: Path) -> None:
    for _start in range(3):
        stage = Stage(root)
        load_and_die(stage)
        stage.app.close()
    stage = Stage(root)
    assert problem(stage) == ErrorCode.MODEL_PUT_ASIDE
    stage.app.close()


def test_what_ended_everything_is_not_loaded_by_itself(root: Paths, starter_model: Path) -> None:
    ModelQuarantine(root).begin_attempt(str(starter_model), LOADING)  # and the computer froze
    stage = Stage(root)
    stage.app.warm_up()
    assert stage.engine.loads == []
    (notice,) = stage.of(Notice)
    assert notice.problem.code == ErrorCode.MODEL_SUSPECT
    stage.app.questions.ask_question("Hello?")
    assert stage.engine.loads == [str(starter_model)]
    stage.engine.finish_loading()
    stage.app.process_events()
    stage.app.close()
    stage = Stage(root)
    stage.app.warm_up()
    assert stage.engine.loads == [str(starter_model)], "it was loaded well the last time"
    stage.app.close()


def test_a_hundred_kills_during_answers_leave_the_model_answering(
    root: Paths, starter_model: Path
) -> None:
    for _time in range(100):
        quarantine = ModelQuarantine(root)
        quarantine.begin_attempt(str(starter_model), ANSWERING)  # and everything was killed
    quarantine = ModelQuarantine(root)
    assert quarantine.quarantine_problem(str(starter_model), "starter") is None
    assert quarantine.preload_problem(str(starter_model)) is None


@pytest.mark.parametrize("code", [-9, -15])
def test_a_child_that_was_killed_from_outside_is_no_crash(stage: Stage, code: int) -> None:
    for _time in range(4):
        stage.app.questions.ask_question("Hello?")
        stage.engine.finish_loading()
        stage.app.process_events()
        stage.engine.die(code)
        stage.app.process_events()
    assert problem(stage) == ""


def test_closing_and_ending_well_leave_no_attempt(root: Paths, starter_model: Path) -> None:
    stage = Stage(root)
    stage.app.questions.ask_question("Hello?")
    assert root.attempt.exists()
    stage.app.close()
    assert not root.attempt.exists()


def test_an_answer_writes_no_attempt_to_disk(
    stage: Stage, root: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage.app.questions.ask_question("Hello?")
    stage.engine.finish_loading()
    stage.app.process_events()
    assert not root.attempt.exists()
    written: list[str] = []
    monkeypatch.setattr(
        "core.app.models.model_quarantine.write_data_file",
        lambda path, *_parts: written.append(path.name),
    )
    stage.engine.answer("Hello.")
    stage.app.process_events()
    stage.app.questions.ask_question("And again?")
    stage.app.process_events()
    assert len(stage.engine.generated) == 2
    assert not written
    stage.engine.die(-11)
    stage.app.process_events()
    assert written == ["quarantine.json"], "a crash while it answers still counts"


def test_an_answer_that_follows_a_load_leaves_no_mark_of_it(root: Paths, tmp_path: Path) -> None:
    file = Gguf().write(tmp_path / "x.gguf")
    quarantine = ModelQuarantine(root)
    quarantine.begin_attempt(str(file), LOADING)
    quarantine.begin_attempt(str(file), ANSWERING)
    assert not root.attempt.exists()
    assert ModelQuarantine(root).preload_problem(str(file)) is None


def test_a_file_that_was_fetched_again_is_another(root: Paths, tmp_path: Path) -> None:
    file = Gguf().write(tmp_path / "x.gguf")
    for _crash in range(3):
        quarantine = ModelQuarantine(root)
        quarantine.begin_attempt(str(file), ANSWERING)
        quarantine.record_crash("signal SIGABRT")
    assert ModelQuarantine(root).quarantine_problem(str(file), "x") is not None
    file.write_bytes(file.read_bytes() + bytes(32))
    assert ModelQuarantine(root).quarantine_problem(str(file), "x") is None


def test_damaged_records_are_as_good_as_none(root: Paths, tmp_path: Path) -> None:
    file = Gguf().write(tmp_path / "x.gguf")
    for content in (b"", b"[", b'{"/x": {"size": "large"}}', b"\xff" * 40):
        root.quarantine.write_bytes(content)
        root.attempt.write_bytes(content)
        assert ModelQuarantine(root).quarantine_problem(str(file), "x") is None


def test_a_disk_that_refuses_costs_only_the_count(root: Paths, tmp_path: Path) -> None:
    file = Gguf().write(tmp_path / "x.gguf")
    root.quarantine.mkdir()
    root.attempt.mkdir()
    quarantine = ModelQuarantine(root)
    quarantine.begin_attempt(str(file), LOADING)
    quarantine.record_crash("signal SIGSEGV")
    quarantine.record_answered(str(file))
    assert quarantine.preload_problem(str(file)) is None
