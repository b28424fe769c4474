"""Text selection across document pages, from one letter position to another."""

import re
from collections.abc import Mapping, Sequence

from PySide6.QtCore import QRectF

from desktop.sources.pages.page_text_layer import SOFT_HYPHEN, PageTextLayer, clean_copied_text

LetterPosition = tuple[int, int]
"""A page, from 1, and a place between its letters."""
MAX_SELECTED_PAGES = 200
"""That are selected at once: each has to be read first."""
END_OF_PAGE = 1 << 30
"""The place behind the letters of any page."""
_BROKEN = re.compile(r"[^\W\d_][-\u2010]$")
"""A word that goes on: at the end of a page nothing says whether its hyphen belongs to it."""


class PageSelection:
    """Both ends, in the order they were chosen; the letters of pages between come when they do."""

    def __init__(self) -> None:
        self.anchor: LetterPosition | None = None
        self._head: LetterPosition = (0, 0)
        self._boxes: dict[int, tuple[tuple[int, int], list[QRectF]]] = {}

    def start_at(self, end: LetterPosition) -> None:
        """Select nothing yet, from this place on."""
        self.anchor = self._head = end
        self._boxes.clear()

    def clear(self) -> None:
        """Select nothing."""
        self.anchor = None
        self._boxes.clear()

    def extend_to(self, end: LetterPosition) -> None:
        """Select up to a place, or as far towards it as is possible."""
        if self.anchor is not None:
            page = self.anchor[0]
            least, most = page - MAX_SELECTED_PAGES + 1, page + MAX_SELECTED_PAGES - 1
            self._head = min(max(end, (least, 0)), (most, END_OF_PAGE))

    @property
    def selected_pages(self) -> range:
        """The pages of which something is selected."""
        if self.anchor is None or self.anchor == self._head:
            return range(0)
        first, last = sorted((self.anchor, self._head))
        return range(first[0], last[0] + 1)

    def page_span(self, page: int, letters: PageTextLayer) -> tuple[int, int]:
        """Return the start and the end of what is selected on a page."""
        if self.anchor is None or page not in self.selected_pages:
            return 0, 0
        first, last = sorted((self.anchor, self._head))
        start = first[1] if page == first[0] else 0
        return start, min(last[1] if page == last[0] else END_OF_PAGE, len(letters))

    def page_boxes(self, page: int, letters: PageTextLayer) -> list[QRectF]:
        """Return the boxes of what is selected on a page."""
        span = self.page_span(page, letters)
        known = self._boxes.get(page)
        if known is None or known[0] != span:
            self._boxes[page] = known = span, letters.span_boxes(*span)
        return known[1]

    def first_missing_page(self, known: Mapping[int, PageTextLayer]) -> int:
        """Return the first selected page whose letters are not known, 0 for none."""
        return next((page for page in self.selected_pages if page not in known), 0)

    def has_words(self, known: Mapping[int, PageTextLayer]) -> bool:
        """Return whether any words are selected, without joining all of them."""
        return any(
            letters.span_text(*self.page_span(page, letters))
            for page in self.selected_pages
            if (letters := known.get(page)) is not None
        )

    def text(self, known: Mapping[int, PageTextLayer]) -> str:
        """Return the words in reading order, as far as the letters are known."""
        parts = [
            letters.text[slice(*self.page_span(page, letters))]
            for page in self.selected_pages
            if (letters := known.get(page)) is not None
        ]
        return clean_copied_text(join_pages(parts))


def join_pages(pages: Sequence[str]) -> str:
    """Return pages after each other; a word that was broken at the end of one is whole."""
    parts: list[str] = []
    for page in pages:
        behind = page.lstrip()
        if parts:
            before = parts[-1].rstrip()
            parts[-1] = _join_to_next(before, behind) if behind else before
        if behind:
            parts.append(behind)
    return "".join(parts)


def _join_to_next(before: str, behind: str) -> str:
    """Return the words of a page as those of the next one follow on them; neither is empty."""
    if before.endswith(SOFT_HYPHEN):
        return before
    if _BROKEN.search(before[-2:]) and behind[0].islower():
        return before[:-1]
    return f"{before}\n"
