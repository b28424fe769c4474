"""The list of chats: what is saved is found again, renamed, deleted."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from desktop.kit.confirm_dialog import ConfirmDialog
from desktop.kit.theme import Theme
from desktop.kit.thread_bridge import ThreadBridge
from tests.desktop.desk import Desk, opened_desk
from tests.desktop.seen import click, control, dialog, words_of
from tests.desktop.values import answer, question

DAY = 86_400.0


def titles(desk: Desk) -> list[str]:
    chats = desk.window.sidebar.chat_list
    return [chats.item(row).text() for row in range(chats.count())]


def two_chats(desk: Desk) -> tuple[str, str]:
    old = desk.front.put_chat(
        "Cider", (question("q1", "How long?"), answer("a1", "A week.")), age=40 * DAY
    )
    new = desk.front.put_chat("Roses", (question("q2", "When?"), answer("a2", "In March.")))
    desk.window.controllers.chats.refresh_list()
    return old, new


def test_a_new_chat_appears_in_the_list_with_its_title(desk: Desk) -> None:
    assert "Your chats will be listed here." in words_of(desk.window.sidebar)
    desk.ask("What do bees need?")
    assert titles(desk) == ["Today", "What do bees need?"]
    assert "What do bees need?" in words_of(desk.window.view.header)
    assert "Your chats will be listed here." not in words_of(desk.window.sidebar)


def test_chats_stand_under_their_day_and_open_on_a_click(desk: Desk) -> None:
    two_chats(desk)
    assert titles(desk) == ["Today", "Roses", "Earlier", "Cider"]
    chats = desk.window.sidebar.chat_list
    place = chats.visualItemRect(chats.item(3)).center()
    QTest.mouseClick(chats.viewport(), Qt.MouseButton.LeftButton, pos=place)
    desk.settle()
    assert "A week." in words_of(desk.window.view.transcript)
    assert "Cider" in words_of(desk.window.view.header)


def test_chats_are_reached_by_keyboard_alone(desk: Desk) -> None:
    two_chats(desk)
    chats = desk.window.sidebar.chat_list
    chats.setFocus()
    QTest.keyClick(chats, Qt.Key.Key_Home)
    QTest.keyClick(chats, Qt.Key.Key_Down)
    QTest.keyClick(chats, Qt.Key.Key_Down)
    QTest.keyClick(chats, Qt.Key.Key_Space)
    desk.settle()
    assert "A week." in words_of(desk.window.view.transcript)
    QTest.keyClick(desk.window, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    assert "What would you like to know?" in words_of(desk.window.view)


def test_drafts_stay_with_their_chat(desk: Desk) -> None:
    old, new = two_chats(desk)
    edit = desk.window.view.composer.text_edit
    desk.window.controllers.chat.open_chat(old)
    QTest.keyClicks(edit, "for cider")
    desk.window.controllers.chat.open_chat(new)
    assert edit.toPlainText() == ""
    QTest.keyClicks(edit, "for roses")
    desk.window.controllers.chat.open_chat(old)
    assert edit.toPlainText() == "for cider"
    desk.window.controllers.chat.open_chat(new)
    assert edit.toPlainText() == "for roses"


def test_an_answer_goes_on_while_another_chat_is_open(desk: Desk) -> None:
    old, _new = two_chats(desk)
    desk.ask("tell me")
    desk.front.answer_text("Once ")
    running = desk.window.controllers.chat.chat_id
    desk.window.controllers.chat.open_chat(old)
    desk.front.answer_text("upon ")
    desk.window.controllers.chat.open_chat(running)
    desk.front.answer_text("a time")
    desk.settle()
    assert "Once upon a time" in words_of(desk.window.view.transcript)
    desk.window.controllers.chat.open_chat(old)
    desk.front.answer_finished()
    desk.window.controllers.chat.open_chat(running)
    desk.settle()
    assert "Once upon a time" in words_of(desk.window.view.transcript)


def test_a_chat_is_renamed(desk: Desk) -> None:
    two_chats(desk)
    chats = desk.window.sidebar.chat_list
    chats.setCurrentRow(1)
    QTest.keyClick(chats, Qt.Key.Key_F2)
    asked = dialog()
    assert isinstance(asked, ConfirmDialog)
    assert asked.input_line.text() == "Roses"
    asked.input_line.clear()
    QTest.keyClicks(asked.input_line, "Pruning")
    QTest.keyClick(asked.input_line, Qt.Key.Key_Return)
    assert "Pruning" in titles(desk)


def test_a_chat_that_is_gone_is_told(desk: Desk) -> None:
    desk.window.controllers.chat.open_chat("nowhere")
    desk.settle()
    assert "No chat has the id" in words_of(desk.window.view)


def test_a_restart_shows_the_chats_and_the_place_of_the_window(
    desk: Desk, qtbot: QtBot, theme: Theme
) -> None:
    desk.ask("What do bees need?")
    desk.front.answer_text("Flowers.")
    desk.front.answer_finished()
    desk.window.resize(760, 600)
    desk.window.close()
    desk.front.open_again()
    bridge = ThreadBridge()
    with opened_desk(desk.front, bridge, theme, qtbot) as again:
        assert (again.window.width(), again.window.height()) == (760, 600)
        again.window.controllers.chat.open_chat(again.app.chats.list_chats()[0].chat_id)
        again.settle()
        assert "Flowers." in words_of(again.window.view.transcript)
    bridge.deleteLater()


def test_a_long_chat_opens_at_its_end_and_is_built_where_it_is_read(desk: Desk) -> None:
    turns = tuple(
        turn
        for n in range(60)
        for turn in (question(f"q{n}", f"question {n}"), answer(f"a{n}", f"words {n}"))
    )
    chat_id = desk.front.put_chat("long", turns)
    desk.window.controllers.chat.open_chat(chat_id)
    desk.settle()
    transcript = desk.window.view.transcript
    bar = transcript.verticalScrollBar()
    assert bar.value() == bar.maximum() > 0
    shown = words_of(transcript)
    assert "words 59" in shown
    assert "words 20" not in shown
    assert len(transcript.built_cards) < 60, "all of them were built"
    bar.setValue(0)
    desk.settle()
    assert "question 0" in words_of(transcript)
    assert "words 59" not in words_of(transcript)
    control(desk.window, "Jump to the end").setFocus()
    click(desk.window, "Jump to the end")
    desk.settle()
    assert bar.value() == bar.maximum()
    assert "words 59" in words_of(transcript)


def test_the_end_stays_in_view_until_one_scrolls_up(desk: Desk) -> None:
    desk.ask("tell me")
    bar = desk.window.view.transcript.verticalScrollBar()
    for _ in range(60):
        desk.front.answer_text("many words that fill a line of the transcript\n")
        desk.settle()
    transcript = desk.window.view.transcript
    # A slow machine gathers pieces: all have to be there, or the end is near wherever one is.
    desk.bot.waitUntil(lambda: words_of(transcript).count("many words") == 60)
    desk.bot.waitUntil(lambda: bar.value() == bar.maximum() > 100)
    bar.setValue(10)
    for _ in range(10):
        desk.front.answer_text("and more words\n")
        desk.settle()
    assert bar.value() == 10
    bar.setValue(bar.maximum())
    desk.front.answer_text("the end\n" * 5)
    desk.settle()
    assert bar.value() == bar.maximum()


def test_a_long_answer_streams_by_inserts_alone(desk: Desk) -> None:
    desk.ask("tell me everything")
    pieces = [f"word{n} " for n in range(3000)]
    desk.front.answer_text(*pieces)
    desk.settle()
    assert "word2999" in words_of(desk.window.view.transcript)
