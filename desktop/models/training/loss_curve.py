"""Loss curve: losses of the steps of a training, and those of held-out examples, as lines."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from core.base.i18n import _
from core.messages import LossPoint
from desktop.kit.locale_formatting import format_decimal
from desktop.kit.theme import Theme

_HEIGHT = 120
_MARGIN = 6.0


class LossCurve(QWidget):
    """Grows with `add_point`; a screen reader hears the newest values."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.points: list[LossPoint] = []
        self._steps = 1
        self.setMinimumHeight(_HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(_("Loss curve"))

    def clear_points(self) -> None:
        """Show nothing."""
        self.points = []
        self.update()

    def add_point(self, point: LossPoint, steps: int) -> None:
        """Show a step of so many."""
        self.points.append(point)
        self._steps = max(steps, 1)
        self.setAccessibleDescription(_("loss {loss}").format(loss=format_decimal(point.loss, 2)))
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw both lines; the held-out one is dashed and has dots."""
        if not self.points:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = QRectF(self.rect()).adjusted(_MARGIN, _MARGIN, -_MARGIN, -_MARGIN)
        held = [(each.step, each.held_out) for each in self.points if each.held_out is not None]
        top = max([each.loss for each in self.points] + [value for _step, value in held]) or 1.0
        learnt = [(each.step, each.loss) for each in self.points]
        self._draw(painter, self._places(learnt, area, top), self._theme.colours.info)
        self._draw(painter, self._places(held, area, top), self._theme.colours.warning, dots=True)
        painter.end()

    def _places(
        self, values: Sequence[tuple[int, float]], area: QRectF, top: float
    ) -> list[QPointF]:
        return [
            QPointF(
                area.left() + area.width() * step / self._steps,
                area.bottom() - area.height() * value / top,
            )
            for step, value in values
        ]

    def _draw(
        self, painter: QPainter, places: list[QPointF], name: str, *, dots: bool = False
    ) -> None:
        colour = QColor(name)
        painter.setPen(QPen(colour, 2.0))
        painter.drawPolyline(places)
        if dots:
            painter.setBrush(colour)
            for place in places:
                painter.drawEllipse(place, 3.0, 3.0)
