"""Search results and their painting: headings, or a place with its excerpt and marked hits."""

from msgspec import Struct
from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QTextCharFormat, QTextLayout
from PySide6.QtWidgets import QListWidget, QStyledItemDelegate, QStyleOptionViewItem

from desktop.kit.theme import Theme
from desktop.kit.utf16_offsets import utf16_offset

RESULT = Qt.ItemDataRole.UserRole
_MARGIN = 8
_SIDE = 12
Index = QModelIndex | QPersistentModelIndex


class SearchResult(Struct, frozen=True):
    """A line of the results. `target` is opened by Enter; None: a heading."""

    title: str
    place: str = ""
    excerpt: str = ""
    marks: tuple[tuple[int, int], ...] = ()
    target: object = None


class SearchResultDelegate(QStyledItemDelegate):
    """Draws each `SearchResult` in two lines, and a heading in one."""

    def __init__(self, theme: Theme, parent: QListWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._rows = parent

    def sizeHint(self, _option: QStyleOptionViewItem, index: Index) -> QSize:
        """Return the height of two lines for a result with an excerpt, else of one."""
        result: SearchResult = index.data(RESULT)
        lines = 2 if result.excerpt else 1
        return QSize(80, lines * self._rows.fontMetrics().lineSpacing() + 2 * _MARGIN)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw one result."""
        colours = self._theme.colours
        result: SearchResult = index.data(RESULT)
        rect: QRect = option.rect
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(QFont(option.font))
        if result.target is not None and self._rows.currentIndex() == index:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(colours.info_soft))
            painter.drawRoundedRect(rect.adjusted(1, 1, -1, -1), 8, 8)
        inner = rect.adjusted(_SIDE, _MARGIN, -_SIDE, -_MARGIN)
        self._paint_title(painter, inner, result)
        if result.excerpt:
            self._paint_excerpt(painter, inner, result)
        painter.restore()

    def _paint_title(self, painter: QPainter, inner: QRect, result: SearchResult) -> None:
        colours = self._theme.colours
        line = QRect(inner.left(), inner.top(), inner.width(), painter.fontMetrics().lineSpacing())
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.setPen(QColor(colours.muted))
        painter.drawText(line, middle | Qt.AlignmentFlag.AlignRight, result.place)
        width = line.width() - painter.fontMetrics().horizontalAdvance(result.place) - 12
        font = QFont(painter.font())
        font.setWeight(QFont.Weight.DemiBold)
        painter.setFont(font)
        painter.setPen(QColor(colours.muted if result.target is None else colours.text))
        title = painter.fontMetrics().elidedText(result.title, Qt.TextElideMode.ElideRight, width)
        painter.drawText(line, middle | Qt.AlignmentFlag.AlignLeft, title)
        font.setWeight(QFont.Weight.Normal)
        painter.setFont(font)

    def _paint_excerpt(self, painter: QPainter, inner: QRect, result: SearchResult) -> None:
        """Draw the excerpt as far as it fits, with the matches marked."""
        text = painter.fontMetrics().elidedText(
            result.excerpt, Qt.TextElideMode.ElideRight, inner.width()
        )
        layout = QTextLayout(text, painter.font())
        layout.setFormats(
            [self._marked(utf16_offset(text, a), utf16_offset(text, b)) for a, b in result.marks]
        )
        layout.beginLayout()
        layout.createLine().setLineWidth(inner.width())
        layout.endLayout()
        painter.setPen(QColor(self._theme.colours.text))
        top = inner.top() + painter.fontMetrics().lineSpacing()
        layout.draw(painter, QPointF(inner.left(), top))

    def _marked(self, start: int, end: int) -> QTextLayout.FormatRange:
        span = QTextLayout.FormatRange()
        span.start, span.length = start, end - start
        form = QTextCharFormat()
        form.setBackground(QColor(self._theme.colours.mark))
        span.format = form
        return span
