"""Ctrl+Z: it takes back what a notice offers to, unless a text is edited."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from desktop.chat.list.chat_list import ChatAction
from tests.desktop.chat.test_chats import titles, two_chats
from tests.desktop.open_window import OpenWindow
from tests.desktop.seen import words_of


@pytest.fixture
def two(ui: OpenWindow) -> tuple[str, str]:
    return two_chats(ui)


@pytest.mark.parametrize("from_list", [True, False])
def test_ctrl_z_brings_a_chat_back_where_no_text_is_edited(
    ui: OpenWindow, two: tuple[str, str], *, from_list: bool
) -> None:
    _old, new = two
    ui.window.controllers.chat.open_chat(new)
    composer = ui.window.view.composer.text_edit
    composer.setPlainText("left from before")
    composer.clear()
    QTest.keyClick(ui.window.sidebar.chat_list, Qt.Key.Key_Delete)
    ui.settle()
    focused = ui.window.sidebar.chat_list if from_list else composer
    focused.setFocus()
    QTest.keyClick(focused, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    ui.settle()
    assert titles(ui) == ["Today", "Roses", "Earlier", "Cider"]
    assert ui.window.controllers.chat.chat_id == new
    assert "is in the trash" not in words_of(ui.window.view)  # it was the notice's own Undo


def test_ctrl_z_in_a_text_takes_back_what_was_typed_there(
    ui: OpenWindow, two: tuple[str, str]
) -> None:
    ui.window.controllers.chats.run_action(ChatAction.TRASH, two[1])
    ui.settle()
    composer = ui.window.view.composer.text_edit
    QTest.keyClicks(composer, "plums")
    QTest.keyClick(composer, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    ui.settle()
    assert composer.toPlainText() == ""
    assert titles(ui) == ["Earlier", "Cider"]
