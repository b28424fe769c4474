"""Formula renderer: LaTeX drawn by ziamath in the background, painted by Qt.

What can't be set is shown as it was written. The drawing that comes back is checked to the last
element against a list before Qt reads it, so that no formula names a file.
"""

import re
from collections import OrderedDict
from dataclasses import dataclass
from functools import partial
from typing import TypeAlias

from PySide6.QtCore import QByteArray, QObject, QRectF, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

from core.base.lazy_regex import lazy_pattern
from desktop.chat.markdown.block_types import Formula
from desktop.chat.message.background_thread import BackgroundThread

MAX_FORMULA_LENGTH = 2000
"""Letters of one formula; a longer one is shown as it was written."""
_KEPT = 400
_EXPANDS = lazy_pattern(r"\\(?:def|gdef|edef|let|newcommand|renewcommand|providecommand)\b")
"""A formula that defines words of its own can grow without end when it is set."""
_ALLOWED = lazy_pattern(r"</?(?:svg|path|rect)\b[^<>]*>|\s+|<\?xml[^<>]*\?>")
_REFERS = lazy_pattern(r"href|url\(|<!|style=", re.IGNORECASE)
_SCALE = 2.0
"""Pixels for one of the screen's: sharp also where that has twice as many."""


@dataclass(frozen=True, slots=True)
class FormulaDrawing:
    """A formula as SVG, and how far its lowest ink lies under the line it stands on."""

    svg: bytes
    width: float
    height: float
    depth: float


Key: TypeAlias = tuple[Formula, float, str]


class FormulaRenderer(QObject):
    """Asked for a picture, gives it or has it set; one for a window."""

    formula_ready = Signal()
    """A formula can be shown that could not before."""

    def __init__(self, workshop: BackgroundThread) -> None:
        super().__init__(workshop)
        self._workshop = workshop
        self._drawings: OrderedDict[Key, FormulaDrawing | None] = OrderedDict()

    def formula_image(
        self, formula: Formula, size: float, colour: str, metrics: QFontMetricsF
    ) -> QImage | None:
        """Return the picture for a text of `size` pixels, or None as long as there is none.

        It is padded so that centred on a line of `metrics` it stands on its base line.
        """
        key = (formula, size, colour)
        if key not in self._drawings:
            self._drawings[key] = None
            if len(self._drawings) > _KEPT:
                self._drawings.popitem(last=False)
            self._workshop.run_job(partial(render_formula, *key), partial(self._on_set, key))
        self._drawings.move_to_end(key)
        drawing = self._drawings[key]
        return None if drawing is None else _painted(drawing, metrics)

    def _on_set(self, key: Key, drawing: FormulaDrawing | None) -> None:
        self._drawings[key] = drawing
        if drawing is not None:
            self.formula_ready.emit()


def render_formula(formula: Formula, size: float, colour: str) -> FormulaDrawing | None:
    """Return a formula set at `size` pixels, None if it can't be. For any thread."""
    if (
        len(formula.latex) > MAX_FORMULA_LENGTH
        or not formula.latex
        or _EXPANDS.search(formula.latex)
    ):
        return None
    try:
        import ziamath  # noqa: PLC0415 - 130 ms; most chats have no formula

        ziamath.config.svg2 = False  # Qt reads the older form, whose letters are paths
        node = ziamath.Latex(formula.latex, size=size, color=colour, inline=not formula.is_display)
        svg = str(node.svg())
        width, height = node.getsize()
        depth = -node.getyofst()
    except Exception:  # noqa: BLE001 - a foreign parser on a model's text: it is shown as written
        return None
    if _ALLOWED.sub("", svg) or _REFERS.search(svg):
        return None
    return FormulaDrawing(svg.encode(), width + 2, height + 2, depth + 1)


def _painted(drawing: FormulaDrawing, metrics: QFontMetricsF) -> QImage:
    """Paint a drawing; Qt puts a picture's middle a quarter of an x over the base line."""
    above, below = drawing.height - drawing.depth, drawing.depth
    middle = metrics.xHeight() / 2
    top = max(0.0, middle - (above - below))
    bottom = max(0.0, (above - below) - middle)
    width, height = round(drawing.width), round(drawing.height + top + bottom)
    image = QImage(
        round(width * _SCALE),
        round(height * _SCALE),
        QImage.Format.Format_ARGB32_Premultiplied,
    )
    image.setDevicePixelRatio(_SCALE)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    place = QRectF(0, top, drawing.width, drawing.height)
    QSvgRenderer(QByteArray(drawing.svg)).render(painter, place)
    painter.end()
    return image
