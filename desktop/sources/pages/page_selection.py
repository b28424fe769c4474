"""Text selection across document pages, from one letter position to another."""

import re
from collections.abc import Mapping, Sequence

from PySide6.QtCore import QRectF

from desktop.sources.pages.page_text_layer import SOFT_HYPHEN, PageTextLayer, clean_copied_text

LetterPosition = tuple[int, int]
"""A page, from 1, and a position between its letters, from 0."""
MAX_SELECTED_PAGES = 200
"""Limit of a selection: the letters of each of its pages have to be requested."""
END_OF_PAGE = 1 << 30
"""The position behind the letters of any page."""
_BROKEN = re.compile(r"[^\W\d_][-\u2010]$")
"""Start of a word that goes on: at the end of a page its hyphen may be part of it or not."""


class PageSelection:
    """Keeps both ends, in the order they were chosen; the letters of the pages may come later."""

    def __init__(self) -> None:
        self.anchor: LetterPosition | None = None
        self._head: LetterPosition = (0, 0)
        self._boxes: dict[int, tuple[tuple[int, int], list[QRectF]]] = {}

    def start_at(self, end: LetterPosition) -> None:
        """Start an empty selection at a position."""
        self.anchor = self._head = end
        self._boxes.clear()

    def clear(self) -> None:
        """Select nothing."""
        self.anchor = None
        self._boxes.clear()

    def extend_to(self, end: LetterPosition) -> None:
        """Select up to a position, or as far towards it as the limit allows."""
        if self.anchor is not None:
            page = self.anchor[0]
            least, most = page - MAX_SELECTED_PAGES + 1, page + MAX_SELECTED_PAGES - 1
            self._head = min(max(end, (least, 0)), (most, END_OF_PAGE))

    @property
    def selected_pages(self) -> range:
        """The pages that are at least partly selected."""
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
    """Return the text of pages joined; a word that was broken at the end of a page is whole."""
    parts: list[str] = []
    for page in pages:
        following = page.lstrip()
        if parts:
            before = parts[-1].rstrip()
            parts[-1] = _join_to_next(before, following) if following else before
        if following:
            parts.append(following)
    return "".join(parts)


def _join_to_next(before: str, following: str) -> str:
    """Return the text of a page as it joins that of the next one; neither is empty."""
    if before.endswith(SOFT_HYPHEN):
        return before
    if _BROKEN.search(before[-2:]) and following[0].islower():
        return before[:-1]
    return f"{before}\n"
