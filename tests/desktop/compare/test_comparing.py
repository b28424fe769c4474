"""Comparison: two answers that stream side by side, and saving the better one."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox

from core.chat.conversations.chat_style import ChatStyle
from core.messages import AskServer
from desktop.chat.controller.chat_controller import ChatController
from desktop.chat.message.message_text import MessageText
from desktop.compare.compare_dialog import CompareDialog
from tests.desktop.open_window import OpenWindow
from tests.desktop.seen import click, control, dialog, words_of
from tests.desktop.values import answer, hit, question
from tests.fakes.models import SMALL_MODEL


@pytest.fixture
def compare(ui: OpenWindow) -> CompareDialog:
    """Open the comparison over two models; both columns begin with the same one."""
    ui.backend.put_model("qwen-q4_1", "Qwen")
    ui.window.registry.action_by_id("chat.compare").trigger()
    opened = dialog()
    assert isinstance(opened, CompareDialog)
    first, second = (column.contestant.model for column in opened.columns)
    assert first != second
    chosen_by_hand(opened, 2, first)
    return opened


def chats(compare: CompareDialog) -> list[str]:
    """Return the copies of the chat in which both answer."""
    return [column.chat_id for column in compare.columns]


def chosen_by_hand(compare: CompareDialog, number: int, ref: str) -> None:
    box = control(compare, f"Model {number}")
    assert isinstance(box, QComboBox)
    box.setCurrentIndex(box.findData(ref))
    box.activated.emit(box.currentIndex())


def texts(ui: OpenWindow, chat_id: str) -> list[str]:
    """Return what was said in a chat that is saved."""
    return [turn.text for turn in ui.backend.saved_chat(chat_id).path()]


def ask(compare: CompareDialog, words: str = "Who was it?") -> None:
    QTest.keyClicks(compare.question, words)
    QTest.keyClick(compare.question, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)


def test_enter_asks_both_and_with_shift_begins_a_line(
    ui: OpenWindow, compare: CompareDialog
) -> None:
    QTest.keyClick(compare.question, Qt.Key.Key_Return)
    assert not ui.backend.questions, "nothing is asked where nothing is typed"
    QTest.keyClicks(compare.question, "Who")
    QTest.keyClick(compare.question, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    QTest.keyClicks(compare.question, "was it?")
    assert not ui.backend.questions
    QTest.keyClick(compare.question, Qt.Key.Key_Return)
    assert ui.backend.last_question == "Who\nwas it?"


def text(compare: CompareDialog, number: int) -> str:
    shown = control(compare, f"Answer {number}").findChildren(MessageText)
    return "\n".join(each.toPlainText() for each in shown if each.isVisible())


def test_both_stream_side_by_side(ui: OpenWindow, compare: CompareDialog) -> None:
    ask(compare)
    one, two = chats(compare)
    ui.backend.answer_text("Aunt ", chat=one)
    ui.backend.answer_text("Uncle ", chat=two)
    ui.backend.answer_text("Mathilda", chat=one)
    ui.bot.waitUntil(lambda: (text(compare, 1), text(compare, 2)) == ("Aunt Mathilda", "Uncle"))
    assert not control(compare, "Keep answer 1").isEnabled()
    ui.backend.answer_finished(chat=one)
    assert control(compare, "Keep answer 1").isEnabled()
    assert "tokens/s" in words_of(compare)
    assert not control(compare, "Keep answer 2").isEnabled()


def test_the_better_one_is_kept_and_opened(ui: OpenWindow, compare: CompareDialog) -> None:
    ask(compare)
    one, two = chats(compare)
    for chat, words in ((one, "Mathilda."), (two, "Aunt Mathilda.")):
        ui.backend.answer_text(words, chat=chat)
        ui.backend.answer_finished(chat=chat)
    click(compare, "Keep answer 2")
    ui.settle()
    assert ui.window.controllers.chat.chat_id == two
    assert texts(ui, two) == ["Who was it?", "Aunt Mathilda."]
    assert ui.app.chats.chat_ids() == {two}
    assert not ui.app.chat_service.is_temporary(one), "it is nowhere any more"


def test_another_model_waits_until_the_first_has_answered(ui: OpenWindow) -> None:
    ui.backend.put_model("qwen-q4_1", "Qwen")
    ui.window.registry.action_by_id("chat.compare").trigger()
    compare = dialog()
    assert isinstance(compare, CompareDialog)
    ui.settle()
    ask(compare)
    one, two = chats(compare)
    assert one
    assert len(ui.backend.engine.running) == 1
    ui.backend.answer_text("Mathilda.", chat=one)
    ui.backend.answer_finished(chat=one)
    ui.backend.answer_text("Uncle.", chat=two)
    ui.backend.answer_finished(chat=two)
    assert (text(compare, 1), text(compare, 2)) == ("Mathilda.", "Uncle.")


def test_one_that_begins_in_a_temporary_chat_stays_temporary(ui: OpenWindow) -> None:
    ui.window.registry.action_by_id("chat.temporary").trigger()
    ui.window.controllers.chat.next_question.set_chat_style(ChatStyle(system="Be short."))
    ui.window.registry.action_by_id("chat.compare").trigger()
    compare = dialog()
    assert isinstance(compare, CompareDialog)
    compare.question.setPlainText("Who was it?")
    click(compare, "Ask both")
    assert ui.backend.questions[-1].turns[0].text == "Be short."
    one, _two = chats(compare)
    ui.backend.answer_finished(chat=one)
    click(compare, "Keep answer 1")
    ui.settle()
    assert ui.window.controllers.chat.chat_id == one
    assert ui.app.chat_service.is_temporary(one)


def test_it_goes_on_in_the_open_chat(ui: OpenWindow) -> None:
    chat_id = ui.backend.put_chat("Roses", (question("q2", "When?"), answer("a2", "In March.")))
    ui.window.controllers.chat.open_chat(chat_id)
    ui.window.view.composer.set_draft("And how?")
    ui.window.registry.action_by_id("chat.compare").trigger()
    compare = dialog()
    assert isinstance(compare, CompareDialog)
    assert compare.question.toPlainText() == "And how?"
    click(compare, "Ask both")
    one, two = chats(compare)
    ui.backend.answer_text("With a knife.", chat=one)
    ui.backend.answer_finished(chat=one)
    click(compare, "Keep answer 1")
    assert texts(ui, chat_id) == ["When?", "In March.", "And how?", "With a knife."]
    assert not ui.backend.engine.running, "the other one is stopped"
    assert two not in ui.app.chats.chat_ids()


def test_an_answer_is_kept_where_it_was_asked_for(ui: OpenWindow) -> None:
    roses, cider = (ui.backend.put_chat(title, ()) for title in ("Roses", "Cider"))
    ui.window.controllers.chat.open_chat(roses)
    ui.window.registry.action_by_id("chat.compare").trigger()
    compare = dialog()
    assert isinstance(compare, CompareDialog)
    compare.question.setPlainText("Who was it?")
    click(compare, "Ask both")
    one, _two = chats(compare)
    ui.window.controllers.chat.open_chat(cider)
    ui.backend.answer_finished(chat=one)
    click(compare, "Keep answer 1")
    ui.settle()
    assert ui.window.controllers.chat.chat_id == roses
    assert texts(ui, roses)[0] == "Who was it?"
    assert texts(ui, cider) == []


def test_stop_and_close_leave_nothing_behind(ui: OpenWindow, compare: CompareDialog) -> None:
    ask(compare)
    copies = chats(compare)
    click(compare, "Stop")
    ui.settle()
    assert control(compare, "Keep answer 1").isEnabled(), "what came can be kept"
    compare.reject()
    assert not any(map(ui.app.chat_service.is_temporary, copies))
    ui.ask("go on")
    assert ui.backend.last_question == "go on"
    assert list(ui.app.chats.chat_ids()) == [ui.window.controllers.chat.chat_id]


def test_a_model_that_is_gone_is_told(ui: OpenWindow, compare: CompareDialog) -> None:
    Path(ui.app.registry.find_model(SMALL_MODEL).path).unlink()
    ask(compare)
    ui.settle()
    assert "There is no model file" in words_of(compare)
    assert not ui.backend.questions


def test_a_failed_answer_says_why_and_cannot_be_kept(
    ui: OpenWindow, compare: CompareDialog
) -> None:
    ask(compare)
    ui.backend.engine_dies()
    ui.settle()
    assert "The model stopped unexpectedly" in words_of(compare.columns[1])
    assert not control(compare, "Keep answer 2").isEnabled()


def test_answers_are_written_as_in_a_chat(ui: OpenWindow, compare: CompareDialog) -> None:
    ask(compare)
    one, two = chats(compare)
    ui.backend.answer_text("**Aunt** Mathilda\n\n```python\nprint(1)\n```\n", chat=one)
    ui.backend.answer_finished(chat=one)
    ui.settle()
    assert "Aunt Mathilda" in text(compare, 1)
    assert "*" not in text(compare, 1)
    assert control(compare, "Code in python").isVisible()
    ui.backend.answer_text("Uncle", chat=two)
    ui.backend.answer_finished(chat=two)
    ask(compare, "!")
    assert text(compare, 1) == "", "the answer before is gone"


def test_a_server_is_asked_only_after_one_agreed_and_the_column_says_so(ui: OpenWindow) -> None:
    ui.app.servers.add_server("box", ["http://10.0.0.5:8080"], "big")
    ui.window.registry.action_by_id("chat.compare").trigger()
    compare = dialog()
    assert isinstance(compare, CompareDialog)
    before = compare.columns[1].contestant.model
    chosen_by_hand(compare, 2, "box")
    assert compare.columns[1].contestant.model == before, "nobody has agreed"
    click(dialog(), "Cancel")
    ui.settle()
    assert compare.columns[1].contestant.model == before
    chosen_by_hand(compare, 2, "box")
    click(dialog(), "Agree and use it")
    ui.settle()
    assert compare.columns[1].contestant.model == "box"
    assert "Leaves for 10.0.0.5" in words_of(compare.columns[1])
    assert "Leaves for" not in words_of(compare.columns[0])
    compare.question.setPlainText("Who was it?")
    click(compare, "Ask both")
    asked = ui.backend.last_sent(AskServer)
    assert [server.address for server in asked.servers] == ["http://10.0.0.5:8080"]


def test_it_says_what_both_answer_from(ui: OpenWindow, compare: CompareDialog) -> None:
    assert "Both answer by themselves" in words_of(compare)
    assert "Compare two answers" not in words_of(compare), "it stands in the frame already"
    compare.reject()
    ui.window.view.composer.set_files(["/home/a/duties.odt"])
    ui.window.registry.action_by_id("chat.compare").trigger()
    assert "Both answer from duties.odt" in words_of(dialog())


def test_files_that_were_asked_go_with_the_kept_chat(ui: OpenWindow) -> None:
    ui.backend.found(hit(1))
    ui.window.view.composer.set_files(["/home/a/duties.odt"])
    ui.window.registry.action_by_id("chat.compare").trigger()
    compare = dialog()
    assert isinstance(compare, CompareDialog)
    compare.question.setPlainText("Who was it?")
    click(compare, "Ask both")
    one, two = chats(compare)
    for chat in (one, two):
        ui.backend.answer_finished(chat=chat)
    click(compare, "Keep answer 1")
    ui.settle()
    controller: ChatController = ui.window.controllers.chat
    assert controller.chat_id == one
    asked = [ui.window.view.composer.files]
    controller.open_new_chat()
    asked.append(ui.window.view.composer.files)
    controller.open_chat(one)
    asked.append(ui.window.view.composer.files)
    assert asked == [("/home/a/duties.odt",), (), ("/home/a/duties.odt",)]


def test_a_server_that_stands_first_says_that_words_leave(ui: OpenWindow) -> None:
    ui.app.models.unregister_model(SMALL_MODEL)
    ui.app.servers.add_server("box", ["http://10.0.0.5:8080"], "big")
    ui.app.servers.allow_server("box")
    ui.window.registry.action_by_id("chat.compare").trigger()
    compare = dialog()
    assert isinstance(compare, CompareDialog)
    for column in compare.columns:
        assert column.contestant.model == "box"
        assert "Leaves for 10.0.0.5" in words_of(column)
