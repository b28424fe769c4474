"""Chats as a whole: thrown away and brought back, kept, exported, taken in, compared, named."""

from pathlib import Path

import pytest

from core.app.chats.ask_options import AskOptions
from core.app.chats.comparison_service import Contestant
from core.app.events.app_events import ChatsChanged, Notice
from core.base.errors import ErrorCode, ModelError, StorageError
from core.base.paths import Paths
from core.base.settings import app_settings as declared
from core.chat.conversations.chat_style import ChatStyle, ExampleExchange
from core.chat.export.chat_export import ExportFormat
from core.chat.store.chat_organizer import TRASH_SECONDS
from core.messages import AnswerDone
from tests.app.stage import Stage


@pytest.fixture
def stage(stage: Stage) -> Stage:
    stage.loaded()
    return stage


def told(stage: Stage, question: str, answer: str) -> str:
    """Ask, answer, and return the chat."""
    started = stage.app.questions.ask_question(question)
    stage.engine.answer(answer)
    stage.app.process_events()
    return started.chat_id


def titles(stage: Stage) -> list[str]:
    return [chat.title for chat in stage.app.chats.list_chats()]


def test_a_chat_thrown_away_while_it_answers_can_be_brought_back(stage: Stage) -> None:
    started = stage.app.questions.ask_question("Roses?")
    stage.app.chat_service.trash_chat(started.chat_id)
    assert stage.app.running_answers.turn_ids == ()
    assert titles(stage) == []
    stage.app.chat_service.restore_chat(started.chat_id)
    (turn,) = [
        t
        for t in stage.app.chats.load_conversation(started.chat_id).path()
        if t.role == "assistant"
    ]
    assert turn.state == "cancelled"
    assert titles(stage) == ["Roses?"]


def test_the_trash_is_emptied_of_old_chats_at_the_start(root: Paths, stage: Stage) -> None:
    chat_id = told(stage, "Roses?", "In March.")
    stage.app.chat_service.trash_chat(chat_id)
    stage.app.chats._db.execute("UPDATE chats SET trashed = trashed - ?", (TRASH_SECONDS + 1,))
    stage.app.chat_service.delete_expired_chats()
    with pytest.raises(StorageError) as refused:
        stage.app.chats.load_conversation(chat_id)
    assert refused.value.code is ErrorCode.CHAT_UNKNOWN


def test_a_temporary_chat_is_kept_when_that_is_wished(stage: Stage) -> None:
    started = stage.app.questions.ask_question("A secret?", AskOptions(temporary=True))
    stage.engine.answer("None.")
    stage.app.process_events()
    assert titles(stage) == []
    assert stage.app.chat_service.is_temporary(started.chat_id)
    stage.app.chat_service.save_temporary_chat(started.chat_id)
    assert titles(stage) == ["A secret?"]
    assert not stage.app.chat_service.is_temporary(started.chat_id)
    assert stage.app.chats.load_conversation(started.chat_id).path()[-1].text == "None."
    assert stage.app.chats.search.find_hits("secret")


def test_a_file_of_chats_is_taken_in_and_told(stage: Stage, tmp_path: Path) -> None:
    chat_id = told(stage, "Roses?", "In March.")
    path = tmp_path / "chats.json"
    stage.app.chat_service.export_chats([chat_id], ExportFormat.JSON, path)
    before = len(stage.of(ChatsChanged))
    (chat,) = stage.app.chat_service.import_chats(path)
    assert chat.chat_id != chat_id
    assert titles(stage) == ["Roses?"] * 2
    assert len(stage.of(ChatsChanged)) == before + 1


def test_the_manner_of_a_chat_goes_before_its_questions(stage: Stage) -> None:
    manner = ChatStyle(
        system="Be short.",
        examples=(ExampleExchange(question="2+2", answer="4"),),
        preset="creative",
    )
    first = stage.app.questions.ask_question("Roses?", AskOptions(chat_style=manner))
    request = stage.engine.generated[-1]
    assert [turn.text for turn in request.turns] == ["Be short.", "2+2", "4", "Roses?"]
    assert request.turns[0].role == "system"
    assert request.sampling.temperature == 1.0
    stage.engine.answer("In March.")
    stage.app.process_events()
    stage.app.chat_service.set_chat_style(first.chat_id, ChatStyle(preset="precise"))
    stage.app.questions.ask_question("And cider?", chat_id=first.chat_id)
    request = stage.engine.generated[-1]
    assert [turn.text for turn in request.turns] == ["sent", "In March.", "And cider?"]
    assert request.sampling.temperature == 0.2


