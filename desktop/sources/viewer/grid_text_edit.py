"""Text edit with tables as grids: letters of a text are marked and found in a Qt document."""

from collections.abc import Iterator, Sequence

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QColor, QFont, QKeyEvent, QKeySequence, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QFrame, QTextEdit

from desktop.kit.theme import Theme
from desktop.sources.viewer.document_grid import DocumentGrid
from desktop.sources.viewer.document_tables import Span, TextTable
from desktop.sources.viewer.text_parts import part_after, part_around, part_before
from desktop.sources.viewer.text_positions import TextPositions


class GridTextEdit(QTextEdit):
    """Plain text and tables, read only; positions count letters of the whole text.

    Of a long text the part around what is wanted is laid out; scrolling adds what is beside it.
    """

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.shown_text = ""
        self.tables: tuple[TextTable, ...] = ()
        self.positions = TextPositions("")
        self.part: Span = (0, 0)
        """The letters that are laid out."""
        self._titles: Sequence[Span] = ()
        self._marks: Sequence[tuple[Span, str]] = ()
        self._grid = DocumentGrid(self)
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
        self.verticalScrollBar().valueChanged.connect(self._on_moved)

    def show_text(self, text: str, tables: tuple[TextTable, ...], near: int) -> None:
        """Show a text, these tables in it as grids, first what is near a letter; nothing marked."""
        self.shown_text, self.tables, self._titles, self._marks = text, tables, (), ()
        self._lay_out_part(part_around(text, near))

    def lay_out_again(self, tables: tuple[TextTable, ...]) -> None:
        """Show the same part of the text with these tables, or in other colours."""
        self.tables = tables
        self._lay_out_part(self.part)

    def show_whole(self) -> None:
        """Lay out all of the text, which takes a moment for a long one."""
        if self.part != (0, len(self.shown_text)):
            self._lay_out_part((0, len(self.shown_text)))

    def _lay_out_part(self, part: Span) -> None:
        self.part = (0, len(self.shown_text))  # so that nothing is added meanwhile
        start, end = part
        self.setExtraSelections([])
        self.setCurrentCharFormat(QTextCharFormat())  # else all of it is bold after a title
        self._grid.clear()
        tables = [each for each in self.tables if start <= each.start and each.end <= end]
        if tables:
            self.clear()
            colours = self._theme.colours
            self.positions = self._grid.lay_out(self.shown_text, part, tables, colours)
        else:
            self.positions = TextPositions(self.shown_text)
            self.positions.add_piece(start, end, 0)
            self.setPlainText(self.shown_text[start:end])
        self.part = part
        self._make_bold(self._titles)
        self.paint_spans(self._marks)

    def _on_moved(self, value: int) -> None:
        """Add what comes next, once the end of what is laid out is near."""
        page, bar = self.viewport().height(), self.verticalScrollBar()
        if value >= bar.maximum() - page and self.part[1] < len(self.shown_text):
            self._add_after()
        elif value <= page and self.part[0] > 0:
            self._add_before()

    def _add_after(self) -> None:
        start, end = part_after(self.shown_text, self.part)
        cursor = QTextCursor(self.document())
        cursor.movePosition(QTextCursor.MoveOperation.End)
        if cursor.block().length() > 1:
            cursor.insertBlock()
        self.part = (self.part[0], end)
        self.positions.add_piece(start, end, cursor.position())
        cursor.insertText(self.shown_text[start:end], QTextCharFormat())
        self._dress((start, end))

    def _add_before(self) -> None:
        """Add what stands before, with the same lines in view."""
        start, end = part_before(self.shown_text, self.part)
        self.part = (start, self.part[1])
        cursor, layout = QTextCursor(self.document()), self.document().documentLayout()
        before = layout.blockBoundingRect(cursor.block()).top()
        moved = self.positions.add_first(start, end)
        cursor.insertText(self.shown_text[start:end], QTextCharFormat())
        after = layout.blockBoundingRect(self.document().findBlock(moved)).top()
        bar = self.verticalScrollBar()
        bar.setValue(bar.value() + int(after - before))
        self._dress((start, end))

    def _dress(self, added: Span) -> None:
        """Show titles and marks in what was added."""
        start, end = added
        self._make_bold([each for each in self._titles if start <= each[0] < end])
        self.paint_spans(self._marks)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go to the ends of the whole text, and select all of it."""
        if event.matches(QKeySequence.StandardKey.SelectAll):
            self.show_whole()
        elif event.matches(QKeySequence.StandardKey.MoveToEndOfDocument):
            self._show_part_of(len(self.shown_text))
        elif event.matches(QKeySequence.StandardKey.MoveToStartOfDocument):
            self._show_part_of(0)
        super().keyPressEvent(event)

    def _show_part_of(self, position: int) -> None:
        if not self.part[0] <= position <= self.part[1]:
            self._lay_out_part(part_around(self.shown_text, position))

    def is_in_grid(self, span: Span) -> bool:
        """Return whether a span stands within one grid."""
        return any(table.start <= span[0] and span[1] <= table.end for table in self.tables)

    def embolden(self, spans: Sequence[Span]) -> None:
        """Show titles in bold."""
        self._titles = [*self._titles, *spans]
        self._make_bold(spans)

    def _make_bold(self, spans: Sequence[Span]) -> None:
        text_format = QTextCharFormat()
        text_format.setFontWeight(QFont.Weight.DemiBold)
        whole = QTextCursor(self.document())
        whole.beginEditBlock()  # changed one by one, Qt leaves what is between without a height
        for span in spans:
            for cursor in self._cursors(span):
                cursor.mergeCharFormat(text_format)
        whole.endEditBlock()

    def paint_spans(self, marks: Sequence[tuple[Span, str]]) -> None:
        """Mark spans in these colours, in tables whole cells; later ones lie above."""
        self._marks = marks
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
        self._show_part_of(position)
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
