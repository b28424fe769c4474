"""Several answers at once: in different chats, to one question, and by different models."""

from pathlib import Path

import pytest

from core.app.chats.ask_options import AskOptions
from core.app.events.app_events import (
    AnswerFinished,
    AnswerStage,
    AnswerStarted,
    AnswerTextAdded,
)
from core.base.errors import ErrorCode, StorageError
from core.base.paths import Paths
from core.messages import (
    AnswerChunk,
    FilesFound,
    FoldersListed,
    FoundFile,
    ListPassages,
    PassagesListed,
    QueryFiles,
    Sampling,
)
from tests.app.stage import GARDEN, HIT, Stage
from tests.gguf.writing import Gguf


@pytest.fixture
def other(stage: Stage, tmp_path: Path) -> str:
    """The path of a second model on the shelf."""
    path = str(Gguf().write(tmp_path / "zeta.gguf"))
    stage.app.models.add_model(path)
    return path


def stages(stage: Stage, turn_id: str) -> list[str]:
    return [event.stage for event in stage.of(AnswerStage) if event.turn_id == turn_id]


def test_two_chats_answer_at_once(stage: Stage) -> None:
    stage.loaded()
    one, two = stage.app.questions.ask_question("One?"), stage.app.questions.ask_question("Two?")
    assert stage.app.running_answers.turn_ids == (one.turn_id, two.turn_id)
    assert stage.engine.cancelled == []
    for piece, turn in (("a", one), ("b", two), ("c", one)):
        stage.engine.deliver(AnswerChunk(request_id=turn.turn_id, text=piece))
    stage.app.process_events()
    heard = [(event.turn_id, event.text) for event in stage.of(AnswerTextAdded)]
    assert heard == [(one.turn_id, "a"), (two.turn_id, "b"), (one.turn_id, "c")]
    stage.engine.answer("Second.", nth=1)
    stage.engine.answer("First.", nth=0)
    stage.app.process_events()
    assert not stage.app.running_answers.turn_ids
    texts = {started.chat_id: stage.app.chats.load_conversation(started.chat_id).path()[-1].text
             for started in (one, two)}  # fmt: skip
    assert texts == {one.chat_id: "First.", two.chat_id: "Second."}


def test_indexing_pauses_until_the_last_answer_is_done(stage: Stage) -> None:
    stage.loaded()
    stage.app.questions.ask_question("One?")
    stage.app.questions.ask_question("Two?")
    stage.engine.answer("First.", nth=0)
    stage.app.process_events()
    assert stage.pauses == [True]
    stage.engine.answer("Second.", nth=1)
    stage.app.process_events()
    assert stage.pauses == [True, False]


def test_a_question_in_the_same_chat_stops_what_answers_there(stage: Stage) -> None:
    stage.loaded()
    first, other = (
        stage.app.questions.ask_question("One?"),
        stage.app.questions.ask_question("Elsewhere?"),
    )
    second = stage.app.questions.ask_question("Two?", chat_id=first.chat_id)
    assert stage.engine.cancelled == [first.turn_id]
    (ended,) = stage.of(AnswerFinished)
    assert (ended.turn_id, ended.statistics.stop) == (first.turn_id, "cancelled")
    assert stage.app.running_answers.turn_ids == (other.turn_id, second.turn_id)


def test_stop_is_for_one_answer_or_for_all(stage: Stage) -> None:
    stage.loaded()
    turns = [stage.app.questions.ask_question(f"{n}?").turn_id for n in range(3)]
    stage.app.answers.stop_answer(turns[1])
    assert stage.engine.cancelled == [turns[1]]
    stage.app.answers.stop_answer()
    assert set(stage.engine.cancelled) == set(turns)


def test_each_search_comes_back_to_its_answer(stage: Stage) -> None:
    stage.loaded()
    stage.hear(FoldersListed(request_id="", folders=(GARDEN,)))
    one = stage.app.questions.ask_question("One?", AskOptions(folder_ids=("f",)))
    two = stage.app.questions.ask_question("Two?", AskOptions(folder_ids=("f",)))
    stage.found(HIT, nth=1)
    assert [request.request_id for request in stage.engine.generated] == [two.turn_id]
    stage.found(HIT, nth=0)
    assert stage.engine.generated[-1].request_id == one.turn_id


def test_a_question_for_another_model_waits_for_the_answers_of_this_one(
    stage: Stage, other: str
) -> None:
    stage.loaded()
    stage.app.questions.ask_question("One?")
    stage.app.questions.ask_question("Two?")
    waiting = stage.app.questions.ask_question("Three?", AskOptions(model=other))
    assert stages(stage, waiting.turn_id) == ["waiting"]
    stage.engine.answer("First.", nth=0)
    stage.app.process_events()
    assert len(stage.engine.loads) == 1, "the second answer still runs"
    stage.engine.answer("Second.", nth=1)
    stage.app.process_events()
    assert stage.engine.loads[-1] == other
    stage.engine.finish_loading()
    stage.app.process_events()
    assert stages(stage, waiting.turn_id) == ["waiting", "loading", "reading"]
    assert [event.statistics.stop for event in stage.of(AnswerFinished)] == ["eos", "eos"]


def test_a_question_waits_while_another_ones_model_is_loading(stage: Stage, other: str) -> None:
    first = stage.app.questions.ask_question("One?")
    second = stage.app.questions.ask_question("Two?", AskOptions(model=other))
    assert stages(stage, first.turn_id) == ["loading"]
    assert stages(stage, second.turn_id) == ["waiting"]
    stage.app.answers.stop_answer(first.turn_id)
    assert stage.engine.loads[-1] == other
    assert stages(stage, second.turn_id) == ["waiting", "loading"]


