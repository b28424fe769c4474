"""Check box painted in theme colours: the style's own is hardly visible on a dark background."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QCheckBox, QSizePolicy

from desktop.kit.theme import Theme

_BOX = 16
_GAP = 8


class ThemedCheckBox(QCheckBox):
    """Draws a rounded box, and its words shortened to the space there is."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        theme.changed.connect(self.update)

    @property
    def text_indent(self) -> int:
        """Distance of the text from the left edge, in pixels."""
        return self._theme.scaled(_BOX) + _GAP

    def sizeHint(self) -> QSize:
        """Space for the box and some text."""
        return QSize(120, max(self._theme.scaled(_BOX), self.fontMetrics().height()) + 6)

    def hitButton(self, _place: object) -> bool:
        """Accept a click anywhere on box and text."""
        return True

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw box, tick and text."""
        colours = self._theme.colours
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        mirrored = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        size = self._theme.scaled(_BOX)
        left = self.width() - size - 1 if mirrored else 1
        box = QRectF(left, (self.height() - size) / 2, size, size).adjusted(0.5, 0.5, -0.5, -0.5)
        filled = colours.info if self.isEnabled() else colours.muted
        empty = colours.raised if self.isEnabled() else colours.side
        painter.setPen(QPen(QColor(filled if self.isChecked() else colours.muted), 1))
        painter.setBrush(QColor(filled if self.isChecked() else empty))
        painter.drawRoundedRect(box, 4, 4)
        if self.isChecked():
            self._paint_tick(painter, box)
        self._paint_focus(painter, box)
        text_rect = self.rect().adjusted(0, 0, -size - _GAP, 0)
        if not mirrored:
            text_rect.translate(size + _GAP, 0)
        painter.setPen(QColor(colours.text if self.isEnabled() else colours.muted))
        letter = Qt.TextFlag.TextShowMnemonic
        words = self.fontMetrics().elidedText(
            self.text(), Qt.TextElideMode.ElideRight, text_rect.width(), letter
        )
        # a painter mirrors by itself
        leading = Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(text_rect, leading | letter, words)
        painter.end()

    def _paint_tick(self, painter: QPainter, box: QRectF) -> None:
        pen = QPen(QColor(self._theme.colours.canvas), self._theme.scaled(2))
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setPen(pen)
        points = ((0.24, 0.52), (0.43, 0.70), (0.76, 0.32))
        size = box.width()
        painter.drawPolyline([box.topLeft() + QPointF(x * size, y * size) for x, y in points])

    def _paint_focus(self, painter: QPainter, box: QRectF) -> None:
        if self.hasFocus():
            painter.setPen(QPen(QColor(self._theme.colours.focus), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(box.adjusted(-2, -2, 2, 2), 6, 6)
