"""Asking, streaming, stopping, and what comes back when it fails."""

import re

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest

from core.chat.conversations.conversation import TurnState
from core.messages import AnswerChunk, SearchFolders
from desktop.chat.cards.answer_card import AnswerCard
from desktop.kit.buttons_and_labels import ElidedLabel
from desktop.kit.locale_formatting import format_count
from tests.desktop.desk import Desk
from tests.desktop.seen import click, words_of
from tests.desktop.values import answer, folder, question
from tests.fakes.models import SMALL_MODEL


def last_answer(desk: Desk) -> AnswerCard:
    return desk.window.view.transcript.findChildren(AnswerCard)[-1]


def test_a_question_is_typed_and_its_answer_streams(desk: Desk) -> None:
    desk.app.model_loading.unload_model()
    desk.front.engine.loads_at_once = False
    desk.ask("When do I water the beds?")
    assert desk.window.view.composer.draft == ""
    assert "Loading the model…" in words_of(last_answer(desk))
    desk.front.engine.finish_loading()
    desk.front.pump()
    assert desk.front.last_question == "When do I water the beds?"
    desk.front.answer_read(prompt_tokens=1240)
    assert "Reading 1" in words_of(last_answer(desk))
    desk.front.answer_text("Every ", "second ", "**Friday**.")
    desk.settle()
    assert "Every second Friday." in words_of(last_answer(desk)), "Markdown streams as such"
    desk.front.answer_finished()
    desk.settle()
    shown = words_of(last_answer(desk))
    assert "Every second Friday." in shown
    assert "41.3 tokens/s" in shown
    assert re.search(r"\d\.\d\d s", shown), "how long the first word took"


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
    desk.front.answer_finished(drafted_tokens=0, accepted_tokens=0)
    tips = [label.toolTip() for label in last_answer(desk).findChildren(ElidedLabel)]
    assert any("memory" in tip for tip in tips)
    assert not any("guessed" in tip for tip in tips)


def test_shift_enter_starts_a_line_and_enter_sends_both(desk: Desk) -> None:
    edit = desk.window.view.composer.text_edit
    QTest.keyClicks(edit, "one")
    QTest.keyClick(edit, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    QTest.keyClicks(edit, "two")
    assert not desk.front.questions
    QTest.keyClick(edit, Qt.Key.Key_Return)
    assert desk.front.last_question == "one\ntwo"


def test_nothing_is_sent_when_nothing_is_typed(desk: Desk) -> None:
    desk.ask("   ")
    assert not desk.front.questions
    assert not desk.window.view.composer.button.isEnabled()


@pytest.mark.parametrize("stage", ["searching", "loading", "reading", "thinking", "writing"])
def test_escape_stops_in_every_stage(desk: Desk, stage: str) -> None:
    desk.front.folder_seen(folder())
    if stage == "searching":
        desk.front.library.held.add(SearchFolders)
        desk.tick("folder-1")
    elif stage == "loading":
        desk.app.model_loading.unload_model()
        desk.front.engine.loads_at_once = False
    desk.ask(f"while {stage}")
    if stage == "thinking":
        desk.front.answer_thought("Hm")
    elif stage == "writing":
        desk.front.answer_text("Once")
    assert desk.window.view.composer.button.accessibleName().startswith("Stop")
    QTest.keyClick(desk.window.view.composer.text_edit, Qt.Key.Key_Escape)
    desk.settle()
    assert "Stopped." in words_of(last_answer(desk))
    assert not desk.front.engine.running


def test_the_button_stops_while_an_answer_runs(desk: Desk) -> None:
    button = desk.window.view.composer.button
    assert button.accessibleName().startswith("Send")
    desk.ask("long story")
    desk.front.answer_text("Once")
    assert button.accessibleName().startswith("Stop")
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    desk.settle()
    assert button.accessibleName().startswith("Send")
    assert "Once" in words_of(last_answer(desk))


def test_typing_goes_on_while_an_answer_runs_and_enter_keeps_it(desk: Desk) -> None:
    desk.ask("first")
    desk.ask("second")
    assert len(desk.front.questions) == 1
    assert desk.window.view.composer.draft == "second"
    desk.front.answer_text("done")
    desk.front.answer_finished()
    QTest.keyClick(desk.window.view.composer.text_edit, Qt.Key.Key_Return)
    assert desk.front.last_question == "second"


def test_a_refused_question_comes_back_with_both_sentences(desk: Desk) -> None:
    desk.app.models.unregister_model(SMALL_MODEL)
    desk.ask("anything")
    assert desk.window.view.composer.draft == "anything"
    assert "No model is chosen." in words_of(desk.window.view)
    assert "Open Models" in words_of(desk.window.view)


def test_a_failed_answer_keeps_its_words_and_can_be_tried_again(desk: Desk) -> None:
    desk.ask("why?")
    desk.front.answer_text("Because")
    desk.front.engine_dies()
    desk.settle()
    shown = words_of(last_answer(desk))
    for words in ("Because", "The model stopped unexpectedly", "Ask again", "Try again"):
        assert words in shown
    click(last_answer(desk), "Try again")
    desk.settle()
    assert len(desk.front.questions) == 2
    assert desk.front.last_question == "why?"
    assert "Try again" not in words_of(desk.window.view.transcript), "the chat has gone on"
    desk.front.answer_text("Therefore.")
    desk.front.answer_finished()
    desk.settle()
    shown = words_of(desk.window.view.transcript)
    assert shown.count("why?") == 1, "the question was asked twice"
    assert "Therefore." in shown
    assert "2/2" in shown


def test_a_refused_retry_says_why(desk: Desk) -> None:
    desk.ask("why?")
    desk.front.answer_failed()
    desk.app.models.unregister_model(SMALL_MODEL)
    click(last_answer(desk), "Try again")
    desk.settle()
    assert "No model is chosen." in words_of(desk.window.view)


def test_late_words_of_an_ended_answer_are_dropped(desk: Desk) -> None:
    desk.ask("one")
    turn_id = desk.front.questions[-1].request_id
    desk.front.answer_text("first")
    desk.front.answer_finished()
    desk.front.engine.deliver(AnswerChunk(request_id=turn_id, text="late"))
    desk.front.pump()
    desk.settle()
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
    chat_id = desk.front.put_chat("hello", turns)
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
    assert desk.front.is_closed
    desk.front.open_again()
    turn = desk.front.saved_chat(desk.window.controllers.chat.chat_id).path()[-1]
    assert (turn.text, turn.state) == ("Once", TurnState.CANCELLED)
