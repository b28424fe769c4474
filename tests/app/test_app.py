"""The application over scripted children: what it passes on, keeps, and survives."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec import structs

from core.app.events import (
    AnswerFailed,
    AnswerFinished,
    AnswerStarted,
    ChatsChanged,
    FolderFileSkipped,
    FoldersChanged,
    FolderSynced,
    ModelReady,
    ModelsChanged,
    Notice,
    OpenRequested,
    RequestFailed,
    SearchFinished,
)
from core.app.lock import hand_over
from core.errors import Code, ModelError, StorageError
from core.messages import (
    Chunk,
    Failed,
    FileSkipped,
    Folders,
    PromptFitted,
    SyncDone,
    SyncStatistics,
)
from core.paths import Paths
from tests.app.stage import GARDEN, HIT, Stage
from tests.gguf.writing import Gguf


@pytest.fixture
def stage(root: Paths, starter_model: Path) -> Iterator[Stage]:
    made = Stage(root)
    yield made
    made.app.close()


def test_a_question_travels_and_comes_back(stage: Stage) -> None:
    stage.loaded()
    started = stage.app.ask("Hello?")
    assert stage.app.answering == (started.turn_id,)
    stage.engine.answer("Hi.")
    stage.app.pump()
    assert not stage.app.answering
    (finished,) = stage.of(AnswerFinished)
    assert finished.text == "Hi."
    assert stage.of(AnswerStarted) == [started]
    assert stage.of(ChatsChanged)
    assert stage.app.chats.list()[0].title == "Hello?"
    assert stage.library.giving_way[0] is True
    assert stage.library.giving_way[-1] is False


def test_a_question_to_a_folder_searches_first(stage: Stage) -> None:
    stage.loaded()
    stage.hear(Folders(request_id="", folders=(GARDEN,)))
    stage.app.ask("When?", folder_ids=("f",))
    assert stage.engine.generated == []
    (search,) = [call for call in stage.library.calls if call[0] == "search"]
    assert search[1:3] == ("When?", ("f",))
    stage.found(HIT)
    assert stage.of(SearchFinished) == []
    stage.engine.answer("The beds are watered every Friday.")
    stage.app.pump()
    (finished,) = stage.of(AnswerFinished)
    assert finished.sources[0].folder == "Garden"
    assert [citation.n for citation in finished.citations] == [1]


def test_choosing_a_model_while_one_answers_waits(stage: Stage, tmp_path: Path) -> None:
    stage.loaded()
    other = Gguf().write(tmp_path / "other.gguf")
    stage.app.models.add(str(other))
    stage.app.ask("One?")
    stage.app.models.choose(str(other))
    assert len(stage.engine.loads) == 1
    stage.engine.answer("Yes.")
    stage.app.pump()
    assert stage.engine.loads[-1] == str(other)
    stage.engine.finish_loading()
    stage.app.pump()
    assert len(stage.of(ModelReady)) == 2


def test_a_chosen_model_is_chosen_after_a_restart(root: Paths, tmp_path: Path) -> None:
    other = Gguf().write(tmp_path / "other.gguf")
    stage = Stage(root)
    entry = stage.app.models.add(str(other))
    stage.app.models.choose(entry.ref)
    assert stage.of(ModelsChanged)
    stage.app.close()
    stage = Stage(root)
    chosen = stage.app.models.chosen()
    assert chosen is not None
    assert chosen.path == str(other)
    other.unlink()
    with pytest.raises(ModelError) as caught:
        stage.app.ask("Hello?")
    assert caught.value.code is Code.MODEL_GONE
    assert stage.app.chats.list() == ()
    stage.app.close()


def test_a_model_that_cannot_be_loaded_is_a_notice(stage: Stage) -> None:
    stage.app.models.choose(stage.app.models.all()[0].ref)
    stage.engine.inbox.append(Failed(request_id="load1", code=Code.MODEL_LOAD_FAILED))
    stage.app.pump()
    (notice,) = stage.of(Notice)
    assert (notice.key, notice.severity) == ("model", "error")


def test_a_model_that_fails_under_an_answer_fails_the_answer(stage: Stage) -> None:
    stage.app.ask("Hello?")
    stage.engine.inbox.append(Failed(request_id="load1", code=Code.MODEL_TOO_LARGE))
    stage.app.pump()
    (failed,) = stage.of(AnswerFailed)
    assert failed.problem.code == Code.MODEL_TOO_LARGE
    assert stage.of(Notice) == []
    assert not stage.app.answering


def test_what_the_library_tells_is_put_into_words(stage: Stage) -> None:
    stage.hear(
        Folders(request_id="", folders=(GARDEN,)),
        FileSkipped(request_id="r", folder_id="f", file="a.pdf", code=Code.FILE_ENCRYPTED),
        SyncDone(request_id="r", folder=GARDEN, statistics=SyncStatistics(read=1)),
        Failed(request_id="x", code=Code.FOLDER_GONE, facts={"path": "/gone"}),
    )
    assert stage.app.folders.known == (GARDEN,)
    assert stage.of(FoldersChanged)[0].folders == (GARDEN,)
    assert "password" in stage.of(FolderFileSkipped)[0].problem.message
    assert stage.of(FolderSynced)[0].folder == GARDEN
    (failed,) = stage.of(RequestFailed)
    assert failed.request_id == "x"
    assert "/gone" in failed.problem.message


def test_a_root_has_one_owner_and_the_second_hands_over(stage: Stage, root: Paths) -> None:
    with pytest.raises(StorageError) as caught:
        Stage(root)
    assert caught.value.code is Code.ROOT_HELD
    hand_over(root, ["/some/folder"])
    hand_over(root, ["/another", "/third"])
    stage.app.check_spool()
    paths = [event.paths for event in stage.of(OpenRequested)]
    assert paths == [("/some/folder",), ("/another", "/third")], "oldest first"
    stage.app.check_spool()
    assert len(stage.of(OpenRequested)) == 2


def test_closing_keeps_what_was_written(root: Paths, starter_model: Path) -> None:
    stage = Stage(root)
    stage.loaded()
    started = stage.app.ask("Hello?")
    stage.engine.inbox.append(Chunk(request_id=started.turn_id, text="Half"))
    stage.app.pump()
    stage.app.close()
    assert stage.engine.stopped
    stage = Stage(root)
    turn = stage.app.chats.load(started.chat_id).turns[started.turn_id]
    assert (turn.text, turn.state) == ("Half", "cancelled")
    stage.app.close()


def test_damaged_chats_are_kept_aside_and_said(root: Paths, starter_model: Path) -> None:
    root.chats.write_bytes(b"no database at all" * 500)
    stage = Stage(root)
    stage.app.pump()
    (notice,) = stage.of(Notice)
    assert notice.problem.code == Code.DATABASE_DAMAGED
    assert "chats.db" in notice.problem.message
    stage.app.close()


def test_a_chat_deleted_while_it_answers_stays_deleted(stage: Stage) -> None:
    stage.loaded()
    started = stage.app.ask("Hello?")
    stage.engine.inbox.append(Chunk(request_id=started.turn_id, text="Half"))
    stage.app.pump()
    stage.app.chat_desk.delete(started.chat_id)
    assert not stage.app.answering
    stage.engine.answer("Half and more")
    stage.app.pump()
    assert stage.app.chats.list() == ()
    other = stage.app.ask("Still there?")
    stage.engine.answer("Yes.")
    stage.app.pump()
    assert [chat.chat_id for chat in stage.app.chats.list()] == [other.chat_id]


def test_a_second_question_on_a_full_disk_goes_on_in_the_same_chat(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_args: object) -> None:
        raise StorageError(Code.DISK_FULL, path="/")

    stage.loaded()
    with monkeypatch.context() as patched:
        patched.setattr(stage.app.chats, "save", full)
        first = stage.app.ask("One?")
        stage.engine.answer("Yes.")
        stage.app.pump()
        second = stage.app.ask("Two?", chat_id=first.chat_id)
        stage.engine.answer("Also.")
        stage.app.pump()
    assert [notice.key for notice in stage.of(Notice)] == ["saving"]
    stage.app._saving.retry(now=True)
    path = stage.app.chats.load(first.chat_id).path()
    assert [turn.text for turn in path] == ["One?", "Yes.", "Two?", "Also."]
    assert path[-1].turn_id == second.turn_id


def test_a_follow_up_is_searched_with_the_question_before_it(stage: Stage) -> None:
    stage.loaded()
    stage.hear(Folders(request_id="", folders=(GARDEN,)))
    first = stage.app.ask("When are the beds watered?", folder_ids=("f",))
    stage.found(HIT)
    stage.engine.answer("The beds are watered every Friday.")
    stage.app.pump()
    stage.app.ask("Say that more briefly.", chat_id=first.chat_id, folder_ids=("f",))
    stage.engine.answer("I have no idea what you mean.")  # asked to write the question anew
    stage.app.pump()
    stage.found()
    queries = [call[1] for call in stage.library.calls if call[0] == "search"]
    assert queries[1:] == [
        "Say that more briefly.",
        "When are the beds watered?\nSay that more briefly.",
    ]
    stage.found()
    assert len(stage.engine.generated) == 3, "what was sent before still stands in the transcript"
    stage.engine.answer("Fridays.")
    stage.app.pump()
    stage.app.ask("Who was the emperor in 1804?", chat_id=first.chat_id, folder_ids=("f",))
    stage.found()
    assert "Garden" in stage.of(AnswerFinished)[-1].text
    assert len(stage.engine.generated) == 3


def test_sources_are_saved_before_the_first_word(stage: Stage) -> None:
    stage.loaded()
    stage.hear(Folders(request_id="", folders=(GARDEN,)))
    started = stage.app.ask("When?", folder_ids=("f",))
    stage.found(HIT)
    stage.engine.inbox.append(
        PromptFitted(
            request_id=started.turn_id,
            sent="as sent",
            sources_used=(1,),
            turns_left_out=0,
            sources_left_out=0,
            prompt_tokens=3,
            cached_tokens=0,
        )
    )
    stage.app.pump()
    question, answer = stage.app.chats.load(started.chat_id).path()
    assert question.sent == "as sent"
    assert [source.file for source in answer.sources] == ["duties.md"]


def test_only_hits_that_stand_beside_the_best_are_sent(stage: Stage) -> None:
    stage.loaded()
    stage.app.ask("When?", folder_ids=("f",))
    weak = structs.replace(HIT, rank=2, passage_id=2, text="Dogs are welcome.", score=0.2)
    close = structs.replace(HIT, rank=3, passage_id=3, text="Water in May.", score=0.6)
    stage.found(HIT, weak, close)
    (request,) = stage.engine.generated
    assert [source.passage for source in request.sources] == [HIT.text, "Water in May."]
