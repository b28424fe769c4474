"""Loss curve: losses of the steps of a training, and those of held-out examples, as lines."""

import math
from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from core.base.i18n import _
from core.messages import LossPoint
from desktop.kit.locale_formatting import format_count, format_decimal
from desktop.kit.theme import Theme, follow_text_size

_LINES = 12
"""Height in lines of text, those of the axes included."""
_MARGIN = 6.0
_MOST_TICKS = 4


class LossCurve(QWidget):
    """Grows with `add_point`; a screen reader hears the newest values."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.points: list[LossPoint] = []
        self._steps = 1
        follow_text_size(self, self._set_height)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(_("Loss curve"))

    def _set_height(self) -> None:
        self.setMinimumHeight(_LINES * self.fontMetrics().height())

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
        painter.setLayoutDirection(Qt.LayoutDirection.LeftToRight)  # as graphs are in all languages
        held = [(each.step, each.held_out) for each in self.points if each.held_out is not None]
        learnt = [(each.step, each.loss) for each in self.points]
        ticks = axis_ticks(max(loss for _step, loss in learnt + held))
        area = self._draw_axes(painter, ticks)
        colours = self._theme.colours
        self._draw(painter, self._places(learnt, area, ticks[-1]), colours.info)
        self._draw(painter, self._places(held, area, ticks[-1]), colours.warning, dots=True)
        painter.end()

    def _draw_axes(self, painter: QPainter, ticks: Sequence[float]) -> QRectF:
        """Draw scales, lines and names of both axes; returns the area for the curves."""
        line = float(self.fontMetrics().height())
        labels = tick_labels(ticks)
        width = max(map(self.fontMetrics().horizontalAdvance, labels)) + _MARGIN
        area = QRectF(self.rect()).adjusted(
            width + _MARGIN, line + 2 * _MARGIN, -_MARGIN, -line - 2 * _MARGIN
        )
        colours = self._theme.colours
        for tick, label in zip(ticks, labels, strict=True):
            height = area.bottom() - area.height() * tick / ticks[-1]
            painter.setPen(QPen(QColor(colours.line_strong if tick == 0 else colours.line), 1.0))
            painter.drawLine(QPointF(area.left(), height), QPointF(area.right(), height))
            painter.setPen(QColor(colours.muted))
            place = QRectF(0, height - line / 2, width, line)
            painter.drawText(place, Qt.AlignmentFlag.AlignRight, label)
        below = QRectF(area.left(), area.bottom() + _MARGIN, area.width(), line)
        for side, text in (
            (Qt.AlignmentFlag.AlignLeft, format_count(0)),
            (Qt.AlignmentFlag.AlignHCenter, _("Step")),
            (Qt.AlignmentFlag.AlignRight, format_count(self._steps)),
        ):
            painter.drawText(below, side, text)
        above = QRectF(_MARGIN, 0, area.right(), line)
        painter.drawText(above, Qt.AlignmentFlag.AlignLeft, _("Loss"))
        return area

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


def axis_ticks(highest: float) -> tuple[float, ...]:
    """Return round numbers from 0 to the first one that is not below `highest`."""
    if not (highest > 0 and math.isfinite(highest)):
        return (0.0, 1.0)
    power = 10.0 ** math.floor(math.log10(highest / _MOST_TICKS))
    step = next(
        step for factor in (1, 2, 5, 10) if (step := factor * power) * _MOST_TICKS >= highest
    )
    return tuple(step * number for number in range(math.ceil(highest / step) + 1))


def tick_labels(ticks: Sequence[float]) -> list[str]:
    """Return the numbers beside an axis, with as many decimals as tell them apart."""
    decimals = max(2, -math.floor(math.log10(ticks[1])))
    return [format_decimal(tick, decimals) for tick in ticks]
