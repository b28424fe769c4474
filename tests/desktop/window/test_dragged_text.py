"""Text dragged into the question is copied: a program told of a move would delete it."""

from PySide6.QtCore import QMimeData, QPointF, Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication

from desktop.chat.composer.composer import ComposerText
from tests.desktop.open_window import OpenWindow


def test_text_that_is_dragged_into_the_question_is_copied(ui: OpenWindow) -> None:
    data = QMimeData()
    data.setText("words from elsewhere")
    box = ui.window.view.composer.findChildren(ComposerText)[0].viewport()
    actions = Qt.DropAction.CopyAction | Qt.DropAction.MoveAction
    left, shift = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ShiftModifier
    middle = box.rect().center()
    QApplication.sendEvent(box, QDragEnterEvent(middle, actions, data, left, shift))
    event = QDropEvent(QPointF(middle), actions, data, left, shift)
    assert event.proposedAction() is Qt.DropAction.MoveAction
    QApplication.sendEvent(box, event)
    assert ui.window.view.composer.draft == "words from elsewhere"
    assert event.dropAction() is Qt.DropAction.CopyAction
