"""Keyboard reach: every control has a name and is reached by keyboard."""

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QLineEdit,
    QPlainTextEdit,
    QProgressBar,
    QTextEdit,
    QWidget,
)

from core.messages import SyncFolder
from desktop.window.main_window import MainWindow
from tests.desktop.open_window import OpenWindow
from tests.desktop.scripted_backend import ScriptedBackend
from tests.desktop.seen import control, open_dialog
from tests.screens.states import STATES

CONTROLS = (
    QAbstractButton, QAbstractItemView, QLineEdit, QPlainTextEdit, QProgressBar, QTextEdit,
)  # fmt: skip
State = Callable[[ScriptedBackend, MainWindow], None]


def controls(parent: QWidget) -> Iterator[QWidget]:
    for inner in parent.findChildren(QWidget):
        qt_own = inner.objectName().startswith("qt_")
        if isinstance(inner, CONTROLS) and inner.isVisible() and not qt_own:
            yield inner


def by_tab(parent: QWidget) -> set[QWidget]:
    """Return what Tab walks over in a window."""
    reached: set[QWidget] = set()
    here = parent.nextInFocusChain()
    while here is not parent and here is not None:
        if here.focusPolicy() & Qt.FocusPolicy.TabFocus and here.isVisible():
            reached.add(here)
        here = here.nextInFocusChain()
    return reached


def by_other_keys(inner: QWidget) -> bool:
    """Whether other keys do the same: Enter on a mark opens its source, Delete empties a line."""
    popup = inner.window().windowType() is Qt.WindowType.ToolTip
    return popup or isinstance(inner.parentWidget(), QLineEdit)


def shown(ui: OpenWindow) -> QWidget:
    """Return the dialog that is open, else the window."""
    return open_dialog() or ui.window


def nameless(parent: QWidget) -> Iterator[str]:
    for inner in controls(parent):
        accessible = QAccessible.queryAccessibleInterface(inner)
        if type(inner).__name__ in {"QHeaderView", "QTableCornerButton"}:
            continue
        if accessible is None or not accessible.text(QAccessible.Text.Name).strip():
            yield f"{type(inner).__name__} {inner.objectName()}"


def unreached(parent: QWidget) -> set[str]:
    """Return the names of what can be used and Tab doesn't reach."""
    wanted = {
        inner
        for inner in controls(parent)
        if isinstance(inner, QAbstractButton | QLineEdit | QPlainTextEdit)
        and inner.isEnabled()
        and type(inner).__name__ != "QTableCornerButton"
        and not by_other_keys(inner)
    }
    reached = set().union(*(by_tab(window) for window in {inner.window() for inner in wanted}))
    return {inner.accessibleName() for inner in wanted - reached}


@pytest.mark.parametrize("state", STATES, ids=lambda state: state.__name__)
def test_every_control_has_a_name_and_tab_reaches_what_can_be_used(
    ui: OpenWindow, state: State
) -> None:
    state(ui.backend, ui.window)
    ui.settle()
    parent = shown(ui)
    assert not list(nameless(parent))
    assert not unreached(parent)


def test_tab_walks_from_the_left_to_the_right(ui: OpenWindow) -> None:
    ui.window.controllers.chat.open_new_chat()
    ui.settle()
    first = control(ui.window, "New chat")
    first.setFocus()
    names = []
    for _ in range(16):
        focused = QApplication.focusWidget()
        assert focused is not None
        names.append(focused.accessibleName())
        QTest.keyClick(focused, Qt.Key.Key_Tab)
    order = ["New chat", "Add a folder (Ctrl+Shift+O)", "Models", "Add a folder…", "Your question"]
    places = [names.index(name) for name in order]
    assert places == sorted(places)


def test_the_focus_starts_where_one_types(ui: OpenWindow) -> None:
    assert QApplication.focusWidget() is ui.window.view.composer.text_edit


@pytest.mark.parametrize(
    ("key", "modifiers", "call"),
    [
        (Qt.Key.Key_O, "control shift", None),
        (Qt.Key.Key_M, "control", None),
        (Qt.Key.Key_F5, "", "sync_folder"),
    ],
)
def test_shortcuts(ui: OpenWindow, key: Qt.Key, modifiers: str, call: str | None) -> None:
    STATES[1](ui.backend, ui.window)
    held = Qt.KeyboardModifier.NoModifier
    if "control" in modifiers:
        held |= Qt.KeyboardModifier.ControlModifier
    if "shift" in modifiers:
        held |= Qt.KeyboardModifier.ShiftModifier
    QTest.keyClick(ui.window, key, held)
    ui.settle()
    if call:
        assert len(ui.backend.library.all_sent(SyncFolder)) == 2
    else:
        assert open_dialog() is not None


def test_the_composer_is_one_key_away(ui: OpenWindow) -> None:
    ui.window.sidebar.new_button.setFocus()
    QTest.keyClick(ui.window, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    assert QApplication.focusWidget() is ui.window.view.composer.text_edit


def test_tab_leaves_the_composer(ui: OpenWindow) -> None:
    edit = ui.window.view.composer.text_edit
    QTest.keyClicks(edit, "words")
    QTest.keyClick(edit, Qt.Key.Key_Tab)
    assert edit.toPlainText() == "words"
    assert QApplication.focusWidget() is not edit


def test_a_screen_reader_hears_the_whole_line_of_a_chat(ui: OpenWindow) -> None:
    ui.ask("What do bees need?")
    item = ui.window.sidebar.chat_list.item(1)
    accessible_text = str(item.data(Qt.ItemDataRole.AccessibleTextRole))
    assert accessible_text.startswith("What do bees need?, ")
