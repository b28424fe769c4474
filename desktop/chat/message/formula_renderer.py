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
"""Maximum length of a formula in characters; a longer one is shown as source."""
_MAX_DRAWINGS = 400
_EXPANDS = lazy_pattern(r"\\(?:def|gdef|edef|let|newcommand|renewcommand|providecommand)\b")
"""Commands that define macros: such a formula can grow without limit."""
_ALLOWED = lazy_pattern(r"</?(?:svg|path|rect)\b[^<>]*>|\s+|<\?xml[^<>]*\?>")
_REFERS = lazy_pattern(r"href|url\(|<!|style=", re.IGNORECASE)
_SCALE = 2.0
"""Pixels for one screen pixel: sharp also on screens with a scale of two."""


@dataclass(frozen=True, slots=True)
class FormulaDrawing:
    """A formula as SVG, and its depth below the base line."""

    svg: bytes
    width: float
    height: float
    depth: float


Key: TypeAlias = tuple[Formula, float, str]


class FormulaRenderer(QObject):
    """Returns the picture of a formula, or requests it; one for a window."""

    formula_ready = Signal()
    """A formula has been rendered."""

    def __init__(self, background: BackgroundThread) -> None:
        super().__init__(background)
        self._background = background
        self._drawings: OrderedDict[Key, FormulaDrawing | None] = OrderedDict()

    def formula_image(
        self, formula: Formula, size: float, colour: str, metrics: QFontMetricsF
    ) -> QImage | None:
        """Return the picture for a text of `size` pixels, None while it isn't rendered.

        It is padded so that centred on a line of `metrics` it stands on its base line.
        """
        key = (formula, size, colour)
        if key not in self._drawings:
            self._drawings[key] = None
            if len(self._drawings) > _MAX_DRAWINGS:
                self._drawings.popitem(last=False)
            self._background.run_job(partial(render_formula, *key), partial(self._on_set, key))
        self._drawings.move_to_end(key)
        drawing = self._drawings[key]
        return None if drawing is None else _painted(drawing, metrics)

    def _on_set(self, key: Key, drawing: FormulaDrawing | None) -> None:
        self._drawings[key] = drawing
        if drawing is not None:
            self.formula_ready.emit()


def render_formula(formula: Formula, size: float, colour: str) -> FormulaDrawing | None:
    """Return a formula rendered at `size` pixels, None if it can't be. For any thread."""
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
