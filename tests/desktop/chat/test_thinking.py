"""Reasoning text: folded, opened with a click, and shown again in a reopened chat."""

from msgspec import structs
from PySide6.QtWidgets import QAbstractButton

from core.chat.conversations.conversation import TurnState
from desktop.chat.cards.answer_card import AnswerCard
from tests.desktop.open_window import OpenWindow
from tests.desktop.seen import click, words_of
from tests.desktop.values import answer, question

THOUGHT = "Is it Friday? <b>Every</b> second one."


def last_answer(ui: OpenWindow) -> AnswerCard:
    return ui.window.view.transcript.findChildren(AnswerCard)[-1]


def buttons(card: AnswerCard) -> list[str]:
    return [each.text() for each in card.findChildren(QAbstractButton) if each.isVisible()]


def thought_for(card: AnswerCard) -> str:
    """Return the line that says how long it thought."""
    (words,) = [words for words in buttons(card) if words.startswith("Thought for ")]
    return words


def test_thinking_streams_behind_a_line_that_opens(ui: OpenWindow) -> None:
    ui.ask("When?")
    ui.backend.answer_thought("Is it ", "Friday?")
    shown = words_of(last_answer(ui))
    assert "Thinking…" in shown
    assert "Is it Friday?" not in shown
    click(last_answer(ui), "Show what it thinks")
    ui.backend.answer_thought(" <b>Every</b> second one.")
    assert THOUGHT in words_of(last_answer(ui))
    click(last_answer(ui), "Hide what it thinks")
    assert THOUGHT not in words_of(last_answer(ui))
    click(last_answer(ui), "Show what it thinks")
    ui.backend.answer_text("On Friday.")
    ui.backend.answer_finished()
    ui.settle()
    card = last_answer(ui)
    assert card.message_text == "On Friday."
    assert THOUGHT in words_of(card)
    click(card, thought_for(card))
    assert THOUGHT not in words_of(card)
    assert "On Friday." in words_of(card)


def test_an_answer_without_thinking_has_no_such_line(ui: OpenWindow) -> None:
    ui.ask("When?")
    ui.backend.answer_text("On Friday.")
    ui.backend.answer_finished()
    ui.settle()
    assert not [words for words in buttons(last_answer(ui)) if "hought" in words]


def test_thoughts_stay_when_the_answer_fails(ui: OpenWindow) -> None:
    ui.ask("When?")
    ui.backend.answer_thought(THOUGHT)
    ui.backend.answer_failed()
    click(last_answer(ui), "Thoughts before the answer")
    assert THOUGHT in words_of(last_answer(ui))


def test_a_saved_answer_has_its_thoughts(ui: OpenWindow) -> None:
    turn = answer("a", "On Friday.", state=TurnState.DONE)
    thoughtful = structs.replace(turn.statistics, seconds_of_thinking=12.0)
    chat_id = ui.backend.put_chat(
        "Beds",
        (question("q", "When?"), structs.replace(turn, thinking=THOUGHT, statistics=thoughtful)),
    )
    ui.window.controllers.chat.open_chat(chat_id)
    ui.settle()
    click(last_answer(ui), "Thought for 12.0 s")
    assert THOUGHT in words_of(last_answer(ui))


def test_thinking_goes_on_in_a_chat_that_was_left(ui: OpenWindow) -> None:
    ui.ask("When?")
    chat_id = ui.window.controllers.chat.chat_id
    ui.backend.answer_thought("Is it Friday?")
    ui.window.controllers.chat.open_new_chat()
    ui.backend.answer_thought(" <b>Every</b> second one.")
    ui.window.controllers.chat.open_chat(chat_id)
    ui.settle()
    click(last_answer(ui), "Show what it thinks")
    assert THOUGHT in words_of(last_answer(ui))
