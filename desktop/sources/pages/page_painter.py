"""Painter of one document page with its marks, search matches and selection."""

from collections.abc import Iterable

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QWidget

from core.base.i18n import _
from desktop.kit.theme_colours import LIGHT, ThemeColours
from desktop.sources.pages.page_store import PageStore

_FOUND = "#ffd0b5"
"""Colour of search matches. Pages are white in every scheme."""
_PASSAGE = "#fff2cf"
"""Colour of a passage of which sentences are cited; these have that of marks."""


class PagePainter:
    """Paints for one paint event; call `finish` at its end."""

    def __init__(self, surface: QWidget, colours: ThemeColours, store: PageStore) -> None:
        self._colours = colours
        self._store = store
        self._painter = QPainter(surface)
        self._painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)

    def finish(self) -> None:
        """End painting on the widget."""
        self._painter.end()

    def draw_page(self, page: int, rect: QRect) -> None:
        """Draw a page, or an empty sheet while its picture is on its way."""
        drawn = self._store.pictures.get(page)
        self._painter.fillRect(rect, QColor("white"))
        if drawn is not None and not drawn.picture.isNull():
            self._painter.drawPixmap(rect, drawn.picture)
        else:
            self._draw_message(rect, self._store.failed.get(page, _("Drawing the page…")))
        self._painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Multiply)
        for box in self._store.found.get(page, ()):
            self._painter.fillRect(_on(rect, box), QColor(_FOUND))
        strong = self._store.sentences.get(page)
        colour = _PASSAGE if strong else LIGHT.mark
        for box in self._store.marks.get(page, ()):
            self._painter.fillRect(_on(rect, box).adjusted(-2, -1, 2, 1), QColor(colour))
        for box in strong or ():
            self._painter.fillRect(_on(rect, box).adjusted(-2, -1, 2, 1), QColor(LIGHT.mark))
        self._painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceOver)
        self._painter.setPen(QPen(QColor(self._colours.line_strong), 1))
        self._painter.drawRect(rect.adjusted(0, 0, -1, -1))
        self._draw_margin_bar(page, rect)

    def draw_selection(self, rect: QRect, boxes: Iterable[QRectF]) -> None:
        """Draw what is selected on a page."""
        colour = QColor(LIGHT.info)
        colour.setAlpha(80)
        for box in boxes:
            self._painter.fillRect(_on(rect, box), colour)

    def draw_focus_frame(self, rect: QRect) -> None:
        """Draw the frame of the keyboard focus."""
        self._painter.setPen(QPen(QColor(self._colours.info), 1))
        self._painter.setBrush(Qt.BrushStyle.NoBrush)
        self._painter.drawRect(rect.adjusted(0, 0, -1, -1))

    def _draw_margin_bar(self, page: int, rect: QRect) -> None:
        """Draw a bar at the margin next to the passage: not everybody sees colours."""
        marks = self._store.sentences.get(page) or self._store.marks.get(page)
        if not marks:
            return
        whole = _on(rect, marks[0])
        for box in marks[1:]:
            whole = whole.united(_on(rect, box))
        bar = QRectF(rect.left() + 3, whole.top() - 1, 4, whole.height() + 2)
        self._painter.fillRect(bar, QColor(LIGHT.info))

    def _draw_message(self, rect: QRect, words: str) -> None:
        self._painter.setPen(QColor(LIGHT.muted))
        flags = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop
        area = rect.adjusted(16, min(64, rect.height() // 4), -16, -8)
        self._painter.drawText(area, int(flags) | int(Qt.TextFlag.TextWordWrap), words)


def _on(rect: QRect, box: QRectF) -> QRectF:
    return QRectF(
        rect.left() + box.left() * rect.width(),
        rect.top() + box.top() * rect.height(),
        box.width() * rect.width(),
        box.height() * rect.height(),
    )
