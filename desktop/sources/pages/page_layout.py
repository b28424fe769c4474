"""Page layout: rectangles of all pages below each other at a zoom."""

from bisect import bisect_right
from collections.abc import Sequence

from PySide6.QtCore import QRect

GAP = 12
"""Pixels around and between pages."""
_POINT = 96 / 72
"""Pixels of a point at 100 %."""
MIN_ZOOM, MAX_ZOOM = 0.25, 4.0
_DEFAULT_SIZE = (595.0, 842.0)
"""A4 in points, for a page whose size is not known."""


class PageLayout:
    """Converts page sizes in points to rectangles in pixels; a zoom of 0 fits the widest page."""

    def __init__(self) -> None:
        self._sizes: list[tuple[float, float]] = []
        self._zoom = 0.0
        self._width = 0
        self._tops: list[int] = []
        self._rects: list[QRect] = []

    @property
    def page_count(self) -> int:
        """Number of pages."""
        return len(self._sizes)

    @property
    def zoom(self) -> float:
        """Pixels of the screen for one of the page at 100 %."""
        if self._zoom or not self._sizes:
            return self._zoom or 1.0
        widest = max(width for width, _height in self._sizes) * _POINT
        return max(0.05, (self._width - 2 * GAP) / widest)

    @property
    def fits_width(self) -> bool:
        """Whether the zoom follows the width there is."""
        return not self._zoom

    @property
    def total_size(self) -> tuple[int, int]:
        """Width and height of everything."""
        if not self._rects:
            return 0, 0
        return max(rect.right() for rect in self._rects) + GAP, self._rects[-1].bottom() + GAP

    def set_page_sizes(self, sizes: Sequence[tuple[float, float]]) -> None:
        """Lay out pages of these sizes in points; a page without a size gets that of A4."""
        self._sizes = [size if min(size) > 0 else _DEFAULT_SIZE for size in sizes]
        self._lay_out()

    def set_zoom(self, zoom: float) -> None:
        """Choose a zoom; 0 fits the width."""
        self._zoom = min(max(zoom, MIN_ZOOM), MAX_ZOOM) if zoom else 0.0
        self._lay_out()

    def set_viewport_width(self, width: int) -> None:
        """Lay out in a viewport of another width in pixels."""
        if width != self._width:
            self._width = width
            self._lay_out()

    def page_rect(self, page: int) -> QRect:
        """Return where a page (from 1) lies."""
        return self._rects[page - 1]

    def page_at(self, y: int) -> int:
        """Return the page at `y`, the one above if it lies between two."""
        return max(1, min(self.page_count, bisect_right(self._tops, y)))

    def pages_between(self, top: int, bottom: int) -> range:
        """Return the pages that are at least partly between `top` and `bottom`."""
        return range(self.page_at(top), self.page_at(bottom) + 1) if self._sizes else range(0)

    def page_aspect(self, page: int) -> float:
        """Return a page's height by its width."""
        width, height = self._sizes[page - 1]
        return height / width

    def _lay_out(self) -> None:
        scale = self.zoom * _POINT
        top = GAP
        self._rects, self._tops = [], []
        widest = max((width for width, _height in self._sizes), default=0.0) * scale
        middle = max(self._width, int(widest) + 2 * GAP) / 2
        for points_wide, points_tall in self._sizes:
            width = max(1, round(points_wide * scale))
            height = max(1, round(points_tall * scale))
            self._rects.append(QRect(round(middle - width / 2), top, width, height))
            self._tops.append(top)
            top += height + GAP
