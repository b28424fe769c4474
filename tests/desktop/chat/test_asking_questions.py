"""Questions: sending, streaming, stopping, and the state after a failure."""

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
from tests.desktop.open_window import OpenWindow
from tests.desktop.seen import click, words_of
from tests.desktop.values import answer, folder, question
from tests.fakes.models import SMALL_MODEL


def last_answer(ui: OpenWindow) -> AnswerCard:
    return ui.window.view.transcript.findChildren(AnswerCard)[-1]


def test_a_question_is_typed_and_its_answer_streams(ui: OpenWindow) -> None:
    ui.app.model_loading.unload_model()
    ui.backend.engine.loads_at_once = False
    ui.ask("When do I water the beds?")
    assert ui.window.view.composer.draft == ""
    assert "Loading the model…" in words_of(last_answer(ui))
    ui.backend.engine.finish_loading()
    ui.backend.pump()
    assert ui.backend.last_question == "When do I water the beds?"
    ui.backend.answer_read(prompt_tokens=1240)
    assert "Reading 1" in words_of(last_answer(ui))
    ui.backend.answer_text("Every ", "second ", "**Friday**.")
    ui.settle()
    assert "Every second Friday." in words_of(last_answer(ui)), "Markdown streams as such"
    ui.backend.answer_finished()
    ui.settle()
    shown = words_of(last_answer(ui))
    assert "Every second Friday." in shown
    assert "41.3 tokens/s" in shown
    assert re.search(r"\d\.\d\d s", shown), "how long the first word took"


def test_what_was_saved_is_told_where_the_cost_is(ui: OpenWindow) -> None:
    ui.ask("When?")
    ui.backend.answer_text("On Friday.")
    ui.backend.answer_finished()
    ui.settle()
    tips = [label.toolTip() for label in last_answer(ui).findChildren(ElidedLabel)]
    (tip,) = [tip for tip in tips if "memory" in tip]
    assert format_count(1204) in tip
    assert format_count(1260) in tip
    assert "84 of 120 guessed tokens were right." in tip
    ui.ask("And then?")
    ui.backend.answer_text("Nothing.")
    ui.backend.answer_finished(drafted_tokens=0, accepted_tokens=0)
    tips = [label.toolTip() for label in last_answer(ui).findChildren(ElidedLabel)]
    assert any("memory" in tip for tip in tips)
    assert not any("guessed" in tip for tip in tips)


