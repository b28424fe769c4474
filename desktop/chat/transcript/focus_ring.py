"""Focus ring: a line around the text of a card that was reached by a key, as buttons have one."""

from functools import partial

from PySide6.QtCore import QEvent, QObject, QRectF, Qt, QTimer
from PySide6.QtGui import QColor, QFocusEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from desktop.kit.theme import Theme

_BY_KEY = {
    Qt.FocusReason.TabFocusReason,
    Qt.FocusReason.BacktabFocusReason,
    Qt.FocusReason.ShortcutFocusReason,
}
_BESIDE, _ABOVE, _WIDTH, _RADIUS = 6, 3, 2, 6


class FocusRings(QObject):
    """Shows the ring of whichever watched text has the focus.

    A click on a text shows none: it selects there, and the pointer is where one looks.
    """

    def __init__(self, theme: Theme, cards: QWidget) -> None:
        super().__init__(cards)
        self._theme = theme
        self._cards = cards

    def watch_text(self, text: QWidget) -> None:
        """Show a ring around this text while it has the focus; more than once changes nothing."""
        text.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Show the ring of a text that a key has reached.

        Later: were a filter added to the text meanwhile, Qt would call this one anew, without end.
        """
        came = event.type() is QEvent.Type.FocusIn
        by_key = came and isinstance(event, QFocusEvent) and event.reason() in _BY_KEY
        if by_key and isinstance(watched, QWidget):
            QTimer.singleShot(0, watched, partial(self._show_ring, watched))
        return super().eventFilter(watched, event)

    def _show_ring(self, text: QWidget) -> None:
        if text.hasFocus():
            FocusRing(self._theme, self._card_of(text), text)

    def _card_of(self, text: QWidget) -> QWidget:
        card = text
        while (parent := card.parentWidget()) is not None and parent is not self._cards:
            card = parent
        return card


class FocusRing(QWidget):
    """Lies over a card, and follows its text; gone with the focus."""

    def __init__(self, theme: Theme, card: QWidget, text: QWidget) -> None:
        super().__init__(card)
        self._theme = theme
        self._card = card
        self._text = text
        self.setObjectName("focus_ring")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        here: QWidget | None = text
        while here is not None and here is not card:
            here.installEventFilter(self)
            here = here.parentWidget()
        self._place()
        self.raise_()
        self.show()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the text, and go when it has the focus no more."""
        if event.type() in {QEvent.Type.Resize, QEvent.Type.Move}:
            self._place()
        elif watched is self._text and event.type() is QEvent.Type.FocusOut:
            self.hide()
            self.deleteLater()
        return super().eventFilter(watched, event)

    def _place(self) -> None:
        corner = self._text.mapTo(self._card, self._text.rect().topLeft())
        place = self._text.rect().translated(corner)
        self.setGeometry(place.adjusted(-_BESIDE, -_ABOVE, _BESIDE, _ABOVE))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the line."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(self._theme.colours.focus), _WIDTH))
        half = _WIDTH / 2
        line = QRectF(self.rect()).adjusted(half, half, -half, -half)
        painter.drawRoundedRect(line, _RADIUS, _RADIUS)
