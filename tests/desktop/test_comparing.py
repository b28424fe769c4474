"""Two answers side by side: both stream, the better one is kept."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox

from core.base.errors import ErrorCode, ModelError
from core.chat.conversations.chat_style import ChatStyle
from desktop.chat.controller.chat_controller import ChatController
from desktop.chat.message.message_text import MessageText
from desktop.compare.compare_dialog import CompareDialog
from tests.desktop.conftest import Desk
from tests.desktop.fake_values import answer, model, question
from tests.desktop.seen import click, control, dialog, words_of


@pytest.fixture
def compare(desk: Desk) -> CompareDialog:
    """Open the comparison over two models."""
    desk.front.on_shelf.append(model("qwen-q4"))
    desk.window.registry.action_by_id("chat.compare").trigger()
    opened = dialog()
    assert isinstance(opened, CompareDialog)
    return opened


def ask(compare: CompareDialog, words: str = "Who was it?") -> None:
    QTest.keyClicks(compare.question, words)
    QTest.keyClick(compare.question, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)


def text(compare: CompareDialog, number: int) -> str:
    shown = control(compare, f"Answer {number}").findChildren(MessageText)
    return "\n".join(each.toPlainText() for each in shown if each.isVisible())


def test_both_stream_side_by_side(desk: Desk, compare: CompareDialog) -> None:
    first, second = (column.contestant.model for column in compare.columns)
    assert first != second
    ask(compare)
    one, two = list(desk.front.runs)
    desk.front.answer_text("Aunt ", chat=one)
    desk.front.answer_text("Uncle ", chat=two)
    desk.front.answer_text("Mathilda", chat=one)
    desk.bot.waitUntil(lambda: (text(compare, 1), text(compare, 2)) == ("Aunt Mathilda", "Uncle"))
    assert not control(compare, "Keep answer 1").isEnabled()
    desk.front.answer_finished(chat=one)
    assert control(compare, "Keep answer 1").isEnabled()
    assert "tokens/s" in words_of(compare)
    assert not control(compare, "Keep answer 2").isEnabled()


def test_the_better_one_is_kept_and_opened(desk: Desk, compare: CompareDialog) -> None:
    ask(compare)
    one, two = list(desk.front.runs)
    for chat in (one, two):
        desk.front.answer_text("words", chat=chat)
        desk.front.answer_finished(chat=chat)
    click(compare, "Keep answer 2")
    assert desk.front.comparison.kept == (two, (one,), "")
    desk.settle()
    assert desk.window.controllers.chat.chat_id == two
    assert desk.front.comparison.dropped == [], "what is kept is never dropped"


def test_one_that_begins_in_a_temporary_chat_stays_temporary(desk: Desk) -> None:
    desk.window.registry.action_by_id("chat.temporary").trigger()
    desk.window.controllers.chat.next_question.set_chat_style(ChatStyle(system="Be short."))
    desk.window.registry.action_by_id("chat.compare").trigger()
    compare = dialog()
    assert isinstance(compare, CompareDialog)
    compare.question.setPlainText("Who was it?")
    click(compare, "Ask both")
    assert desk.front.comparison.manner.system == "Be short."
    one = next(iter(desk.front.runs))
    desk.front.answer_finished(chat=one)
    click(compare, "Keep answer 1")
    desk.settle()
    assert desk.window.controllers.chat.chat_id == one
    assert desk.front.chat_service.is_temporary(one)


def test_it_goes_on_in_the_open_chat(desk: Desk) -> None:
    chat_id = desk.front.chats.put("Roses", (question("q2", "When?"), answer("a2", "In March.")))
    desk.window.controllers.chat.open_chat(chat_id)
    desk.window.view.composer.set_draft("And how?")
    desk.window.registry.action_by_id("chat.compare").trigger()
    compare = dialog()
    assert isinstance(compare, CompareDialog)
    assert compare.question.toPlainText() == "And how?"
    click(compare, "Ask both")
    one, two = list(desk.front.runs)
    desk.front.answer_finished(chat=one)
    click(compare, "Keep answer 1")
    assert desk.front.comparison.kept == (one, (two,), chat_id)


def test_an_answer_is_kept_where_it_was_asked_for(desk: Desk) -> None:
    roses, cider = (desk.front.chats.put(title, ()) for title in ("Roses", "Cider"))
    desk.window.controllers.chat.open_chat(roses)
    desk.window.registry.action_by_id("chat.compare").trigger()
    compare = dialog()
    assert isinstance(compare, CompareDialog)
    compare.question.setPlainText("Who was it?")
    click(compare, "Ask both")
    one, two = list(desk.front.runs)
    desk.window.controllers.chat.open_chat(cider)
    desk.front.answer_finished(chat=one)
    click(compare, "Keep answer 1")
    assert desk.front.comparison.kept == (one, (two,), roses)
    desk.settle()
    assert desk.window.controllers.chat.chat_id == roses


def test_stop_and_close_leave_nothing_behind(desk: Desk, compare: CompareDialog) -> None:
    ask(compare)
    chats = list(desk.front.runs)
    click(compare, "Stop")
    desk.front.process_events()
    desk.settle()
    assert control(compare, "Keep answer 1").isEnabled(), "what came can be kept"
    compare.reject()
    assert desk.front.comparison.dropped == chats
    desk.ask("go on")
    assert desk.front.count("ask") == 3


def test_a_model_that_is_gone_is_told(desk: Desk, compare: CompareDialog) -> None:
    desk.front.refusal = ModelError(ErrorCode.MODEL_GONE, path="/models/x.gguf")
    ask(compare)
    desk.settle()
    assert "There is no model file /models/x.gguf." in words_of(compare)


def test_a_failed_answer_says_why_and_cannot_be_kept(desk: Desk, compare: CompareDialog) -> None:
    ask(compare)
    desk.front.answer_failed("The model stopped.", "Ask again.")
    desk.settle()
    assert "The model stopped. Ask again." in words_of(compare)
    assert not control(compare, "Keep answer 2").isEnabled()


def test_answers_are_written_as_in_a_chat(desk: Desk, compare: CompareDialog) -> None:
    ask(compare)
    one, two = list(desk.front.runs)
    desk.front.answer_text("**Aunt** Mathilda\n\n```python\nprint(1)\n```\n", chat=one)
    desk.front.answer_finished(chat=one)
    desk.settle()
    assert "Aunt Mathilda" in text(compare, 1)
    assert "*" not in text(compare, 1)
    assert control(compare, "Code in python").isVisible()
    desk.front.answer_text("Uncle", chat=two)
    desk.front.answer_finished(chat=two)
    ask(compare, "!")
    assert text(compare, 1) == "", "the answer before is gone"


def chosen_by_hand(compare: CompareDialog, number: int, ref: str) -> None:
    box = control(compare, f"Model {number}")
    assert isinstance(box, QComboBox)
    box.setCurrentIndex(box.findData(ref))
    box.activated.emit(box.currentIndex())


def test_a_server_is_asked_only_after_one_agreed_and_the_column_says_so(desk: Desk) -> None:
    desk.front.servers.add_server("box", ["http://10.0.0.5:8080"], "big")
    desk.window.registry.action_by_id("chat.compare").trigger()
    compare = dialog()
    assert isinstance(compare, CompareDialog)
    before = compare.columns[1].contestant.model
    chosen_by_hand(compare, 2, "box")
    assert compare.columns[1].contestant.model == before, "nobody has agreed"
    click(dialog(), "Cancel")
    desk.settle()
    assert compare.columns[1].contestant.model == before
    chosen_by_hand(compare, 2, "box")
    click(dialog(), "Agree and use it")
    desk.settle()
    assert compare.columns[1].contestant.model == "box"
    assert "Leaves for 10.0.0.5" in words_of(compare.columns[1])
    assert "Leaves for" not in words_of(compare.columns[0])
    compare.question.setPlainText("Who was it?")
    click(compare, "Ask both")
    assert [each.model for each in desk.front.comparison.contestants][1] == "box"


def test_files_that_were_asked_go_with_the_kept_chat(desk: Desk) -> None:
    desk.window.view.composer.set_files(["/home/a/duties.odt"])
    desk.window.registry.action_by_id("chat.compare").trigger()
    compare = dialog()
    assert isinstance(compare, CompareDialog)
    compare.question.setPlainText("Who was it?")
    click(compare, "Ask both")
    one, two = list(desk.front.runs)
    for chat in (one, two):
        desk.front.answer_finished(chat=chat)
    click(compare, "Keep answer 1")
    desk.settle()
    room: ChatController = desk.window.controllers.chat
    assert room.chat_id == one
    asked = [desk.window.view.composer.files]
    room.open_new_chat()
    asked.append(desk.window.view.composer.files)
    room.open_chat(one)
    asked.append(desk.window.view.composer.files)
    assert asked == [("/home/a/duties.odt",), (), ("/home/a/duties.odt",)]


def test_a_server_that_stands_first_says_that_words_leave(desk: Desk) -> None:
    desk.front.on_shelf.clear()
    desk.front.servers.add_server("box", ["http://10.0.0.5:8080"], "big")
    desk.front.servers.allow_server("box")
    desk.window.registry.action_by_id("chat.compare").trigger()
    compare = dialog()
    assert isinstance(compare, CompareDialog)
    for column in compare.columns:
        assert column.contestant.model == "box"
        assert "Leaves for 10.0.0.5" in words_of(column)
