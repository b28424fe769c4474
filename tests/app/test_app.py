"""The application over scripted children: what it passes on, keeps, and survives."""

from pathlib import Path

import pytest
from msgspec import structs

from core.app.chats.ask_options import AskOptions
from core.app.events.app_events import (
    AnswerFailed,
    AnswerFinished,
    AnswerStarted,
    ChatsChanged,
    ModelReady,
    ModelsChanged,
    Notice,
    OpenRequested,
)
from core.app.root_lock import send_open_request
from core.base.errors import ErrorCode, ModelError, StorageError
from core.base.paths import Paths
from core.chat.conversations.conversation import AnswerStatistics
from core.messages import (
    AnswerChunk,
    FoldersListed,
    PromptFitted,
)
from tests.app.stage import GARDEN, HIT, Stage
from tests.gguf.writing import Gguf


def test_a_question_travels_and_comes_back(stage: Stage) -> None:
    stage.loaded()
    started = stage.app.questions.ask_question("Hello?")
    assert stage.app.running_answers.turn_ids == (started.turn_id,)
    stage.engine.answer("Hi.")
    stage.app.process_events()
    assert not stage.app.running_answers.turn_ids
    (finished,) = stage.of(AnswerFinished)
    assert finished.text == "Hi."
    assert stage.of(AnswerStarted) == [started]
    assert stage.of(ChatsChanged)
    assert stage.app.chats.list_chats()[0].title == "Hello?"
    assert stage.pauses == [True, False]


def test_a_question_to_a_folder_searches_first(stage: Stage) -> None:
    stage.loaded()
    stage.hear(FoldersListed(request_id="", folders=(GARDEN,)))
    stage.app.questions.ask_question("When?", AskOptions(folder_ids=("f",)))
    assert stage.engine.generated == []
    (search,) = stage.searches
    assert (search.query, search.folder_ids) == ("When?", ("f",))
    stage.found(HIT)
    stage.engine.answer("The beds are watered every Friday.")
    stage.app.process_events()
    (finished,) = stage.of(AnswerFinished)
    assert finished.sources[0].folder == "Garden"
    assert [citation.n for citation in finished.citations] == [1]


def test_choosing_a_model_while_one_answers_waits(stage: Stage, tmp_path: Path) -> None:
    stage.loaded()
    other = Gguf().write(tmp_path / "other.gguf")
    stage.app.models.add_model(str(other))
    stage.app.questions.ask_question("One?")
    stage.app.models.choose_model(str(other))
    assert len(stage.engine.loads) == 1
    stage.engine.answer("Yes.")
    stage.app.process_events()
    assert stage.engine.loads[-1] == str(other)
    stage.engine.finish_loading()
    stage.app.process_events()
    assert len(stage.of(ModelReady)) == 2


def test_a_chosen_model_is_chosen_after_a_restart(root: Paths, tmp_path: Path) -> None:
    other = Gguf().write(tmp_path / "other.gguf")
    stage = Stage(root)
    entry = stage.app.models.add_model(str(other))
    stage.app.models.choose_model(entry.ref)
    assert stage.of(ModelsChanged)
    stage.app.close()
    stage = Stage(root)
    chosen = stage.app.models.chosen_model()
    assert chosen is not None
    assert chosen.path == str(other)
    other.unlink()
    with pytest.raises(ModelError) as caught:
        stage.app.questions.ask_question("Hello?")
    assert caught.value.code is ErrorCode.MODEL_GONE
    assert stage.app.chats.list_chats() == ()
    stage.app.close()


def test_a_model_that_cannot_be_loaded_is_a_notice(stage: Stage) -> None:
    stage.app.models.choose_model(stage.app.registry.list_models()[0].ref)
    stage.engine.fail_loading(ErrorCode.MODEL_LOAD_FAILED)
    stage.app.process_events()
    (notice,) = stage.of(Notice)
    assert (notice.key, notice.severity) == ("model", "error")