def test_a_waiting_question_can_be_stopped(stage: Stage, other: str) -> None:
    stage.loaded()
    stage.app.questions.ask_question("One?")
    waiting = stage.app.questions.ask_question("Two?", AskOptions(model=other))
    stage.app.answers.stop_answer(waiting.turn_id)
    stage.engine.answer("First.")
    stage.app.process_events()
    assert len(stage.engine.loads) == 1
    assert not stage.app.running_answers.turn_ids


def test_closing_saves_every_answer_and_begins_nothing(
    root: Paths, starter_model: Path, tmp_path: Path
) -> None:
    stage = Stage(root)
    path = str(Gguf().write(tmp_path / "zeta.gguf"))
    stage.app.models.add_model(path)
    stage.loaded()
    started = [
        stage.app.questions.ask_question("One?"),
        stage.app.questions.ask_question("Two?"),
        stage.app.questions.ask_question("Three?", AskOptions(model=path)),
    ]
    for turn in started[:2]:
        stage.engine.deliver(AnswerChunk(request_id=turn.turn_id, text=f"Half of {turn.turn_id}"))
    stage.app.process_events()
    stage.app.close()
    assert len(stage.engine.loads) == 1
    stage = Stage(root)
    ends = [stage.app.chats.load_conversation(each.chat_id).turns[each.turn_id] for each in started]
    assert [turn.state for turn in ends] == ["cancelled"] * 3
    assert [turn.text for turn in ends] == [
        *(f"Half of {turn.turn_id}" for turn in started[:2]),
        "",
    ]
    stage.app.close()


def test_samples_stand_side_by_side_under_one_question(stage: Stage) -> None:
    stage.loaded()
    first = stage.app.questions.ask_question(
        "A name?", AskOptions(samples=3, sampling=Sampling(seed=2**32 - 1))
    )
    started = stage.of(AnswerStarted)
    assert started[0] == first
    assert {each.question_id for each in started} == {first.question_id}
    assert [request.sampling.seed for request in stage.engine.generated] == [2**32 - 1, 0, 1]
    for nth in (2, 0, 1):
        stage.engine.answer(f"Name {nth}", nth=nth)
        stage.app.process_events()
    chat = stage.app.chats.load_conversation(first.chat_id)
    siblings = [turn for turn in chat.turns.values() if turn.parent_id == first.question_id]
    assert [turn.text for turn in siblings] == ["Name 0", "Name 1", "Name 2"]
    assert chat.path()[-1].text == "Name 2", "the chat goes on with the last one"
    stage.app.questions.ask_question("Shorter.", chat_id=first.chat_id)
    assert [turn.text for turn in stage.engine.generated[-1].turns] == [
        "sent",
        "Name 2",
        "Shorter.",
    ]


def test_samples_of_a_question_to_a_folder_each_search_for_the_question_alone(
    stage: Stage,
) -> None:
    stage.loaded()
    stage.hear(FoldersListed(request_id="", folders=(GARDEN,)))
    stage.app.questions.ask_question("Water?", AskOptions(folder_ids=("f",), samples=2))
    assert [search.query for search in stage.searches] == ["Water?"] * 2


def test_a_temporary_chat_goes_on_and_never_reaches_the_disk(stage: Stage, root: Paths) -> None:
    stage.loaded()
    first = stage.app.questions.ask_question("A secret?", AskOptions(temporary=True))
    stage.engine.answer("Nobody knows.")
    stage.app.process_events()
    stage.app.questions.ask_question("Who?", chat_id=first.chat_id)
    texts = [turn.text for turn in stage.engine.generated[-1].turns]
    assert texts == ["sent", "Nobody knows.", "Who?"]
    assert [request.state_folder for request in stage.engine.generated] == ["", ""]
    assert stage.app.chats.list_chats() == ()
    assert list(root.states.iterdir()) == []
    stage.app.chat_service.delete_chat(first.chat_id)
    with pytest.raises(StorageError) as caught:
        stage.app.questions.ask_question("Still?", chat_id=first.chat_id)
    assert caught.value.code is ErrorCode.CHAT_UNKNOWN


@pytest.mark.parametrize("temporary", [False, True])
def test_what_was_read_of_whole_documents_is_kept_unless_the_chat_is_temporary(
    stage: Stage, temporary: bool
) -> None:
    stage.loaded()
    stage.app.questions.ask_question(
        "Summarise the folder", AskOptions(folder_ids=("f",), temporary=temporary)
    )
    listed = stage.library.last_sent(QueryFiles)
    file = FoundFile(
        folder_id="f",
        folder="Garden",
        file="a.md",
        path="/g/a.md",
        size=9000,
        modified=0.0,
        content_hash="h",
        words=900,
    )
    found = FilesFound(
        request_id=listed.request_id, files=(file,), total=1, mentions=0, types={}, skipped=0
    )
    stage.hear(found)
    passages = stage.library.last_sent(ListPassages)
    stage.hear(PassagesListed(request_id=passages.request_id, hits=(HIT,)))
    stage.engine.answer("About a.")
    stage.app.process_events()
    assert stage.of(AnswerFinished)
    assert stage.app.chats.digests.known_folders() == (set() if temporary else {"f"})
