"""Saved chats in the window: listed, reopened, renamed, deleted."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from desktop.kit.confirm_dialog import ConfirmDialog
from desktop.kit.theme import Theme
from desktop.kit.thread_bridge import ThreadBridge
from tests.desktop.open_window import OpenWindow, opened_window
from tests.desktop.seen import click, control, dialog, words_of
from tests.desktop.values import answer, question

DAY = 86_400.0


def titles(ui: OpenWindow) -> list[str]:
    chats = ui.window.sidebar.chat_list
    return [chats.item(row).text() for row in range(chats.count())]


def two_chats(ui: OpenWindow) -> tuple[str, str]:
    old = ui.backend.put_chat(
        "Cider", (question("q1", "How long?"), answer("a1", "A week.")), age=40 * DAY
    )
    new = ui.backend.put_chat("Roses", (question("q2", "When?"), answer("a2", "In March.")))
    ui.window.controllers.chats.refresh_list()
    return old, new


def test_a_new_chat_appears_in_the_list_with_its_title(ui: OpenWindow) -> None:
    assert "Your chats will be listed here." in words_of(ui.window.sidebar)
    ui.ask("What do bees need?")
    assert titles(ui) == ["Today", "What do bees need?"]
    assert "What do bees need?" in words_of(ui.window.view.header)
    assert "Your chats will be listed here." not in words_of(ui.window.sidebar)


def test_chats_stand_under_their_day_and_open_on_a_click(ui: OpenWindow) -> None:
    two_chats(ui)
    assert titles(ui) == ["Today", "Roses", "Earlier", "Cider"]
    chats = ui.window.sidebar.chat_list
    place = chats.visualItemRect(chats.item(3)).center()
    QTest.mouseClick(chats.viewport(), Qt.MouseButton.LeftButton, pos=place)
    ui.settle()
    assert "A week." in words_of(ui.window.view.transcript)
    assert "Cider" in words_of(ui.window.view.header)


def test_a_click_on_a_day_leaves_the_keys_with_the_composer(ui: OpenWindow) -> None:
    two_chats(ui)
    chats, line = ui.window.sidebar.chat_list, ui.window.view.composer.text_edit
    line.setFocus()
    for row, takes in ((0, False), (1, True)):
        place = chats.visualItemRect(chats.item(row)).center()
        QTest.mousePress(chats.viewport(), Qt.MouseButton.LeftButton, pos=place)
        assert (chats.hasFocus(), line.hasFocus()) == (takes, not takes)
        QTest.mouseRelease(chats.viewport(), Qt.MouseButton.LeftButton, pos=place)
        if not takes:
            QTest.keyClicks(ui.window.focusWidget(), "Roses")
            assert line.toPlainText() == "Roses"


def test_chats_are_reached_by_keyboard_alone(ui: OpenWindow) -> None:
    two_chats(ui)
    chats = ui.window.sidebar.chat_list
    chats.setFocus()
    QTest.keyClick(chats, Qt.Key.Key_Home)
    QTest.keyClick(chats, Qt.Key.Key_Down)
    QTest.keyClick(chats, Qt.Key.Key_Down)
    QTest.keyClick(chats, Qt.Key.Key_Space)
    ui.settle()
    assert "A week." in words_of(ui.window.view.transcript)
    QTest.keyClick(ui.window, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    assert "What would you like to know?" in words_of(ui.window.view)


def test_drafts_stay_with_their_chat(ui: OpenWindow) -> None:
    old, new = two_chats(ui)
    edit = ui.window.view.composer.text_edit
    ui.window.controllers.chat.open_chat(old)
    QTest.keyClicks(edit, "for cider")
    ui.window.controllers.chat.open_chat(new)
    assert edit.toPlainText() == ""
    QTest.keyClicks(edit, "for roses")
    ui.window.controllers.chat.open_chat(old)
    assert edit.toPlainText() == "for cider"
    ui.window.controllers.chat.open_chat(new)
    assert edit.toPlainText() == "for roses"


def test_an_answer_goes_on_while_another_chat_is_open(ui: OpenWindow) -> None:
    old, _new = two_chats(ui)
    ui.ask("tell me")
    ui.backend.answer_text("Once ")
    running = ui.window.controllers.chat.chat_id
    ui.window.controllers.chat.open_chat(old)
    ui.backend.answer_text("upon ")
    ui.window.controllers.chat.open_chat(running)
    ui.backend.answer_text("a time")
    ui.settle()
    assert "Once upon a time" in words_of(ui.window.view.transcript)
    ui.window.controllers.chat.open_chat(old)
    ui.backend.answer_finished()
    ui.window.controllers.chat.open_chat(running)
    ui.settle()
    assert "Once upon a time" in words_of(ui.window.view.transcript)


def test_a_chat_is_renamed(ui: OpenWindow) -> None:
    two_chats(ui)
    chats = ui.window.sidebar.chat_list
    chats.setCurrentRow(1)
    QTest.keyClick(chats, Qt.Key.Key_F2)
    asked = dialog()
    assert isinstance(asked, ConfirmDialog)
    assert asked.input_line.text() == "Roses"
    asked.input_line.clear()
    QTest.keyClicks(asked.input_line, "Pruning")
    QTest.keyClick(asked.input_line, Qt.Key.Key_Return)
    assert "Pruning" in titles(ui)


def test_a_chat_that_is_gone_is_told(ui: OpenWindow) -> None:
    ui.window.controllers.chat.open_chat("nowhere")
    ui.settle()
    assert "No chat has the id" in words_of(ui.window.view)


def test_a_restart_shows_the_chats_and_the_place_of_the_window(
    ui: OpenWindow, qtbot: QtBot, theme: Theme
) -> None:
    ui.ask("What do bees need?")
    ui.backend.answer_text("Flowers.")
    ui.backend.answer_finished()
    ui.window.resize(760, 600)
    ui.window.close()
    ui.backend.open_again()
    bridge = ThreadBridge()
    with opened_window(ui.backend, bridge, theme, qtbot) as again:
        assert (again.window.width(), again.window.height()) == (760, 600)
        again.window.controllers.chat.open_chat(again.app.chats.list_chats()[0].chat_id)
        again.settle()
        assert "Flowers." in words_of(again.window.view.transcript)
    bridge.deleteLater()


def test_a_long_chat_opens_at_its_end_and_is_built_where_it_is_read(ui: OpenWindow) -> None:
    turns = tuple(
        turn
        for n in range(60)
        for turn in (question(f"q{n}", f"question {n}"), answer(f"a{n}", f"words {n}"))
    )
    chat_id = ui.backend.put_chat("long", turns)
    ui.window.controllers.chat.open_chat(chat_id)
    ui.settle()
    transcript = ui.window.view.transcript
    bar = transcript.verticalScrollBar()
    assert bar.value() == bar.maximum() > 0
    shown = words_of(transcript)
    assert "words 59" in shown
    assert "words 20" not in shown
    assert len(transcript.built_cards) < 60, "all of them were built"
    bar.setValue(0)
    ui.settle()
    assert "question 0" in words_of(transcript)
    assert "words 59" not in words_of(transcript)
    control(ui.window, "Jump to the end").setFocus()
    click(ui.window, "Jump to the end")
    ui.settle()
    assert bar.value() == bar.maximum()
    assert "words 59" in words_of(transcript)


def test_the_end_stays_in_view_until_one_scrolls_up(ui: OpenWindow) -> None:
    ui.ask("tell me")
    bar = ui.window.view.transcript.verticalScrollBar()
    for line in range(60):  # which differ: an answer that repeats itself would be stopped
        ui.backend.answer_text(f"{line}: many words that fill a line of the transcript\n")
        ui.settle()
    transcript = ui.window.view.transcript
    # A slow machine gathers pieces: all have to be there, or the end is near wherever one is.
    ui.bot.waitUntil(lambda: words_of(transcript).count("many words") == 60)
    ui.bot.waitUntil(lambda: bar.value() == bar.maximum() > 100)
    bar.setValue(10)
    for line in range(10):
        ui.backend.answer_text(f"{line}: and more words\n")
        ui.settle()
    assert bar.value() == 10
    bar.setValue(bar.maximum())
    ui.backend.answer_text("the end\n" * 5)
    ui.settle()
    assert bar.value() == bar.maximum()


def test_a_long_answer_streams_by_inserts_alone(ui: OpenWindow) -> None:
    ui.ask("tell me everything")
    pieces = [f"word{n} " for n in range(3000)]
    ui.backend.answer_text(*pieces)
    ui.settle()
    assert "word2999" in words_of(ui.window.view.transcript)
