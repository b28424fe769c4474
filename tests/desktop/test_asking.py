"""Asking, streaming, stopping, and what comes back when it fails."""

from msgspec import structs
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest

from core.base.errors import EngineError, ErrorCode, ModelError
from core.chat.conversations.conversation import TurnState
from desktop.chat.cards.answer_card import AnswerCard
from desktop.kit.buttons_and_labels import ElidedLabel
from desktop.kit.locale_formatting import format_count
from tests.desktop.conftest import Desk
from tests.desktop.fake_values import COST, answer, question
from tests.desktop.seen import click, words_of


def last_answer(desk: Desk) -> AnswerCard:
    return desk.window.view.transcript.findChildren(AnswerCard)[-1]


def test_a_question_is_typed_and_its_answer_streams(desk: Desk) -> None:
    desk.ask("When do I water the beds?")
    assert desk.front.last("ask") == ("When do I water the beds?", None, ())
    assert desk.window.view.composer.draft == ""
    desk.front.answer_stage("loading")
    assert "Loading the model…" in words_of(last_answer(desk))
    desk.front.answer_stage("reading", tokens=1240)
    assert "Reading 1" in words_of(last_answer(desk))
    desk.front.answer_text("Every ", "second ", "**Friday**.")
    desk.settle()
    assert "Every second Friday." in words_of(last_answer(desk)), "Markdown streams as such"
    desk.front.answer_finished()
    desk.settle()
    shown = words_of(last_answer(desk))
    assert "Every second Friday." in shown
    assert "41.3 tokens/s" in shown
    assert "0.42 s" in shown


def test_what_was_saved_is_told_where_the_cost_is(desk: Desk) -> None:
    desk.ask("When?")
    desk.front.answer_text("On Friday.")
    desk.front.answer_finished()
    desk.settle()
    tips = [label.toolTip() for label in last_answer(desk).findChildren(ElidedLabel)]
    (tip,) = [tip for tip in tips if "memory" in tip]
    assert format_count(1204) in tip
    assert format_count(1260) in tip
    assert "84 of 120 guessed tokens were right." in tip
    desk.ask("And then?")
    desk.front.answer_text("Nothing.")
    unguessed = structs.replace(COST, drafted_tokens=0, accepted_tokens=0)
    desk.front.answer_finished(statistics=unguessed)
    tips = [label.toolTip() for label in last_answer(desk).findChildren(ElidedLabel)]
    assert any("memory" in tip for tip in tips)
    assert not any("guessed" in tip for tip in tips)


