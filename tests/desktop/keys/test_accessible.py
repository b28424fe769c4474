"""Accessibility tree: whatever takes the focus has a name and a role."""

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtWidgets import QKeySequenceEdit, QWidget

from desktop.window.main_window import MainWindow
from tests.desktop.open_window import OpenWindow
from tests.desktop.scripted_backend import ScriptedBackend
from tests.desktop.seen import open_dialog
from tests.screens.states import answered
from tests.screens.states_everywhere import EVERYWHERE

State = Callable[[ScriptedBackend, MainWindow], None]
STATES: tuple[State, ...] = (answered, *EVERYWHERE)
NOTHING = {QAccessible.Role.NoRole, QAccessible.Role.Client}
QT_OWN = "qt_"
"""Parts that Qt makes within its own widgets; their widget has the name."""


def tree(node: QAccessibleInterface) -> Iterator[QAccessibleInterface]:
    yield node
    for number in range(node.childCount()):
        child = node.child(number)
        if child is not None and child.isValid():
            yield from tree(child)


def takes_focus(widget: QWidget) -> bool:
    if not widget.isVisible() or widget.objectName().startswith(QT_OWN):
        return False
    by_itself = not isinstance(widget, QKeySequenceEdit)  # Qt gives it no role
    return by_itself and bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus)


@pytest.mark.parametrize("state", STATES, ids=lambda state: state.__name__)
def test_what_takes_the_focus_has_a_name_and_a_role(ui: OpenWindow, state: State) -> None:
    state(ui.backend, ui.window)
    ui.settle()
    shown = open_dialog() or ui.window
    root = QAccessible.queryAccessibleInterface(shown)
    assert root is not None
    assert root.text(QAccessible.Text.Name).strip()
    found, dumb = 0, []
    for node in tree(root):
        widget = node.object()
        if not isinstance(widget, QWidget) or widget is shown or not takes_focus(widget):
            continue
        found += 1
        name = node.text(QAccessible.Text.Name).strip()
        if not name or node.role() in NOTHING:
            dumb.append(f"{type(widget).__name__} {widget.objectName()} {name!r} {node.role()}")
    assert found > 1
    assert not dumb
