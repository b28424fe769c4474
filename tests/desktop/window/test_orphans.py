"""Detection of widgets that are shown before they have a parent."""

from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from tests.desktop.orphans import watched


def test_a_widget_that_is_shown_before_it_has_a_parent_is_found(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    column = QVBoxLayout(window)
    early, late, hidden = QLabel(), QLabel(), QLabel()
    early.setObjectName("early")
    with watched() as seen:
        window.show()
        early.setVisible(True)
        hidden.setVisible(False)
        for label in (early, late, hidden):
            column.addWidget(label)
        late.setVisible(True)
        (line,) = seen.found()
    assert line.startswith("QLabel “early” at test_orphans.py:")