def test_shift_enter_starts_a_line_and_enter_sends_both(desk: Desk) -> None:
    edit = desk.window.view.composer.text_edit
    QTest.keyClicks(edit, "one")
    QTest.keyClick(edit, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    QTest.keyClicks(edit, "two")
    assert desk.front.count("ask") == 0
    QTest.keyClick(edit, Qt.Key.Key_Return)
    assert desk.front.last("ask")[0] == "one\ntwo"


def test_nothing_is_sent_when_nothing_is_typed(desk: Desk) -> None:
    desk.ask("   ")
    assert desk.front.count("ask") == 0
    assert not desk.window.view.composer.button.isEnabled()


def test_escape_stops_in_every_stage(desk: Desk) -> None:
    for stage in ("searching", "loading", "reading", "writing"):
        desk.ask(f"while {stage}")
        desk.front.answer_stage(stage)
        QTest.keyClick(desk.window.view.composer.text_edit, Qt.Key.Key_Escape)
        desk.front.process_events()
        desk.settle()
        assert "Stopped." in words_of(last_answer(desk))
    assert desk.front.count("stop_answer") == 4


def test_the_button_stops_while_an_answer_runs(desk: Desk) -> None:
    button = desk.window.view.composer.button
    assert button.accessibleName().startswith("Send")
    desk.ask("long story")
    desk.front.answer_text("Once")
    assert button.accessibleName().startswith("Stop")
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    desk.front.process_events()
    assert button.accessibleName().startswith("Send")
    assert "Once" in words_of(last_answer(desk))


def test_typing_goes_on_while_an_answer_runs_and_enter_keeps_it(desk: Desk) -> None:
    desk.ask("first")
    desk.ask("second")
    assert desk.front.count("ask") == 1
    assert desk.window.view.composer.draft == "second"
    desk.front.answer_text("done")
    desk.front.answer_finished()
    QTest.keyClick(desk.window.view.composer.text_edit, Qt.Key.Key_Return)
    assert desk.front.last("ask")[0] == "second"


def test_a_refused_question_comes_back_with_both_sentences(desk: Desk) -> None:
    desk.front.refusal = ModelError(ErrorCode.NO_MODEL)
    desk.ask("anything")
    assert desk.window.view.composer.draft == "anything"
    assert "No model is chosen." in words_of(desk.window.view)
    assert "Open Models" in words_of(desk.window.view)


def test_a_failed_answer_keeps_its_words_and_can_be_tried_again(desk: Desk) -> None:
    desk.ask("why?")
    desk.front.answer_text("Because")
    desk.front.answer_failed("The model stopped.", "Ask again.")
    desk.settle()
    shown = words_of(last_answer(desk))
    for words in ("Because", "The model stopped.", "Ask again.", "Try again"):
        assert words in shown
    click(last_answer(desk), "Try again")
    assert desk.front.count("ask") == 2
    assert desk.front.last("ask")[0] == "why?"
    desk.settle()
    assert "Try again" not in words_of(desk.window.view.transcript), "the chat has gone on"
    assert desk.front.count("again") == 1
    desk.front.answer_text("Therefore.")
    desk.front.answer_finished()
    desk.settle()
    shown = words_of(desk.window.view.transcript)
    assert shown.count("why?") == 1, "the question was asked twice"
    assert "Therefore." in shown
    assert "2/2" in shown


def test_a_refused_retry_says_why(desk: Desk) -> None:
    desk.ask("why?")
    desk.front.answer_failed("The model stopped.", "Ask again.")
    desk.front.refusal = EngineError(ErrorCode.ENGINE_DIED, detail="signal 11")
    desk.window.controllers.chat.ask_question("why?")
    assert "signal 11" in words_of(desk.window.view)


def test_late_words_of_an_ended_answer_are_dropped(desk: Desk) -> None:
    desk.ask("one")
    run = desk.front.running()
    desk.front.answer_text("first")
    desk.front.answer_finished()
    desk.front.runs[run.started.chat_id] = run
    desk.front.answer_text("late")
    assert "late" not in words_of(desk.window.view)


def test_both_sides_can_be_copied(desk: Desk) -> None:
    desk.ask("a <b>question</b>")
    desk.front.answer_text("an *answer*")
    desk.front.answer_finished()
    desk.settle()
    for name, text in (
        ("Copy the question", "a <b>question</b>"),
        ("Copy the answer", "an *answer*"),
    ):
        click(desk.window, name)
        assert QGuiApplication.clipboard().text() == text


def test_an_interrupted_answer_says_so_after_a_restart(desk: Desk) -> None:
    turns = (question("q", "hello"), answer("a", "Good mor", state=TurnState.INTERRUPTED))
    chat_id = desk.front.chats.put("hello", turns)
    desk.window.controllers.chats.refresh_list()
    desk.window.controllers.chat.open_chat(chat_id)
    desk.settle()
    shown = words_of(desk.window.view.transcript)
    assert "Good mor" in shown
    assert "Interrupted" in shown
    assert "Try again" in shown


def test_closing_while_an_answer_streams_closes_the_application(desk: Desk) -> None:
    desk.ask("long story")
    desk.front.answer_text("Once")
    desk.window.close()
    assert desk.front.closed
