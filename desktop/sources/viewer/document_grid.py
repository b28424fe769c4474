"""Document grid: the tables of a text, laid out in a Qt document between its paragraphs."""

import unicodedata
from collections.abc import Iterable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import (
    QBrush,
    QColor,
    QFont,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextFrameFormat,
    QTextTable,
    QTextTableCell,
    QTextTableFormat,
)
from PySide6.QtWidgets import QTextEdit

from desktop.kit.theme_colours import ThemeColours
from desktop.sources.viewer.document_tables import Span, TextTable
from desktop.sources.viewer.text_positions import TextPositions

_PADDING = 5
_MARGIN = 6


class DocumentGrid:
    """Fills the document of a text edit, and paints whole cells.

    The document is asked for each time: Python's object for it may be gone while Qt's lives.
    """

    def __init__(self, edit: QTextEdit) -> None:
        self._edit = edit
        self._tables: list[QTextTable] = []
        self._painted: list[QTextTableCell] = []

    def clear(self) -> None:
        """Forget the tables: the document gets another text."""
        self._tables, self._painted = [], []

    def lay_out(
        self, text: str, part: Span, tables: Sequence[TextTable], colours: ThemeColours
    ) -> TextPositions:
        """Write a part of a text with its tables as grids; return where its letters stand."""
        self.clear()
        positions = TextPositions(text)
        cursor = QTextCursor(self._edit.document())
        cursor.beginEditBlock()
        at = part[0]
        for table in tables:
            self._write(cursor, text, (at, table.start), positions)
            self._write_table(cursor, text, table, positions, colours)
            at = table.end
        self._write(cursor, text, (at, part[1]), positions)
        cursor.endEditBlock()
        return positions

    def paint_cells(self, places: Iterable[tuple[Span, QColor]]) -> None:
        """Fill the cells that a marked place fills whole; those of before get no colour."""
        wanted: list[tuple[QTextTableCell, QColor]] = []
        if self._tables:
            for (start, end), colour in places:
                cell = self._cell_at(start)
                if cell is not None and (cell.firstPosition(), cell.lastPosition()) == (start, end):
                    wanted.append((cell, colour))
        if not wanted and not self._painted:
            return
        cursor = QTextCursor(self._edit.document())
        cursor.beginEditBlock()
        for cell in self._painted:
            _fill(cell, None)
        for cell, colour in wanted:
            _fill(cell, colour)
        cursor.endEditBlock()
        self._painted = [cell for cell, _colour in wanted]

    def _cell_at(self, place: int) -> QTextTableCell | None:
        for table in self._tables:
            if table.firstPosition() <= place <= table.lastPosition():
                cell = table.cellAt(place)
                return cell if cell.isValid() else None
        return None

    def _write(self, cursor: QTextCursor, text: str, span: Span, positions: TextPositions) -> None:
        """Write what stands between tables, without the line ends beside these."""
        start, end = span
        while start and start < end and text[start] == "\n":
            start += 1
        while end < len(text) and end > start and text[end - 1] == "\n":
            end -= 1
        if start < end:
            positions.add_piece(start, end, cursor.position())
            cursor.insertText(text[start:end], QTextCharFormat())

    def _write_table(
        self,
        cursor: QTextCursor,
        text: str,
        table: TextTable,
        positions: TextPositions,
        colours: ThemeColours,
    ) -> None:
        rows = [table.head, *table.rows] if table.head else list(table.rows)
        made = cursor.insertTable(len(rows), table.columns, _table_format(text, table, colours))
        self._tables.append(made)
        head = QTextCharFormat()
        head.setFontWeight(QFont.Weight.DemiBold)
        plain = QTextCharFormat()
        for number, row in enumerate(rows):
            for column, (start, end) in enumerate(row):
                cell = made.cellAt(number, column).firstCursorPosition()
                if not (table.head and number == 0) and start < end:
                    positions.add_piece(start, end, cell.position())
                cell.insertText(text[start:end], head if number == 0 else plain)
        for column in range(table.columns):
            _fill(made.cellAt(0, column), QColor(colours.code))
        cursor.movePosition(QTextCursor.MoveOperation.End)
        cursor.setBlockFormat(QTextBlockFormat())


def _table_format(text: str, table: TextTable, colours: ThemeColours) -> QTextTableFormat:
    made = QTextTableFormat()
    made.setBorder(1)
    made.setBorderStyle(QTextFrameFormat.BorderStyle.BorderStyle_Solid)
    made.setBorderBrush(QBrush(QColor(colours.line_strong)))
    made.setBorderCollapse(True)
    made.setCellPadding(_PADDING)
    made.setCellSpacing(0)
    made.setTopMargin(_MARGIN)
    made.setBottomMargin(_MARGIN)
    made.setHeaderRowCount(1)
    if _is_right_to_left(text[slice(*(table.head or table.rows[0])[0])]):
        made.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    return made


def _is_right_to_left(words: str) -> bool:
    strong = (unicodedata.bidirectional(letter) for letter in words)
    return next((kind for kind in strong if kind in {"L", "R", "AL"}), "L") != "L"


def _fill(cell: QTextTableCell, colour: QColor | None) -> None:
    cell_format = cell.format()
    if colour is None:
        cell_format.clearBackground()
    else:
        cell_format.setBackground(colour)
    cell.setFormat(cell_format)
