"""A chat that no longer fits: the mark in the transcript, and the person being asked."""

from core.base.errors import ErrorCode
from core.base.settings.app_settings import WHEN_FULL
from desktop.chat.cards.answer_card import AnswerCard
from desktop.chat.cards.question_card import QuestionCard
from desktop.chat.cards.summary_card import SummaryCard
from tests.desktop.desk import Desk
from tests.desktop.seen import click, words_of

MARK = "Earlier messages were summarised"
SUMMARY = "They spoke of a cat called Bob."


def talk(desk: Desk, *questions: str) -> None:
    for question in questions:
        desk.ask(question)
        desk.front.answer_text(f"About {question}")
        desk.front.answer_finished()
        desk.settle()


def full(desk: Desk, *, early: int) -> None:
    """Say that the question fits only without the first `early` turns."""
    desk.front.answer_failed(ErrorCode.CONTEXT_FULL, early=str(early), context="4096")
    desk.settle()


def summarised(desk: Desk, *, early: int) -> None:
    """Refuse the question once, and sum up the first `early` turns for it."""
    full(desk, early=early)
    desk.front.answer_text(SUMMARY)
    desk.front.answer_finished()


def cards(desk: Desk) -> list[str]:
    """Return the kinds of what stands in the transcript, from top to bottom."""
    kinds = {QuestionCard: "question", AnswerCard: "answer", SummaryCard: "mark"}
    return [kinds[type(card)] for card in desk.window.view.transcript.built_cards]


def test_a_summary_is_marked_where_it_ends_and_can_be_opened(desk: Desk) -> None:
    talk(desk, "cats", "dogs")
    desk.ask("birds")
    full(desk, early=2)
    assert "Summarising early messages…" in words_of(desk.window.view)
    desk.front.answer_text(SUMMARY)
    desk.front.answer_finished()
    desk.front.answer_text("About birds")
    desk.front.answer_finished()
    desk.settle()
    assert "2 early messages were summarised to make room." in words_of(desk.window.view)
    assert cards(desk)[:4] == ["question", "answer", "mark", "question"]
    assert SUMMARY not in words_of(desk.window.view)
    click(desk.window.view, MARK)
    assert SUMMARY in words_of(desk.window.view)
    assert "It goes on from its summary" in words_of(desk.window.view)
    click(desk.window.view, MARK)
    assert SUMMARY not in words_of(desk.window.view)


def test_the_mark_is_there_when_the_chat_is_opened_again(desk: Desk) -> None:
    talk(desk, "cats", "dogs")
    chat_id = desk.window.controllers.chat.chat_id
    desk.ask("birds")
    summarised(desk, early=2)
    desk.front.answer_finished()
    desk.settle()
    desk.window.controllers.chat.open_new_chat()
    assert MARK not in words_of(desk.window.view)
    desk.window.controllers.chat.open_chat(chat_id)
    desk.settle()
    assert MARK in words_of(desk.window.view)
    assert cards(desk)[:4] == ["question", "answer", "mark", "question"]


def test_a_summary_out_of_view_is_there_when_one_scrolls_to_it(desk: Desk) -> None:
    talk(desk, *(f"topic-{number}" for number in range(1, 24)))
    chat_id = desk.window.controllers.chat.chat_id
    desk.ask("last")
    summarised(desk, early=4)
    desk.front.answer_finished()
    desk.window.controllers.chat.open_chat(chat_id)
    desk.settle()
    assert MARK not in words_of(desk.window.view)
    assert len(cards(desk)) < 40, "all of them were built"
    first = desk.front.saved_chat(chat_id).path()[0]
    desk.window.view.transcript.scroll_to_turn(first.turn_id)
    desk.settle()
    assert cards(desk)[:6] == ["question", "answer", "question", "answer", "mark", "question"]
    assert MARK in words_of(desk.window.view)


def test_the_person_chooses_how_room_is_made(desk: Desk) -> None:
    desk.app.settings.set_value(WHEN_FULL, "ask")
    talk(desk, "cats")
    desk.ask("birds")
    full(desk, early=2)
    assert "Early messages can be summarised or left out." in words_of(desk.window.view)
    assert "--" not in words_of(desk.window.view), "commands are for the terminal"
    assert "Try again" not in words_of(desk.window.view)
    click(desk.window.view, "Summarise early messages")
    desk.settle()
    assert desk.front.last_question == "birds"
    summarised(desk, early=2)
    assert desk.front.last_question == "birds"


def test_early_messages_are_left_out_when_the_person_says_so(desk: Desk) -> None:
    desk.app.settings.set_value(WHEN_FULL, "ask")
    talk(desk, "cats")
    desk.ask("birds")
    assert not desk.front.questions[-1].may_leave_out
    full(desk, early=2)
    click(desk.window.view, "Leave them out")
    desk.settle()
    assert desk.front.last_question == "birds"
    assert desk.front.questions[-1].may_leave_out


def test_other_failures_are_tried_again_as_before(desk: Desk) -> None:
    desk.ask("birds")
    desk.front.answer_failed()
    desk.settle()
    assert "Leave them out" not in words_of(desk.window.view)
    click(desk.window.view, "Try again")
    desk.settle()
    assert desk.front.last_question == "birds"
    assert not desk.front.questions[-1].may_leave_out
