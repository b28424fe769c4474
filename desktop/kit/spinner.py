"""Busy spinner: a small rotating arc while something is being done."""

from PySide6.QtCore import QRectF, Qt, QTimer
from PySide6.QtGui import QColor, QHideEvent, QPainter, QPaintEvent, QPen, QShowEvent
from PySide6.QtWidgets import QWidget

from desktop.kit.theme import Theme

_INTERVAL_MS = 60
_STEP = 24
_SIZE = 16


class Spinner(QWidget):
    """An arc that rotates while it is visible; with reduced motion it stands still."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._angle = 90
        self._timer = QTimer(self)
        self._timer.setInterval(_INTERVAL_MS)
        self._timer.timeout.connect(self._on_timeout)
        theme.changed.connect(self._on_theme_changed)
        self._on_theme_changed()

    def showEvent(self, event: QShowEvent) -> None:
        """Start rotating when shown."""
        super().showEvent(event)
        if not self._theme.reduces_motion:
            self._timer.start()

    def hideEvent(self, event: QHideEvent) -> None:
        """Stop rotating when hidden."""
        super().hideEvent(event)
        self._timer.stop()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw three quarters of a circle."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pen = QPen(QColor(self._theme.colours.info), 2)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        ring = QRectF(self.rect()).adjusted(2, 2, -2, -2)
        painter.drawArc(ring, self._angle * 16, 270 * 16)
        painter.end()

    def _on_theme_changed(self) -> None:
        size = self._theme.scaled(_SIZE)
        self.setFixedSize(size, size)
        self.update()

    def _on_timeout(self) -> None:
        if self._theme.reduces_motion:
            self._timer.stop()
        self._angle = (self._angle - _STEP) % 360
        self.update()