def test_a_model_that_fails_under_an_answer_fails_the_answer(stage: Stage) -> None:
    stage.app.questions.ask_question("Hello?")
    stage.engine.fail_loading(ErrorCode.MODEL_TOO_LARGE)
    stage.app.process_events()
    (failed,) = stage.of(AnswerFailed)
    assert failed.problem.code == ErrorCode.MODEL_TOO_LARGE
    assert stage.of(Notice) == []
    assert not stage.app.running_answers.turn_ids


def test_a_root_has_one_owner_and_the_second_hands_over(stage: Stage, root: Paths) -> None:
    with pytest.raises(StorageError) as caught:
        Stage(root)
    assert caught.value.code is ErrorCode.ROOT_HELD
    send_open_request(root, ["/some/folder"])
    send_open_request(root, ["/another", "/third"])
    stage.app.receive_open_requests()
    paths = [event.paths for event in stage.of(OpenRequested)]
    assert paths == [("/some/folder",), ("/another", "/third")], "oldest first"
    stage.app.receive_open_requests()
    assert len(stage.of(OpenRequested)) == 2


def test_closing_keeps_what_was_written(root: Paths, starter_model: Path) -> None:
    stage = Stage(root)
    stage.loaded()
    started = stage.app.questions.ask_question("Hello?")
    stage.engine.deliver(AnswerChunk(request_id=started.turn_id, text="Half"))
    stage.app.process_events()
    stage.app.close()
    assert stage.engine.pid is None
    stage = Stage(root)
    turn = stage.app.chats.load_conversation(started.chat_id).turns[started.turn_id]
    assert (turn.text, turn.state) == ("Half", "cancelled")
    stage.app.close()


def test_damaged_chats_are_kept_aside_and_said(root: Paths, starter_model: Path) -> None:
    root.chats.write_bytes(b"no database at all" * 500)
    stage = Stage(root)
    stage.app.process_events()
    (notice,) = stage.of(Notice)
    assert notice.problem.code == ErrorCode.DATABASE_DAMAGED
    assert "chats.db" in notice.problem.message
    stage.app.close()


def test_a_damaged_state_file_is_kept_aside_and_said(root: Paths, starter_model: Path) -> None:
    root.servers.write_bytes(b'{"a":' * 100_000)
    stage = Stage(root)
    stage.app.process_events()
    (notice,) = stage.of(Notice)
    assert notice.problem.code == ErrorCode.STATE_DAMAGED
    assert "servers.damaged.json" in notice.problem.message
    stage.app.close()


def test_what_a_killed_copy_left_is_removed(root: Paths, starter_model: Path) -> None:
    left = root.models / "large.gguf.copying"
    left.write_bytes(b"half")
    Stage(root).app.close()
    assert not left.exists()


def test_a_root_that_others_could_read_is_closed_and_said(root: Paths, starter_model: Path) -> None:
    root.root.chmod(0o755)
    stage = Stage(root)
    stage.app.process_events()
    assert not stage.of(Notice), "nothing was in it"
    stage.app.close()
    root.root.chmod(0o755)
    stage = Stage(root)
    stage.app.process_events()
    assert [notice.problem.code for notice in stage.of(Notice)] == [ErrorCode.ROOT_WAS_OPEN]
    assert root.root.stat().st_mode & 0o777 == 0o700
    stage.app.close()


def test_a_chat_deleted_while_it_answers_stays_deleted(stage: Stage) -> None:
    stage.loaded()
    started = stage.app.questions.ask_question("Hello?")
    stage.engine.deliver(AnswerChunk(request_id=started.turn_id, text="Half"))
    stage.app.process_events()
    stage.engine.deliver(AnswerChunk(request_id=started.turn_id, text=" and more"))
    stage.app.chat_service.delete_chat(started.chat_id)
    assert not stage.app.running_answers.turn_ids
    stage.app.process_events()
    assert stage.app.chats.list_chats() == ()
    other = stage.app.questions.ask_question("Still there?")
    stage.engine.answer("Yes.")
    stage.app.process_events()
    assert [chat.chat_id for chat in stage.app.chats.list_chats()] == [other.chat_id]


