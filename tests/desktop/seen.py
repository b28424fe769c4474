"""Helpers to read and click what a user sees in a widget."""

import re

from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QAction, QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QLabel,
    QListWidget,
    QPlainTextEdit,
    QTextEdit,
    QWidget,
)

from desktop.window.main_window import MainWindow


def words_of(widget: QWidget) -> str:
    """Return every word of a widget that is visible, or would be if the widget were shown."""
    texts: list[str] = []
    for inner in widget.findChildren(QWidget):
        if not inner.isVisibleTo(widget):
            continue
        if isinstance(inner, QLabel):
            texts.append(inner.text())
        elif isinstance(inner, QAbstractButton):  # without the mark of its access letter
            texts.append(re.sub("&(?=.)", "", inner.text()))
        elif isinstance(inner, QTextEdit | QPlainTextEdit):
            texts.append(inner.toPlainText())
        elif isinstance(inner, QListWidget):
            texts += [inner.item(row).text() for row in range(inner.count())]
    return "\n".join(texts)


def label_of(action: QAction) -> str:
    """Return the words of an entry of a menu, without the mark of its access letter."""
    return re.sub("&(.)", r"\1", action.text())


def control(parent: QWidget, name: str) -> QWidget:
    """Return the visible control a screen reader calls `name`."""
    for inner in parent.findChildren(QWidget):
        if inner.isVisible() and inner.accessibleName() == name:
            return inner
    raise AssertionError(f"no visible control is called {name!r}")


def click(parent: QWidget, name: str) -> None:
    """Click the control called `name`."""
    QTest.mouseClick(control(parent, name), Qt.MouseButton.LeftButton)


def drop(widget: QWidget, *paths: str) -> bool:
    """Drag files over the middle of a widget and let go; returns whether they were taken."""
    data = QMimeData()
    if paths:
        data.setUrls([QUrl.fromLocalFile(path) for path in paths])
    else:
        data.setText("words")
    return drop_data(widget, data)


def drop_data(widget: QWidget, data: QMimeData) -> bool:
    """Drag anything over the middle of a widget and let go; returns whether it was taken.

    Its program proposes to move it, as file managers do within a drive: it would delete it after a
    drop that said so.
    """
    middle = widget.rect().center()
    actions = Qt.DropAction.CopyAction | Qt.DropAction.MoveAction
    left, move = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ShiftModifier
    enter = QDragEnterEvent(QPoint(middle), actions, data, left, move)
    assert enter.proposedAction() is Qt.DropAction.MoveAction
    QApplication.sendEvent(widget, enter)
    if not enter.isAccepted():
        return False
    event = QDropEvent(QPointF(middle), actions, data, left, move)
    QApplication.sendEvent(widget, event)
    assert {enter.dropAction(), event.dropAction()} == {Qt.DropAction.CopyAction}
    return True


def dialog() -> QWidget:
    """Return the dialog or overlay that is open, or the page that is shown."""
    found = open_dialog()
    assert found is not None, "no dialog is open"
    return found


def open_dialog() -> QWidget | None:
    """Return the dialog or overlay that is open, or the page that is shown, None for the chat."""
    overlays = (each for each in QApplication.topLevelWidgets() if each.objectName() == "overlay")
    dialog = QApplication.activeModalWidget() or next(filter(QWidget.isVisible, overlays), None)
    windows = [each for each in QApplication.topLevelWidgets() if isinstance(each, MainWindow)]
    pages = [each.pages.page for each in windows if each.isVisible()]
    return dialog or next(filter(None, pages), None)
