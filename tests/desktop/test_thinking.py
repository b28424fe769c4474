"""What a reasoning model thinks: folded away, opened with a click, there again when one returns."""

from msgspec import structs
from PySide6.QtWidgets import QAbstractButton

from core.chat.conversations.conversation import TurnState
from desktop.chat.cards.answer_card import AnswerCard
from tests.desktop.desk import Desk
from tests.desktop.seen import click, words_of
from tests.desktop.values import answer, question

THOUGHT = "Is it Friday? <b>Every</b> second one."


def last_answer(desk: Desk) -> AnswerCard:
    return desk.window.view.transcript.findChildren(AnswerCard)[-1]


def buttons(card: AnswerCard) -> list[str]:
    return [each.text() for each in card.findChildren(QAbstractButton) if each.isVisible()]


def thought_for(card: AnswerCard) -> str:
    """Return the line that says how long it thought."""
    (words,) = [words for words in buttons(card) if words.startswith("Thought for ")]
    return words


def test_thinking_streams_behind_a_line_that_opens(desk: Desk) -> None:
    desk.ask("When?")
    desk.front.answer_thought("Is it ", "Friday?")
    shown = words_of(last_answer(desk))
    assert "Thinking…" in shown
    assert "Is it Friday?" not in shown
    click(last_answer(desk), "Show what it thinks")
    desk.front.answer_thought(" <b>Every</b> second one.")
    assert THOUGHT in words_of(last_answer(desk))
    click(last_answer(desk), "Hide what it thinks")
    assert THOUGHT not in words_of(last_answer(desk))
    click(last_answer(desk), "Show what it thinks")
    desk.front.answer_text("On Friday.")
    desk.front.answer_finished()
    desk.settle()
    card = last_answer(desk)
    assert card.message_text == "On Friday."
    assert THOUGHT in words_of(card)
    click(card, thought_for(card))
    assert THOUGHT not in words_of(card)
    assert "On Friday." in words_of(card)


def test_an_answer_without_thinking_has_no_such_line(desk: Desk) -> None:
    desk.ask("When?")
    desk.front.answer_text("On Friday.")
    desk.front.answer_finished()
    desk.settle()
    assert not [words for words in buttons(last_answer(desk)) if "hought" in words]


def test_thoughts_stay_when_the_answer_fails(desk: Desk) -> None:
    desk.ask("When?")
    desk.front.answer_thought(THOUGHT)
    desk.front.answer_failed()
    click(last_answer(desk), "Thoughts before the answer")
    assert THOUGHT in words_of(last_answer(desk))


def test_a_saved_answer_has_its_thoughts(desk: Desk) -> None:
    turn = answer("a", "On Friday.", state=TurnState.DONE)
    thoughtful = structs.replace(turn.statistics, seconds_of_thinking=12.0)
    chat_id = desk.front.put_chat(
        "Beds",
        (question("q", "When?"), structs.replace(turn, thinking=THOUGHT, statistics=thoughtful)),
    )
    desk.window.controllers.chat.open_chat(chat_id)
    desk.settle()
    click(last_answer(desk), "Thought for 12.0 s")
    assert THOUGHT in words_of(last_answer(desk))


def test_thinking_goes_on_in_a_chat_that_was_left(desk: Desk) -> None:
    desk.ask("When?")
    chat_id = desk.window.controllers.chat.chat_id
    desk.front.answer_thought("Is it Friday?")
    desk.window.controllers.chat.open_new_chat()
    desk.front.answer_thought(" <b>Every</b> second one.")
    desk.window.controllers.chat.open_chat(chat_id)
    desk.settle()
    click(last_answer(desk), "Show what it thinks")
    assert THOUGHT in words_of(last_answer(desk))
