"""What other programs ask, answered by the application over scripted children."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from core.app.api.api_model_names import describe_models, find_named_model
from core.app.events.api_events import ApiStateChanged
from core.base.errors import ErrorCode, ModelError
from core.base.settings import app_settings as declared
from core.messages import (
    AnswerDone,
    ApiActivity,
    ApiModelsListed,
    ApiWaiting,
    AskFolders,
    Cancel,
    CancelCall,
    ChildDied,
    Failed,
    FoldersAnswered,
    FolderState,
    Generate,
    GenerateText,
    JudgeForProgram,
    JudgePassages,
    ListApiModels,
    PromptTurn,
    SamplingChoice,
    UnloadForProgram,
)
from tests.fakes.app import FakeChildren, make_app
from tests.fakes.models import tiny_gguf

TURNS = (PromptTurn(role="user", text="Wet?"),)


class Stage:
    """An open application, and what a program asks of it."""

    def __init__(self, folder: Path) -> None:
        self.app, self.children = make_app(folder)
        self.api, self.engine = self.children.api, self.children.engine
        self.told: list[object] = []
        self.app.subscribe(self.told.append)

    def ask(self, call_id: str = "c1", model: str = "", **more: object) -> None:
        call = GenerateText(call_id=call_id, model=model, turns=TURNS, **more)  # type: ignore[arg-type]
        self.api.call(call)
        self.app.process_events()
        self.app.process_events()


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    made = Stage(tmp_path)
    made.app.api.open_port()
    made.app.process_events()
    yield made
    made.app.close()


def test_the_port_is_closed_until_it_is_opened(tmp_path: Path) -> None:
    children = FakeChildren()
    app, _ = make_app(tmp_path, children)
    assert app.api.address == ""
    assert children.api.starts == 0
    told: list[object] = []
    app.subscribe(told.append)
    app.api.open_port()
    app.process_events()
    assert str(app.api.address) == "http://127.0.0.1:5277"
    app.api.close_port()
    assert children.api.pid is None
    assert [e.address for e in told if isinstance(e, ApiStateChanged)] == [
        "http://127.0.0.1:5277",
        "",
    ]
    app.close()


def test_a_token_needs_no_open_port(tmp_path: Path) -> None:
    app, children = make_app(tmp_path)
    reply = app.api.read_token(renew=True)
    app.process_events()
    assert reply.result is not None
    assert reply.result.token.startswith("ing-")
    assert children.api.pid is None
    app.close()


def test_an_answer_with_the_model_of_the_window(stage: Stage) -> None:
    stage.ask(sampling=SamplingChoice(temperature=0.0, seed=3), max_tokens=7)
    (request,) = stage.engine.all_sent(Generate)
    assert request.turns == TURNS
    assert (request.max_tokens, request.is_outside, request.may_leave_out) == (7, True, False)
    assert (request.sampling.temperature, request.sampling.seed) == (0.0, 3)
    assert request.sampling.dry_multiplier > 0, "what a program doesn't say is as set"
    stage.engine.write("Yes.", request_id=request.request_id)
    stage.engine.finish_answer(request_id=request.request_id)
    stage.app.process_events()
    outcome = stage.api.outcome_of("c1")
    assert isinstance(outcome, AnswerDone)
    assert outcome.text == "Yes."
    assert not stage.app.running_answers.turn_ids
    assert not stage.app.chats.list_chats(), "requests of programs are no chats"


def test_a_program_has_the_model_loaded_and_unloaded(stage: Stage) -> None:
    stage.api.call(GenerateText(call_id="c1", model=""))
    for _turn in range(3):
        stage.app.process_events()
    outcome = stage.api.outcome_of("c1")
    assert isinstance(outcome, AnswerDone)
    assert (outcome.stop, stage.engine.all_sent(Generate)) == ("load", [])
    assert stage.app.model_loading.loaded is not None
    assert not stage.app.running_answers.turn_ids
    stage.api.call(UnloadForProgram(call_id="c2", model=""))
    stage.app.process_events()
    assert stage.app.model_loading.loaded is None
    outcome = stage.api.outcome_of("c2")
    assert isinstance(outcome, AnswerDone)
    assert outcome.stop == "unload"


def test_a_model_stays_as_long_as_the_last_program_wants(stage: Stage) -> None:
    def answered(call_id: str, **more: float) -> float | None:
        stage.ask(call_id, model="", **more)
        stage.engine.finish_answer(request_id=call_id)
        stage.app.process_events()
        models = describe_models(stage.app.models, stage.app.model_loading)
        (model,) = (each for each in models if each.is_loaded)
        assert model.loaded_context > 0
        return model.seconds_left

    stage.app.settings.set_value(declared.IDLE_UNLOAD, 5)
    assert 290 < (answered("c1") or 0) <= 300
    assert 7190 < (answered("c2", keep_seconds=7200.0) or 0) <= 7200
    assert answered("c3", keep_seconds=-1.0) is None
    assert 290 < (answered("c4") or 0) <= 300
    stage.app.settings.set_value(declared.IDLE_UNLOAD, 0)
    assert answered("c5") is None


def test_what_a_program_says_of_the_prompt_reaches_the_engine(stage: Stage) -> None:
    more: dict[str, object] = {"prompt_ids": (3, 4), "most_context": 99, "may_leave_out": True}
    stage.ask("c1", "", **more)
    (request,) = stage.engine.all_sent(Generate)
    assert {name: getattr(request, name) for name in more} == more


def test_texts_are_judged_by_the_library(stage: Stage) -> None:
    stage.api.call(JudgeForProgram(call_id="c1", query="When?", texts=("a", "b")))
    stage.app.process_events()
    (asked,) = stage.children.library.all_sent(JudgePassages)
    assert (asked.question, asked.texts) == ("When?", ("a", "b"))


def test_a_model_that_answers_stays_loaded(stage: Stage) -> None:
    stage.ask()
    stage.api.call(UnloadForProgram(call_id="c2", model=""))
    stage.app.process_events()
    assert stage.app.model_loading.loaded is not None


@pytest.mark.parametrize("name", ["other", "/etc/passwd", "small.gguf", "smal"])
def test_only_whole_names_of_the_list_are_models(stage: Stage, name: str) -> None:
    stage.ask(model=name)
    outcome = stage.api.outcome_of("c1")
    assert isinstance(outcome, Failed)
    assert outcome.code == ErrorCode.MODEL_UNKNOWN
    assert not stage.engine.all_sent(Generate)


def test_a_model_goes_by_the_name_of_its_file_where_no_other_does(
    stage: Stage, tmp_path: Path
) -> None:
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
    stage.app.models.add_model(
        str(tiny_gguf().write(tmp_path / "one" / "Wren 1B Instruct.Q4_1.gguf"))
    )
    name = stage.app.registry.list_models()[-1].ref
    assert name != "wren 1b instruct.q4_1"
    entry = find_named_model(stage.app.models, "Wren 1B Instruct.Q4_1:latest")
    assert entry.ref == name
    other = tmp_path / "two" / "Wren 1B Instruct.Q4_1.gguf"
    stage.app.models.add_model(str(tiny_gguf(context_length=64).write(other)))
    with pytest.raises(ModelError) as caught:
        find_named_model(stage.app.models, "Wren 1B Instruct.Q4_1")
    assert caught.value.code == ErrorCode.MODEL_UNKNOWN


def test_a_path_of_a_known_model_is_no_name(stage: Stage) -> None:
    path = stage.app.registry.list_models()[0].path
    stage.ask(model=path)
    assert isinstance(stage.api.outcome_of("c1"), Failed)


def test_a_program_that_leaves_cancels(stage: Stage) -> None:
    stage.ask()
    stage.api.call(CancelCall(call_id="c1"))
    stage.app.process_events()
    assert [each.request_id for each in stage.engine.all_sent(Cancel)] == ["c1"]


def test_the_end_of_the_child_ends_its_answers(stage: Stage) -> None:
    stage.ask()
    stage.api.deliver(ChildDied(role="api", exit_code=1))
    stage.app.process_events()
    assert [each.request_id for each in stage.engine.all_sent(Cancel)] == ["c1"]
    assert not stage.app.api.address
    assert any(isinstance(e, ApiStateChanged) and e.failed for e in stage.told)


def test_models_are_listed_with_folders(stage: Stage) -> None:
    read = FolderState(folder_id="f", name="Live", path="/live", files=1, indexed=1, skipped=0,
                       passages=1, state="ready", synced=1_700_000_000.5)  # fmt: skip
    stage.children.library.put_folder(read)
    stage.api.call(ListApiModels(call_id="m"))
    stage.app.process_events()
    stage.app.process_events()
    listed = stage.api.outcome_of("m")
    assert isinstance(listed, ApiModelsListed)
    assert listed.models[0].name == stage.app.registry.list_models()[0].ref
    folder = listed.models[-1]
    assert (folder.name, folder.is_folder, folder.created) == (
        "inglenook:Live", True, 1_700_000_000
    )  # fmt: skip


def test_an_answer_from_a_folder_says_what_was_not_read_yet(stage: Stage) -> None:
    library = stage.children.library
    library.put_folder(
        FolderState(folder_id="f", name="Live", path="/live", files=12, indexed=0, skipped=0,
                    passages=0, state="stopped")
    )  # fmt: skip
    library.unread_files = 12
    turns = (PromptTurn(role="user", text="What is the goose called?"),)
    stage.api.call(AskFolders(call_id="f", model="", folders=("Live",), turns=turns))
    for _round in range(6):
        stage.app.process_events()
    answered = stage.api.outcome_of("f")
    assert isinstance(answered, FoldersAnswered)
    assert answered.unread_files == 12
    assert "what is read of the folder “Live” so far" in answered.text
    assert answered.note == "12 files were not read yet: ask again when they are."


def test_who_asked_is_summed_up(stage: Stage) -> None:
    for status in (200, 401):
        stage.api.deliver(
            ApiActivity(
                client="local", agent="curl", path="/", status=status, began=1.0, seconds=1.0,
                tokens_read=3, tokens_written=2,
            )
        )  # fmt: skip
    stage.app.process_events()
    (summary,) = stage.app.api.summarise_clients()
    assert (summary.requests, summary.tokens_read, summary.tokens_written) == (2, 6, 4)


def test_a_call_is_told_that_its_model_is_loading(stage: Stage) -> None:
    stage.ask()
    assert any(isinstance(event, ApiWaiting) for event in stage.api.events_of("c1"))