def test_shift_enter_starts_a_line_and_enter_sends_both(ui: OpenWindow) -> None:
    edit = ui.window.view.composer.text_edit
    QTest.keyClicks(edit, "one")
    QTest.keyClick(edit, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    QTest.keyClicks(edit, "two")
    assert not ui.backend.questions
    QTest.keyClick(edit, Qt.Key.Key_Return)
    assert ui.backend.last_question == "one\ntwo"


def test_nothing_is_sent_when_nothing_is_typed(ui: OpenWindow) -> None:
    ui.ask("   ")
    assert not ui.backend.questions
    assert not ui.window.view.composer.button.isEnabled()


@pytest.mark.parametrize("stage", ["searching", "loading", "reading", "thinking", "writing"])
def test_escape_stops_in_every_stage(ui: OpenWindow, stage: str) -> None:
    ui.backend.folder_seen(folder())
    if stage == "searching":
        ui.backend.library.held.add(SearchFolders)
        ui.tick("folder-1")
    elif stage == "loading":
        ui.app.model_loading.unload_model()
        ui.backend.engine.loads_at_once = False
    ui.ask(f"while {stage}")
    if stage == "thinking":
        ui.backend.answer_thought("Hm")
    elif stage == "writing":
        ui.backend.answer_text("Once")
    assert ui.window.view.composer.button.accessibleName().startswith("Stop")
    QTest.keyClick(ui.window.view.composer.text_edit, Qt.Key.Key_Escape)
    ui.settle()
    assert "Stopped." in words_of(last_answer(ui))
    assert not ui.backend.engine.running
    if stage != "writing":
        assert "Try again" in words_of(last_answer(ui)), "nothing else goes on from there"


def test_the_button_stops_while_an_answer_runs(ui: OpenWindow) -> None:
    button = ui.window.view.composer.button
    assert button.accessibleName().startswith("Send")
    ui.ask("long story")
    ui.backend.answer_text("Once")
    assert button.accessibleName().startswith("Stop")
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    ui.settle()
    assert button.accessibleName().startswith("Send")
    assert "Once" in words_of(last_answer(ui))


def test_typing_goes_on_while_an_answer_runs_and_enter_keeps_it(ui: OpenWindow) -> None:
    ui.ask("first")
    ui.ask("second")
    assert len(ui.backend.questions) == 1
    assert ui.window.view.composer.draft == "second"
    ui.backend.answer_text("done")
    ui.backend.answer_finished()
    QTest.keyClick(ui.window.view.composer.text_edit, Qt.Key.Key_Return)
    assert ui.backend.last_question == "second"


def test_a_refused_question_comes_back_with_both_sentences(ui: OpenWindow) -> None:
    ui.app.models.unregister_model(SMALL_MODEL)
    ui.ask("anything")
    assert ui.window.view.composer.draft == "anything"
    assert "No model is chosen." in words_of(ui.window.view)
    assert "Under Models" in words_of(ui.window.view)


def test_a_failed_answer_keeps_its_words_and_can_be_tried_again(ui: OpenWindow) -> None:
    ui.ask("why?")
    ui.backend.answer_text("Because")
    ui.backend.engine_dies()
    ui.settle()
    shown = words_of(last_answer(ui))
    for words in ("Because", "The model stopped unexpectedly", "Ask again", "Try again"):
        assert words in shown
    click(last_answer(ui), "Try again")
    ui.settle()
    assert len(ui.backend.questions) == 2
    assert ui.backend.last_question == "why?"
    assert "Try again" not in words_of(ui.window.view.transcript), "the chat has gone on"
    ui.backend.answer_text("Therefore.")
    ui.backend.answer_finished()
    ui.settle()
    shown = words_of(ui.window.view.transcript)
    assert shown.count("why?") == 1, "the question was asked twice"
    assert "Therefore." in shown
    assert "2/2" in shown


def test_a_refused_retry_says_why(ui: OpenWindow) -> None:
    ui.ask("why?")
    ui.backend.answer_failed()
    ui.app.models.unregister_model(SMALL_MODEL)
    click(last_answer(ui), "Try again")
    ui.settle()
    assert "No model is chosen." in words_of(ui.window.view)


def test_late_words_of_an_ended_answer_are_dropped(ui: OpenWindow) -> None:
    ui.ask("one")
    turn_id = ui.backend.questions[-1].request_id
    ui.backend.answer_text("first")
    ui.backend.answer_finished()
    ui.backend.engine.deliver(AnswerChunk(request_id=turn_id, text="late"))
    ui.backend.pump()
    ui.settle()
    assert "late" not in words_of(ui.window.view)


def test_both_sides_can_be_copied(ui: OpenWindow) -> None:
    ui.ask("a <b>question</b>")
    ui.backend.answer_text("an *answer*")
    ui.backend.answer_finished()
    ui.settle()
    for name, text in (
        ("Copy the question", "a <b>question</b>"),
        ("Copy the answer", "an *answer*"),
    ):
        click(ui.window, name)
        assert QGuiApplication.clipboard().text() == text


def test_an_interrupted_answer_says_so_after_a_restart(ui: OpenWindow) -> None:
    turns = (question("q", "hello"), answer("a", "Good mor", state=TurnState.INTERRUPTED))
    chat_id = ui.backend.put_chat("hello", turns)
    ui.window.controllers.chats.refresh_list()
    ui.window.controllers.chat.open_chat(chat_id)
    ui.settle()
    shown = words_of(ui.window.view.transcript)
    assert "Good mor" in shown
    assert "Interrupted" in shown
    assert "Try again" in shown


def test_closing_while_an_answer_streams_closes_the_application(ui: OpenWindow) -> None:
    ui.ask("long story")
    ui.backend.answer_text("Once")
    ui.window.close()
    assert ui.backend.is_closed
    ui.backend.open_again()
    turn = ui.backend.saved_chat(ui.window.controllers.chat.chat_id).path()[-1]
    assert (turn.text, turn.state) == ("Once", TurnState.CANCELLED)


def test_what_the_app_computes_is_not_signed_by_a_model(ui: OpenWindow) -> None:
    ui.ask("What is 17 * 23?")
    ui.settle()
    shown = words_of(ui.window.view.transcript)
    assert "391" in shown
    assert SMALL_MODEL not in shown