def test_a_second_question_on_a_full_disk_goes_on_in_the_same_chat(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_args: object) -> None:
        raise StorageError(ErrorCode.DISK_FULL, path="/")

    stage.loaded()
    with monkeypatch.context() as patched:
        patched.setattr(stage.app.chats, "save_turns", full)
        first = stage.app.questions.ask_question("One?")
        stage.engine.answer("Yes.")
        stage.app.process_events()
        second = stage.app.questions.ask_question("Two?", chat_id=first.chat_id)
        stage.engine.answer("Also.")
        stage.app.process_events()
    assert [notice.key for notice in stage.of(Notice)] == ["saving"]
    stage.app._saver.retry_saving(now=True)
    path = stage.app.chats.load_conversation(first.chat_id).path()
    assert [turn.text for turn in path] == ["One?", "Yes.", "Two?", "Also."]
    assert path[-1].turn_id == second.turn_id


def test_a_follow_up_is_searched_with_the_question_before_it(stage: Stage) -> None:
    stage.loaded()
    stage.hear(FoldersListed(request_id="", folders=(GARDEN,)))
    first = stage.app.questions.ask_question(
        "When are the beds watered?", AskOptions(folder_ids=("f",))
    )
    stage.found(HIT)
    stage.engine.answer("The beds are watered every Friday.")
    stage.app.process_events()
    stage.app.questions.ask_question(
        "Which ones of them dry out?", AskOptions(folder_ids=("f",)), chat_id=first.chat_id
    )
    stage.engine.answer("I have no idea what you mean.")  # asked to write the question anew
    stage.app.process_events()
    stage.found()
    assert [search.query for search in stage.searches][1:] == [
        "Which ones of them dry out?",
        "When are the beds watered?\nWhich ones of them dry out?",
    ]
    stage.found()
    assert len(stage.engine.generated) == 3, "what was sent before still stands in the transcript"
    stage.engine.answer("Fridays.")
    stage.app.process_events()
    stage.app.questions.ask_question(
        "Who was the emperor in 1804?", AskOptions(folder_ids=("f",)), chat_id=first.chat_id
    )
    stage.found()
    assert "Garden" in stage.of(AnswerFinished)[-1].text
    assert len(stage.engine.generated) == 3


def test_sources_are_saved_before_the_first_word(stage: Stage) -> None:
    stage.loaded()
    stage.hear(FoldersListed(request_id="", folders=(GARDEN,)))
    started = stage.app.questions.ask_question("When?", AskOptions(folder_ids=("f",)))
    stage.found(HIT)
    stage.engine.deliver(
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
    stage.app.process_events()
    question, answer = stage.app.chats.load_conversation(started.chat_id).path()
    assert question.sent == "as sent"
    assert [source.file for source in answer.sources] == ["duties.md"]


def test_only_hits_that_stand_beside_the_best_are_sent(stage: Stage) -> None:
    stage.loaded()
    stage.app.questions.ask_question("When?", AskOptions(folder_ids=("f",)))
    weak = structs.replace(HIT, rank=2, passage_id=2, text="Dogs are welcome.", score=0.2)
    close = structs.replace(HIT, rank=3, passage_id=3, text="Water in May.", score=0.6)
    stage.found(HIT, weak, close)
    (request,) = stage.engine.generated
    assert [source.passage for source in request.sources] == [HIT.text, "Water in May."]


def test_a_question_that_nothing_answers_keeps_its_words_as_title(stage: Stage) -> None:
    stage.app.warm_up()
    stage.loaded()
    for is_refused in (True, False):
        stage.app.emit(
            AnswerFinished(
                chat_id="gone",
                turn_id="t",
                text="Nothing about this was found.",
                citations=(),
                sources=(),
                statistics=AnswerStatistics(is_refused=is_refused),
                note="",
            )
        )
        assert bool(stage.app._titles._due) is not is_refused
