"""Context meter: how much of what the model reads at once a chat and its next question take."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QToolButton, QToolTip

from core.base.i18n import _
from desktop.kit.buttons_and_labels import as_tooltip
from desktop.kit.locale_formatting import format_count
from desktop.kit.theme import Theme

NEARLY_FULL = 0.8
"""Share of the context from which on the meter warns: an answer needs the rest."""
CHARACTERS_PER_TOKEN = 3.5
"""Of European text; what is typed is only counted by the model when it is sent."""
_SIDE = 20
_STROKE = 3


class ContextMeter(QToolButton):
    """A ring that fills; pressed, it shows its figures, as its tooltip does. Hidden if unknown."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._used = 0
        self._available = 0
        self._build()
        self._connect()

    def _build(self) -> None:
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._on_theme_changed()
        self.hide()

    def _connect(self) -> None:
        self.clicked.connect(self._on_clicked)
        self._theme.changed.connect(self._on_theme_changed)

    @property
    def share(self) -> float:
        """How full it is, 0 to 1."""
        return min(self._used / self._available, 1.0) if self._available else 0.0

    @property
    def is_nearly_full(self) -> bool:
        """Whether it warns."""
        return self.share >= NEARLY_FULL

    def show_use(self, used: int, available: int) -> None:
        """Show tokens; `available` 0: nobody knows how many."""
        if (used, available) == (self._used, self._available):
            return
        self._used, self._available = used, available
        words = _("About {used} of {available} tokens of the context are used.").format(
            used=format_count(used), available=format_count(available)
        )
        if self.is_nearly_full:
            advice = _("Nearly full: early messages will be summarised or left out.")
        else:
            advice = _("It is what the model reads at once: instructions, chat and passages.")
        self.setAccessibleName(words)
        self.setAccessibleDescription(advice)
        self.setToolTip(as_tooltip(f"{words}\n{advice}"))
        self.setVisible(available > 0)
        self.update()

    def sizeHint(self) -> QSize:
        """Return a square that grows with the text."""
        side = self._theme.scaled(_SIDE) + 10
        return QSize(side, side)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the ring over the button's ground."""
        super().paintEvent(event)
        colours = self._theme.colours
        side = self._theme.scaled(_SIDE) - _STROKE
        place = QRectF(0, 0, side, side)
        place.moveCenter(QRectF(self.rect()).center())
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(colours.line_strong), _STROKE))
        painter.drawEllipse(place)
        colour = QColor(colours.warning if self.is_nearly_full else colours.muted)
        painter.setPen(QPen(colour, _STROKE, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        painter.drawArc(place, 90 * 16, -round(self.share * 360 * 16))
        painter.end()

    def _on_clicked(self) -> None:
        QToolTip.showText(self.mapToGlobal(self.rect().topLeft()), self.toolTip(), self)

    def _on_theme_changed(self) -> None:
        self.updateGeometry()
        self.update()
