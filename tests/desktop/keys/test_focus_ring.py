"""Focus in the transcript: a text that a key has reached has a line around it that is seen."""

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from core.base.settings.window_settings import SCHEME
from desktop.chat.message.message_text import MessageText
from desktop.chat.transcript.focus_ring import FocusRing
from tests.desktop.appearance.test_look import contrast
from tests.desktop.open_window import OpenWindow
from tests.screens.states import answered

LEAST_CONTRAST = 3.0
"""Of WCAG 2.2 for what isn't text."""
BESIDE = 5
"""Pixels left of a text: its own glyphs don't reach there."""


def texts(ui: OpenWindow) -> list[MessageText]:
    return [text for _row, text in ui.window.view.transcript.built_texts()]


def colour_beside(ui: OpenWindow, text: QWidget) -> str:
    """Return the colour that is seen beside the middle of a text."""
    place = text.mapTo(ui.window, QPoint(-BESIDE, text.height() // 2))
    return str(QColor(ui.window.grab(QRect(place, place)).toImage().pixel(0, 0)).name())


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_text_reached_by_tab_has_a_line_around_it(ui: OpenWindow, scheme: str) -> None:
    ui.backend.settings.set_value(SCHEME, scheme)
    ui.theme.apply_settings()
    answered(ui.backend, ui.window)
    ui.settle()
    for text in texts(ui):
        ground = colour_beside(ui, text)
        text.setFocus(Qt.FocusReason.TabFocusReason)
        ui.settle()
        assert contrast(colour_beside(ui, text), ground) >= LEAST_CONTRAST


def test_only_what_has_the_focus_has_the_line(ui: OpenWindow) -> None:
    answered(ui.backend, ui.window)
    ui.settle()
    first = texts(ui)[0]
    first.setFocus(Qt.FocusReason.TabFocusReason)
    ui.settle()
    handle = ui.window.windowHandle()
    assert handle is not None
    QTest.keyClick(handle, Qt.Key.Key_Tab)
    ui.settle()
    focused = QApplication.focusWidget()
    rings = ui.window.view.transcript.findChildren(FocusRing)
    assert focused is not first
    assert len(rings) == int(isinstance(focused, MessageText))


def test_a_text_that_was_clicked_has_none(ui: OpenWindow) -> None:
    answered(ui.backend, ui.window)
    ui.settle()
    texts(ui)[0].setFocus(Qt.FocusReason.MouseFocusReason)
    ui.settle()
    assert not ui.window.view.transcript.findChildren(FocusRing)


def test_the_line_follows_its_text_and_goes_with_the_focus(ui: OpenWindow) -> None:
    answered(ui.backend, ui.window)
    ui.settle()
    text = texts(ui)[-1]
    text.setFocus(Qt.FocusReason.TabFocusReason)
    ui.settle()
    ui.window.resize(ui.window.width() - 160, ui.window.height())
    ui.settle()
    (ring,) = ui.window.view.transcript.findChildren(FocusRing)
    inside = QRect(text.mapToGlobal(QPoint(0, 0)), text.size())
    around = QRect(ring.mapToGlobal(QPoint(0, 0)), ring.size())
    assert around.contains(inside)
    assert around.width() - inside.width() <= 4 * BESIDE
    ui.window.view.composer.text_edit.setFocus()
    ui.settle()
    assert not ui.window.view.transcript.findChildren(FocusRing)