def test_two_answers_are_compared_and_the_better_one_added(stage: Stage, root: Paths) -> None:
    chat_id = told(stage, "Roses?", "In March.")
    before = stage.app.chats.load_conversation(chat_id)
    begun = stage.app.comparison.start_comparison(
        "And how?",
        (Contestant(preset="precise"), Contestant(preset="creative", temperature=1.5)),
        chat_id=chat_id,
    )
    asked = stage.engine.generated[-2:]
    assert [request.sampling.temperature for request in asked] == [0.2, 1.5]
    assert all(request.turns[-2].text == "In March." for request in asked)
    assert all(request.state_folder == "" for request in asked)
    assert stage.app.chats.load_conversation(chat_id) == before, "nothing is saved yet"
    stage.engine.answer("With a knife.", nth=-2)
    stage.engine.answer("With love.", nth=-1)
    stage.app.process_events()
    better, worse = (each.chat_id for each in begun)
    assert stage.app.comparison.keep_answer(better, [worse], chat_id=chat_id) == chat_id
    path = stage.app.chats.load_conversation(chat_id).path()
    assert [turn.text for turn in path[-2:]] == ["And how?", "With a knife."]
    assert path[-2].parent_id == before.leaf_id
    assert not any(stage.app.chat_service.is_temporary(each) for each in (better, worse))


def test_a_comparison_in_no_chat_becomes_one(stage: Stage) -> None:
    begun = stage.app.comparison.start_comparison("Roses?", (Contestant(), Contestant()))
    stage.engine.answer("In March.", nth=-2)
    stage.app.process_events()
    kept = stage.app.comparison.keep_answer(begun[0].chat_id, [begun[1].chat_id])
    assert titles(stage) == ["Roses?"]
    assert stage.app.chats.load_conversation(kept).path()[-1].text == "In March."
    assert stage.app.running_answers.turn_ids == (), "the other one ended"


def test_a_comparison_in_a_temporary_chat_saves_nothing(stage: Stage) -> None:
    manner = ChatStyle(system="Be short.")
    begun = stage.app.comparison.start_comparison(
        "Roses?", (Contestant(), Contestant()), chat_style=manner
    )
    assert stage.engine.generated[-1].turns[0].text == "Be short."
    stage.engine.answer("In March.", nth=-2)
    stage.app.process_events()
    first, second = (each.chat_id for each in begun)
    kept = stage.app.comparison.keep_answer(first, [second], temporary=True)
    assert titles(stage) == []
    assert stage.app.chat_service.load_chat(kept).path()[-1].text == "In March."
    assert stage.app.chat_service.load_chat(kept).chat_style == manner
    assert not stage.app.chat_service.is_temporary(second)


def test_an_answer_kept_in_a_copy_becomes_a_chat_instead(stage: Stage) -> None:
    first, second = stage.app.comparison.start_comparison("Roses?", (Contestant(), Contestant()))
    stage.engine.answer("In March.", nth=-2)
    stage.app.process_events()
    for copy in (first, second):
        assert stage.app.comparison.is_copy(copy.chat_id)
    kept = stage.app.comparison.keep_answer(first.chat_id, [second.chat_id], chat_id=second.chat_id)
    assert titles(stage) == ["Roses?"]
    assert stage.app.chats.load_conversation(kept).path()[-1].text == "In March."
    assert not stage.app.comparison.is_copy(kept)


def test_each_contestant_is_asked_as_a_chat_with_its_model_would_be(stage: Stage) -> None:
    ref = stage.app.models.find_usable_model("").ref
    stage.app.model_settings.change_setting(ref, "temperature", "1.3")
    stage.app.model_settings.change_setting(ref, "top_k", "7")
    stage.app.comparison.start_comparison(
        "Roses?", (Contestant(model=ref), Contestant(preset="precise"))
    )
    plain, precise = (request.sampling for request in stage.engine.generated[-2:])
    assert (plain.temperature, plain.top_k) == (1.3, 7)
    assert (precise.temperature, precise.top_k) == (0.2, 7)


def test_a_comparison_with_an_unknown_model_asks_nobody(stage: Stage) -> None:
    with pytest.raises(ModelError) as caught:
        stage.app.comparison.start_comparison("Roses?", (Contestant(), Contestant(model="nowhere")))
    assert caught.value.code is ErrorCode.MODEL_UNKNOWN
    assert stage.app.running_answers.turn_ids == ()


# ---------------------------------------------------------------- titles by the model


def asked_for_title(stage: Stage) -> bool:
    request = stage.engine.generated[-1]
    return request.request_id.startswith("title ")


