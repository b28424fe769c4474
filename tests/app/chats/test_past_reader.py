"""After an answer, what the next question begins with is read, summed up first if it is full."""

from typing import Any

import pytest

from core.app.chats.ask_options import AskOptions
from core.app.events.app_events import AnswerFinished, AnswerSummarised
from core.base.settings import app_settings
from core.chat.answering.conversation_summary import SUMMARY_REQUEST
from core.messages import Generate, ReadAhead
from tests.app.stage import Stage


@pytest.fixture
def stage(stage: Stage) -> Stage:
    stage.engine.loads_at_once = True
    stage.engine.title = stage.engine.rewriting = ""
    stage.app.settings.override_value(app_settings.TITLES, value=False)
    stage.app._past.is_enabled = True
    return stage


def ask(stage: Stage, text: str, chat_id: str | None = None, **options: Any) -> str:
    """Ask and have it answered; returns the chat."""
    asked = AskOptions(fresh=True, **options)
    started = stage.app.questions.ask_question(text, asked, chat_id=chat_id)
    stage.app.process_events()
    stage.engine.answer("So it is.")
    stage.app.process_events()
    return started.chat_id


def expected(stage: Stage) -> list[ReadAhead]:
    return stage.engine.all_sent(ReadAhead)


def summaries(stage: Stage) -> list[Generate]:
    return [each for each in stage.engine.generated if each.turns[-1].text == SUMMARY_REQUEST]


def test_an_answer_is_followed_by_what_the_next_question_begins_with(stage: Stage) -> None:
    ask(stage, "Why is it so?")
    (request,) = expected(stage)
    (first,) = stage.engine.generated
    past = request.question
    assert [turn.text for turn in past.turns[:-1]] == ["sent", "So it is."]
    same = ("max_tokens", "adapters", "state_folder", "may_leave_out", "shortens_ahead")
    assert all(getattr(past, name) == getattr(first, name) for name in same)
    for _ in range(3):
        stage.app.process_events()
    assert len(expected(stage)) == 1, "once for an answer"


def test_a_full_past_is_summed_up_before_it_is_asked_for(stage: Stage) -> None:
    chat_id = ask(stage, "Why is it so?")
    ask(stage, "And then?", chat_id)
    stage.engine.full_early = 2
    ask(stage, "And at last?", chat_id)
    stage.app.process_events()
    (request,) = summaries(stage)
    stage.engine.answer("They talked.")
    stage.app.process_events()
    (kept,) = stage.app.chats.load_conversation(chat_id).summaries
    assert (kept.text, kept.turns) == ("They talked.", 2)
    (told,) = [event for event in stage.told if isinstance(event, AnswerSummarised)]
    assert (told.chat_id, told.summary) == (chat_id, kept)
    past = expected(stage)[-1].question.turns
    assert [turn.text for turn in past[:2]] == [SUMMARY_REQUEST, "They talked."]
    assert len(past) == 2 + 4 + 1
    ask(stage, "What now?", chat_id)
    assert stage.engine.generated[-1].turns[: len(past) - 1] == past[:-1]
    assert len(summaries(stage)) == 1
    assert request.state_folder == ""


def test_a_question_ends_a_summary_that_nobody_waits_for(stage: Stage) -> None:
    chat_id = ask(stage, "Why is it so?")
    stage.engine.full_early = 2
    ask(stage, "And then?", chat_id)
    stage.app.process_events()
    (request,) = summaries(stage)
    stage.app.questions.ask_question("What now?", AskOptions(fresh=True), chat_id=chat_id)
    stage.app.process_events()
    assert request.request_id in stage.engine.cancelled
    assert stage.app.chats.load_conversation(chat_id).summaries == ()
    stage.engine.answer("This.")
    stage.app.process_events()
    assert stage.of(AnswerFinished)[-1].text == "This."


def test_who_wants_to_be_asked_gets_no_summary(stage: Stage) -> None:
    chat_id = ask(stage, "Why is it so?")
    stage.engine.full_early = 2
    ask(stage, "And then?", chat_id, when_full="ask")
    stage.app.process_events()
    assert not summaries(stage)


def test_a_temporary_chat_keeps_its_summary_in_memory(stage: Stage) -> None:
    chat_id = ask(stage, "Why is it so?", temporary=True)
    stage.engine.full_early = 2
    ask(stage, "And then?", chat_id)
    stage.app.process_events()
    stage.engine.answer("They talked.")
    stage.app.process_events()
    assert len(stage.app.chat_service.load_chat(chat_id).summaries) == 1
    assert stage.app.chats.list_chats() == ()


def test_a_chat_that_was_deleted_is_left_alone(stage: Stage) -> None:
    chat_id = ask(stage, "Why is it so?")
    before = len(expected(stage))
    stage.app.questions.ask_question("And then?", AskOptions(fresh=True), chat_id=chat_id)
    stage.engine.answer("So.")
    stage.engine.full_early = 2
    stage.app.process_events()
    stage.app.process_events()
    assert summaries(stage)
    stage.app.chat_service.delete_chat(chat_id)
    stage.engine.answer("They talked.", -1)
    stage.app.process_events()
    assert not stage.of(AnswerSummarised)
    assert len(expected(stage)) == before + 1


def test_a_single_command_reads_nothing_ahead(stage: Stage) -> None:
    stage.app._past.is_enabled = False
    ask(stage, "Why is it so?")
    stage.app.process_events()
    assert not expected(stage)
