"""What is selected in a document of drawn pages: from a place on one page to one on another."""

import re
from collections.abc import Mapping, Sequence

from PySide6.QtCore import QRectF

from desktop.sources.letters import SOFT_HYPHEN, Letters, copied

End = tuple[int, int]
"""A page, from 1, and a place between its letters."""
MOST_PAGES = 200
"""That are selected at once: each has to be read first."""
LAST = 1 << 30
"""The place behind the letters of any page."""
_BROKEN = re.compile(r"[^\W\d_][-\u2010]$")
"""A word that goes on: at the end of a page nothing says whether its hyphen belongs to it."""


class PageSelection:
    """Both ends, in the order they were chosen; the letters of pages between come when they do."""

    def __init__(self) -> None:
        self.anchor: End | None = None
        self._head: End = (0, 0)
        self._boxes: dict[int, tuple[tuple[int, int], list[QRectF]]] = {}

    def begin(self, end: End) -> None:
        """Select nothing yet, from this place on."""
        self.anchor = self._head = end
        self._boxes.clear()

    def clear(self) -> None:
        """Select nothing."""
        self.anchor = None
        self._boxes.clear()

    def extend(self, end: End) -> None:
        """Select up to a place, or as far towards it as is possible."""
        if self.anchor is not None:
            page = self.anchor[0]
            least, most = page - MOST_PAGES + 1, page + MOST_PAGES - 1
            self._head = min(max(end, (least, 0)), (most, LAST))

    @property
    def pages(self) -> range:
        """The pages of which something is selected."""
        if self.anchor is None or self.anchor == self._head:
            return range(0)
        first, last = sorted((self.anchor, self._head))
        return range(first[0], last[0] + 1)

    def span(self, page: int, letters: Letters) -> tuple[int, int]:
        """Return the start and the end of what is selected on a page."""
        if self.anchor is None or page not in self.pages:
            return 0, 0
        first, last = sorted((self.anchor, self._head))
        start = first[1] if page == first[0] else 0
        return start, min(last[1] if page == last[0] else LAST, len(letters))

    def boxes(self, page: int, letters: Letters) -> list[QRectF]:
        """Return the boxes of what is selected on a page."""
        span = self.span(page, letters)
        known = self._boxes.get(page)
        if known is None or known[0] != span:
            self._boxes[page] = known = span, letters.boxes(*span)
        return known[1]

    def lacking(self, known: Mapping[int, Letters]) -> int:
        """Return the first selected page whose letters are not known, 0 for none."""
        return next((page for page in self.pages if page not in known), 0)

    def has_words(self, known: Mapping[int, Letters]) -> bool:
        """Return whether any words are selected, without joining all of them."""
        return any(
            letters.between(*self.span(page, letters))
            for page in self.pages
            if (letters := known.get(page)) is not None
        )

    def text(self, known: Mapping[int, Letters]) -> str:
        """Return the words in reading order, as far as the letters are known."""
        parts = [
            letters.text[slice(*self.span(page, letters))]
            for page in self.pages
            if (letters := known.get(page)) is not None
        ]
        return copied(joined(parts))


def joined(pages: Sequence[str]) -> str:
    """Return pages after each other; a word that was broken at the end of one is whole."""
    parts: list[str] = []
    for page in pages:
        behind = page.lstrip()
        if parts:
            before = parts[-1].rstrip()
            parts[-1] = _led_on(before, behind) if behind else before
        if behind:
            parts.append(behind)
    return "".join(parts)


def _led_on(before: str, behind: str) -> str:
    """Return the words of a page as those of the next one follow on them; neither is empty."""
    if before.endswith(SOFT_HYPHEN):
        return before
    if _BROKEN.search(before[-2:]) and behind[0].islower():
        return before[:-1]
    return f"{before}\n"
