"""Plots of lines and bars, drawn as a PNG picture for print."""

import io
import math
from collections.abc import Sequence

from PIL import Image, ImageDraw, ImageFont

from core.messages import PlotPanel, PlotSeries

PANEL_WIDTH, HEIGHT = 1100, 900
LEFT, RIGHT, TOP, BOTTOM = 150, 40, 170, 250
DOTS_PER_INCH = 200
INK, GRID, PAPER = "#202020", "#d8d8d8", "#ffffff"
COLOURS = ("#0b5394", "#e69138", "#6aa84f", "#990000")
"""Told apart by most people who don't see all colours, and as greys."""
TICKS = 5
ROOM_ABOVE = 1.06
"""So that the value above the highest bar is still inside the frame."""
TITLE, LABEL, SMALL = 34, 26, 22


def draw_plot(title: str, panels: Sequence[PlotPanel]) -> bytes:
    """Return the bytes of a PNG file with the panels side by side."""
    picture = Image.new("RGB", (PANEL_WIDTH * len(panels), HEIGHT), PAPER)
    pen = ImageDraw.Draw(picture)
    _write(pen, (picture.width / 2, 20), title, TITLE, "ma")
    for number, panel in enumerate(panels):
        _Plot(pen, number * PANEL_WIDTH, panel).draw_panel()
    data = io.BytesIO()
    picture.save(data, "PNG", dpi=(DOTS_PER_INCH, DOTS_PER_INCH), optimize=True)
    return data.getvalue()


class _Plot:
    """One panel on the picture, its frame's corner `left` pixels from the edge."""

    def __init__(self, pen: ImageDraw.ImageDraw, left: int, panel: PlotPanel) -> None:
        self._pen = pen
        self._panel = panel
        self._left, self._right = left + LEFT, left + PANEL_WIDTH - RIGHT
        self._top, self._bottom = TOP, HEIGHT - BOTTOM
        values = [value for series in panel.series for value in series.values]
        self._step = tick_step(max(values, default=1.0))
        most = max(*values, self._step) * ROOM_ABOVE
        self._most = self._step * math.ceil(most / self._step)

    def draw_panel(self) -> None:
        panel = self._panel
        middle = (self._left + self._right) / 2
        _write(self._pen, (middle, self._top - 70), panel.title, LABEL, "ma")
        self._draw_scale()
        for number, series in enumerate(panel.series):
            colour = COLOURS[number % len(COLOURS)]
            if panel.bars:
                self._draw_bars(series, number, colour)
            else:
                self._draw_line(series, colour)
        for place, label in enumerate(panel.labels):
            _write(self._pen, (self._across(place), self._bottom + 14), label, SMALL, "ma")
        lines = 1 + max((label.count("\n") for label in panel.labels), default=0)
        below = self._bottom + 30 + lines * (SMALL + 6)
        _write(self._pen, (middle, below), panel.across, LABEL, "ma")
        self._draw_legend(HEIGHT - 50)

    def _draw_scale(self) -> None:
        for tick in range(round(self._most / self._step) + 1):
            value = tick * self._step
            height = self._up(value)
            self._pen.line([(self._left, height), (self._right, height)], GRID, 2)
            _write(self._pen, (self._left - 12, height), f"{value:g}", SMALL, "rm")
        self._pen.line([(self._left, self._bottom), (self._right, self._bottom)], INK, 3)
        self._pen.line([(self._left, self._top), (self._left, self._bottom)], INK, 3)
        _write(self._pen, (self._left, self._top - 12), self._panel.up, SMALL, "ld")

    def _draw_line(self, series: PlotSeries, colour: str) -> None:
        points = [
            (self._across(place), self._up(value)) for place, value in enumerate(series.values)
        ]
        self._pen.line(points, colour, 5)
        for x, y in points:
            self._pen.ellipse((x - 8, y - 8, x + 8, y + 8), colour)

    def _draw_bars(self, series: PlotSeries, number: int, colour: str) -> None:
        slot = (self._right - self._left) / max(len(self._panel.labels), 1)
        width = slot * 0.7 / len(self._panel.series)
        for place, value in enumerate(series.values):
            left = self._across(place) - slot * 0.35 + number * width
            self._pen.rectangle((left + 2, self._up(value), left + width - 2, self._bottom), colour)
            _write(self._pen, (left + width / 2, self._up(value) - 4), f"{value:.3g}", SMALL, "md")

    def _draw_legend(self, height: int) -> None:
        if len(self._panel.series) < 2:
            return
        left = float(self._left)
        for number, series in enumerate(self._panel.series):
            self._pen.rectangle((left, height, left + 24, height + 24), COLOURS[number % 4])
            _write(self._pen, (left + 34, height + 12), series.name, SMALL, "lm")
            left += 70 + self._pen.textlength(series.name, font=_font(SMALL))

    def _across(self, place: int) -> float:
        slot = (self._right - self._left) / max(len(self._panel.labels), 1)
        return self._left + slot * (place + 0.5)

    def _up(self, value: float) -> float:
        return self._bottom - (self._bottom - self._top) * value / self._most


def tick_step(most: float) -> float:
    """Return the distance of about TICKS lines up to `most`: 1, 2 or 5 times a power of ten."""
    rough = max(most, 1e-9) / TICKS
    power = 10.0 ** math.floor(math.log10(rough))
    return next(factor * power for factor in (1, 2, 5, 10) if factor * power >= rough * 0.999)


def _write(
    pen: ImageDraw.ImageDraw, place: tuple[float, float], text: str, size: int, anchor: str
) -> None:
    if "\n" not in text:
        pen.text(place, text, INK, font=_font(size), anchor=anchor)
        return
    for number, line in enumerate(text.split("\n")):
        pen.text((place[0], place[1] + number * (size + 6)), line, INK, _font(size), anchor)


def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size)
