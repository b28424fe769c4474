"""Composed letters: what dead keys and input methods write outside the composer lands in it."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent, QInputMethodQueryEvent
from PySide6.QtWidgets import QApplication, QWidget

from tests.desktop.open_window import OpenWindow


def controls(ui: OpenWindow) -> list[QWidget]:
    sidebar = ui.window.sidebar
    return [sidebar.chat_list, sidebar.new_button, ui.window.view.header.model_button]


def composed(text: str, begun: str = "") -> QInputMethodEvent:
    event = QInputMethodEvent(begun, [])
    event.setCommitString(text)
    return event


@pytest.mark.parametrize("place", range(3))
def test_a_letter_of_a_dead_key_lands_in_the_composer(ui: OpenWindow, place: int) -> None:
    control, edit = controls(ui)[place], ui.window.view.composer.text_edit
    control.setFocus()
    ui.settle()
    asked = QInputMethodQueryEvent(Qt.InputMethodQuery.ImEnabled)
    QApplication.sendEvent(control, asked)
    assert asked.value(Qt.InputMethodQuery.ImEnabled), "else the system doesn't compose for it"
    QApplication.sendEvent(control, composed("é"))
    assert ui.window.view.composer.draft == "é"
    assert edit.hasFocus()


def test_what_an_input_method_has_begun_goes_on_in_the_composer(ui: OpenWindow) -> None:
    control, edit = controls(ui)[0], ui.window.view.composer.text_edit
    control.setFocus()
    ui.settle()
    QApplication.sendEvent(control, composed("", "に"))
    assert edit.hasFocus()
    QApplication.sendEvent(edit, composed("日本"))
    assert ui.window.view.composer.draft == "日本"


def test_a_field_keeps_what_is_composed_in_it(ui: OpenWindow) -> None:
    ui.window.view.find_bar.open_bar()
    ui.settle()
    field = QApplication.focusWidget()
    assert field is not None
    assert field is not ui.window.view.composer.text_edit
    QApplication.sendEvent(field, composed("ü"))
    assert not ui.window.view.composer.draft