@pytest.fixture
def window(stage: Stage) -> Stage:
    """Be an application that has a window."""
    stage.app.warm_up()
    return stage


def test_a_chat_is_named_by_the_idle_model(window: Stage) -> None:
    chat_id = told(
        window, "When do I prune the roses along the northern wall?", "Prune them in late March."
    )
    assert asked_for_title(window)
    request = window.engine.generated[-1]
    assert request.state_folder == ""
    window.engine.deliver(
        AnswerDone(request_id=request.request_id, stop="eos", text="Title: Pruning roses")
    )
    before = len(window.of(ChatsChanged))
    window.app.process_events()
    assert titles(window) == ["Pruning roses"]
    assert len(window.of(ChatsChanged)) == before + 1
    asked = len(window.engine.generated)
    window.app.questions.ask_question("And cider?", chat_id=chat_id)
    window.engine.answer("A week.")
    window.app.process_events()
    assert len(window.engine.generated) == asked + 1, "it has its title"


def test_a_title_gives_way_to_a_question_and_comes_later(window: Stage) -> None:
    chat_id = told(
        window, "When do I prune the roses along the northern wall?", "Prune them in late March."
    )
    title = window.engine.generated[-1].request_id
    started = window.app.questions.ask_question("And cider?", chat_id=chat_id)
    assert window.engine.cancelled[-1] == title
    assert window.engine.generated[-1].request_id == started.turn_id
    window.app.process_events()
    assert titles(window) == ["When do I prune the roses along the northern wall?"]
    assert window.engine.generated[-1].request_id == started.turn_id, "not while one waits"
    window.engine.answer("A week.")
    window.app.process_events()
    assert asked_for_title(window)


def test_no_title_is_asked_for_in_vain(window: Stage) -> None:
    told(window, "When do I prune the roses along the northern wall?", "Prune them in late March.")
    request_id = window.engine.generated[-1].request_id
    window.engine.deliver(AnswerDone(request_id=request_id, stop="eos", text="As an AI, I"))
    window.app.process_events()
    window.app.process_events()
    assert titles(window) == ["When do I prune the roses along the northern wall?"]
    assert window.engine.generated[-1].request_id == request_id


def test_a_title_that_fails_is_no_notice(window: Stage) -> None:
    told(window, "When do I prune the roses along the northern wall?", "Prune them in late March.")
    assert asked_for_title(window)
    window.engine.die()
    window.app.process_events()
    assert window.of(Notice) == []
    assert titles(window) == ["When do I prune the roses along the northern wall?"]


def test_a_chat_that_begins_with_a_greeting_is_named_by_what_is_asked_then(window: Stage) -> None:
    chat_id = told(window, "Hi!", "Hello, how can I help?")
    assert titles(window) == ["Hi!"]
    window.app.questions.ask_question("When do I prune the roses along the wall?", chat_id=chat_id)
    window.engine.answer("Prune them in late March.")
    window.app.process_events()
    assert titles(window) == ["When do I prune the roses along the wall?"]
    window.app.chats.rename_chat(chat_id, "Roses")
    window.app.questions.ask_question("And the hedge?", chat_id=chat_id)
    window.engine.answer("In June.")
    window.app.process_events()
    assert titles(window) == ["Roses"]


def test_a_title_counts_no_try_when_its_model_is_unloaded(window: Stage) -> None:
    told(window, "When do I prune the roses along the northern wall?", "Prune them in late March.")
    for _time in range(3):
        assert asked_for_title(window)
        assert window.app.model_loading.unload_model()
        asked = len(window.engine.generated)
        window.app.process_events()
        assert len(window.engine.generated) == asked, "not without a model"
        window.loaded()
        assert len(window.engine.generated) == asked + 1


def test_no_title_without_a_window_a_wish_or_a_saved_chat(stage: Stage) -> None:
    told(stage, "When do I prune the roses along the northern wall?", "Prune them in late March.")
    assert not asked_for_title(stage)
    stage.app.warm_up()
    stage.app.settings.set_value(declared.TITLES, value=False)
    told(stage, "When do I prune the roses along the northern wall?", "Prune them in late March.")
    assert not asked_for_title(stage)
    stage.app.settings.set_value(declared.TITLES, value=True)
    stage.app.questions.ask_question("A secret wish?", AskOptions(temporary=True))
    stage.engine.answer("It stays one.")
    stage.app.process_events()
    requests = [each for each in stage.engine.generated if each.request_id.startswith("title ")]
    assert not any("secret" in turn.text for request in requests for turn in request.turns)
