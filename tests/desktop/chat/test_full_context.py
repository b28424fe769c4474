"""Full context: the mark in the transcript, and the question how to go on."""

from core.base.errors import ErrorCode
from core.base.settings.app_settings import WHEN_FULL
from desktop.chat.cards.answer_card import AnswerCard
from desktop.chat.cards.question_card import QuestionCard
from desktop.chat.cards.summary_card import SummaryCard
from tests.desktop.open_window import OpenWindow
from tests.desktop.seen import click, words_of

MARK = "Earlier messages were summarised"
SUMMARY = "They spoke of a cat called Bob."


def talk(ui: OpenWindow, *questions: str) -> None:
    for question in questions:
        ui.ask(question)
        ui.backend.answer_text(f"About {question}")
        ui.backend.answer_finished()
        ui.settle()


def full(ui: OpenWindow, *, early: int) -> None:
    """Say that the question fits only without the first `early` turns."""
    ui.backend.answer_failed(ErrorCode.CONTEXT_FULL, early=str(early), context="4096")
    ui.settle()


def summarised(ui: OpenWindow, *, early: int) -> None:
    """Refuse the question once, and sum up the first `early` turns for it."""
    full(ui, early=early)
    ui.backend.answer_text(SUMMARY)
    ui.backend.answer_finished()


def cards(ui: OpenWindow) -> list[str]:
    """Return the kinds of what stands in the transcript, from top to bottom."""
    kinds = {QuestionCard: "question", AnswerCard: "answer", SummaryCard: "mark"}
    return [kinds[type(card)] for card in ui.window.view.transcript.built_cards]


def test_a_summary_is_marked_where_it_ends_and_can_be_opened(ui: OpenWindow) -> None:
    talk(ui, "cats", "dogs")
    ui.ask("birds")
    full(ui, early=2)
    assert "Summarising early messages…" in words_of(ui.window.view)
    ui.backend.answer_text(SUMMARY)
    ui.backend.answer_finished()
    ui.backend.answer_text("About birds")
    ui.backend.answer_finished()
    ui.settle()
    assert "2 early messages were summarised to make room." in words_of(ui.window.view)
    assert cards(ui)[:4] == ["question", "answer", "mark", "question"]
    assert SUMMARY not in words_of(ui.window.view)
    click(ui.window.view, MARK)
    assert SUMMARY in words_of(ui.window.view)
    assert "It goes on from its summary" in words_of(ui.window.view)
    click(ui.window.view, MARK)
    assert SUMMARY not in words_of(ui.window.view)


def test_the_mark_is_there_when_the_chat_is_opened_again(ui: OpenWindow) -> None:
    talk(ui, "cats", "dogs")
    chat_id = ui.window.controllers.chat.chat_id
    ui.ask("birds")
    summarised(ui, early=2)
    ui.backend.answer_finished()
    ui.settle()
    ui.window.controllers.chat.open_new_chat()
    assert MARK not in words_of(ui.window.view)
    ui.window.controllers.chat.open_chat(chat_id)
    ui.settle()
    assert MARK in words_of(ui.window.view)
    assert cards(ui)[:4] == ["question", "answer", "mark", "question"]


def test_a_summary_out_of_view_is_there_when_one_scrolls_to_it(ui: OpenWindow) -> None:
    talk(ui, *(f"topic-{number}" for number in range(1, 24)))
    chat_id = ui.window.controllers.chat.chat_id
    ui.ask("last")
    summarised(ui, early=4)
    ui.backend.answer_finished()
    ui.window.controllers.chat.open_chat(chat_id)
    ui.settle()
    assert MARK not in words_of(ui.window.view)
    assert len(cards(ui)) < 40, "all of them were built"
    first = ui.backend.saved_chat(chat_id).path()[0]
    ui.window.view.transcript.scroll_to_turn(first.turn_id)
    ui.settle()
    assert cards(ui)[:6] == ["question", "answer", "question", "answer", "mark", "question"]
    assert MARK in words_of(ui.window.view)


def test_the_person_chooses_how_room_is_made(ui: OpenWindow) -> None:
    ui.app.settings.set_value(WHEN_FULL, "ask")
    talk(ui, "cats")
    ui.ask("birds")
    full(ui, early=2)
    assert "Early messages can be summarised or left out." in words_of(ui.window.view)
    assert "--" not in words_of(ui.window.view), "commands are for the terminal"
    assert "Try again" not in words_of(ui.window.view)
    click(ui.window.view, "Summarise early messages")
    ui.settle()
    assert ui.backend.last_question == "birds"
    summarised(ui, early=2)
    assert ui.backend.last_question == "birds"


def test_early_messages_are_left_out_when_the_person_says_so(ui: OpenWindow) -> None:
    ui.app.settings.set_value(WHEN_FULL, "ask")
    talk(ui, "cats")
    ui.ask("birds")
    assert not ui.backend.questions[-1].may_leave_out
    full(ui, early=2)
    click(ui.window.view, "Leave them out")
    ui.settle()
    assert ui.backend.last_question == "birds"
    assert ui.backend.questions[-1].may_leave_out


def test_other_failures_are_tried_again_as_before(ui: OpenWindow) -> None:
    ui.ask("birds")
    ui.backend.answer_failed()
    ui.settle()
    assert "Leave them out" not in words_of(ui.window.view)
    click(ui.window.view, "Try again")
    ui.settle()
    assert ui.backend.last_question == "birds"
    assert not ui.backend.questions[-1].may_leave_out
