"""Text edit with tables as grids: letters of a text are marked and found in a Qt document."""

from collections.abc import Iterator, Sequence

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QColor, QFont, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QFrame, QTextEdit

from desktop.kit.theme import Theme
from desktop.sources.viewer.document_grid import DocumentGrid
from desktop.sources.viewer.document_tables import Span, TextTable
from desktop.sources.viewer.text_positions import TextPositions


class GridTextEdit(QTextEdit):
    """Plain text and tables, read only; positions count letters of the text that is shown."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.shown_text = ""
        self.tables: tuple[TextTable, ...] = ()
        self.positions = TextPositions("")
        self._titles: Sequence[Span] = ()
        self._grid = DocumentGrid(self.document())
        self.setReadOnly(True)
        self.setUndoRedoEnabled(False)
        self.setAcceptRichText(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setTabChangesFocus(True)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.document().setDocumentMargin(16)

    def show_text(self, text: str, tables: tuple[TextTable, ...] = ()) -> None:
        """Show a text, these tables in it as grids; nothing is marked."""
        self.shown_text, self.tables, self._titles = text, tables, ()
        self.setExtraSelections([])
        self._grid.clear()
        if tables:
            self.clear()
            self.positions = self._grid.lay_out(text, tables, self._theme.colours)
        else:
            self.setPlainText(text)
            self.positions = TextPositions(text)
            self.positions.add_piece(0, len(text), 0)

    def lay_out_again(self, tables: tuple[TextTable, ...]) -> None:
        """Show the same text with these tables, or in other colours."""
        titles = self._titles
        self.show_text(self.shown_text, tables)
        self.embolden(titles)

    def is_in_grid(self, span: Span) -> bool:
        """Return whether a span stands within one grid."""
        return any(table.start <= span[0] and span[1] <= table.end for table in self.tables)

    def embolden(self, spans: Sequence[Span]) -> None:
        """Show titles in bold."""
        self._titles = [*self._titles, *spans]
        text_format = QTextCharFormat()
        text_format.setFontWeight(QFont.Weight.DemiBold)
        for span in spans:
            for cursor in self._cursors(span):
                cursor.mergeCharFormat(text_format)

    def paint_spans(self, marks: Sequence[tuple[Span, str]]) -> None:
        """Mark spans in these colours, in tables whole cells; later ones lie above."""
        selections, places = [], []
        for span, colour in marks:
            for cursor in self._cursors(span):
                selection = QTextEdit.ExtraSelection()
                text_format = QTextCharFormat()
                text_format.setBackground(QColor(colour))
                text_format.setForeground(QColor(self._theme.colours.text))
                selection.format = text_format
                selection.cursor = cursor
                selections.append(selection)
                places.append(((cursor.position(), cursor.anchor()), QColor(colour)))
        self._grid.paint_cells(places)
        self.setExtraSelections(selections)

    def _cursors(self, span: tuple[int, int]) -> Iterator[QTextCursor]:
        """Yield a cursor for a span, in a table one for each of its cells."""
        for start, end in self.positions.places_of_span(span):
            cursor = QTextCursor(self.document())
            cursor.setPosition(end)
            cursor.setPosition(start, QTextCursor.MoveMode.KeepAnchor)
            yield cursor

    def go_to(self, position: int, *, middle: bool = True) -> None:
        """Bring a letter into view, in its middle or at its top."""
        cursor = self.textCursor()
        cursor.setPosition(self.positions.place(position))
        self.setTextCursor(cursor)
        if middle:
            QTimer.singleShot(0, self, self._center_cursor)  # when its height is known
        else:
            layout = self.document().documentLayout()
            self.verticalScrollBar().setValue(int(layout.blockBoundingRect(cursor.block()).top()))

    def _center_cursor(self) -> None:
        """Bring the cursor's line into the middle of the view."""
        rect, bar = self.cursorRect(), self.verticalScrollBar()
        bar.setValue(bar.value() + rect.center().y() - self.viewport().height() // 2)
