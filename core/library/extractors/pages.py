"""Collects the text of a document as pages under their heading paths."""

import re

from core.errors import Code, LibraryError
from core.messages import DocumentPage

MAX_CHARACTERS = 32_000_000
"""Longest text taken from one file: some 5 million words, a shelf of books."""

_MAX_HEADING = 160
_BLANK = re.compile(r"\n{3,}")


class PageBuilder:
    """Takes headings and paragraphs in reading order; a page ends at each heading."""

    def __init__(self) -> None:
        self._pages: list[DocumentPage] = []
        self._path: list[tuple[int, str]] = []
        self._paragraphs: list[str] = []
        self._number: int | None = None
        self._characters = 0

    def page(self, number: int | None, heading: str = "") -> None:
        """Begin page (sheet, slide, chapter) `number`, counted from 1, with a fresh path."""
        self._flush()
        self._number = number
        self._path = [(0, _one_line(heading))] if heading else []

    def heading(self, level: int, text: str) -> None:
        """Begin a part under a heading; `level` 1 is the outermost."""
        text = _one_line(text)
        if not text:
            return
        self._flush()
        while self._path and self._path[-1][0] >= level:
            self._path.pop()
        self._path.append((level, text))

    def text(self, paragraph: str) -> None:
        """Add a paragraph, a list item or a row. Raises LibraryError when it gets too much."""
        if not paragraph.strip():
            return
        self._characters += len(paragraph)
        if self._characters > MAX_CHARACTERS:
            raise LibraryError(
                Code.FILE_TOO_LARGE,
                size=f"> {MAX_CHARACTERS // 1_000_000} M characters",
                limit=f"{MAX_CHARACTERS // 1_000_000} M characters",
            )
        self._paragraphs.append(paragraph)

    def finish(self) -> tuple[DocumentPage, ...]:
        """Return all pages that hold text or at least a heading."""
        self._flush()
        return tuple(self._pages)

    def _flush(self) -> None:
        text = clean("\n\n".join(self._paragraphs))
        self._paragraphs = []
        if text:
            heading = " > ".join(name for _, name in self._path)
            self._pages.append(DocumentPage(number=self._number, heading=heading, text=text))


def clean(text: str) -> str:
    """Return `text` with plain line ends, without NULs and lone surrogates, blank lines folded."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
    text = text.encode("utf-8", "replace").decode("utf-8")
    text = "\n".join(line.rstrip() for line in text.split("\n"))
    return _BLANK.sub("\n\n", text).strip("\n")


def _one_line(text: str) -> str:
    return " ".join(clean(text).split())[:_MAX_HEADING]
