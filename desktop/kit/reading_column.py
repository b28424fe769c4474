"""Reading column: font and width of the column for texts, about 72 characters."""

from PySide6.QtCore import QEvent, QMargins, QObject
from PySide6.QtGui import QFont, QFontMetricsF, QGuiApplication
from PySide6.QtWidgets import QApplication, QHBoxLayout, QWidget

_LETTERS = 76
_SAMPLE = "the long beds are watered every second friday before nine"
MARGIN = 24
"""Margins left and right of the column."""
NARROW_MARGIN = 4
"""Margins of cards where there is little width."""
INSET = 16
"""Space left of the text inside a card; half as much on its right."""


def reading_font() -> QFont:
    """Return the system's font, a little larger."""
    font = QFont(QApplication.font())
    font.setPointSizeF(font.pointSizeF() + 1)
    return font


def column_width() -> int:
    """Return the width of the column in pixels, margins and insets included."""
    letter = QFontMetricsF(reading_font()).horizontalAdvance(_SAMPLE) / len(_SAMPLE)
    return round(_LETTERS * letter) + 2 * MARGIN + INSET + INSET // 2


class _ColumnWidth(QObject):
    """Keeps a column as wide as its font requires."""

    def __init__(self, column: QWidget) -> None:
        super().__init__(column)
        self._column = column
        column.setMaximumWidth(column_width())
        column.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Apply another text size."""
        if event.type() in {QEvent.Type.ApplicationFontChange, QEvent.Type.FontChange}:
            self._column.setMaximumWidth(column_width())
        return super().eventFilter(watched, event)


def place_in_reading_column(column: QWidget, parent: QWidget) -> None:
    """Centre `column` in `parent`, no wider than the reading width."""
    _ColumnWidth(column)
    row = QHBoxLayout(parent)
    row.setContentsMargins(0, 0, 0, 0)
    row.addStretch(1)
    row.addWidget(column, 100)
    row.addStretch(1)


def margins(leading: int, top: int, trailing: int, bottom: int) -> QMargins:
    """Return margins that begin where reading begins; Qt itself mirrors all but these."""
    if QGuiApplication.isRightToLeft():
        return QMargins(trailing, top, leading, bottom)
    return QMargins(leading, top, trailing, bottom)
