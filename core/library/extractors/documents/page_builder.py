"""Page builder: collects headings, paragraphs and tables as pages with heading paths."""

from collections.abc import Sequence

from core.base.errors import ErrorCode, LibraryError
from core.messages import DocumentPage

MAX_CHARACTERS = 32_000_000
"""Longest text taken from one file: about 5 million words."""
MAX_CELLS = 500
"""Cells of one table row that are kept; a wider table is data, not something to read."""

_MAX_HEADING = 160
_CELL_MARK = " | "


class PageBuilder:
    """Takes headings, paragraphs and tables in reading order; a page ends at each heading."""

    def __init__(self) -> None:
        self._pages: list[DocumentPage] = []
        self._path: list[tuple[int, str]] = []
        self._paragraphs: list[str] = []
        self._number: int | None = None
        self._line: int | None = None
        self._bare = False  # whether the last heading has nothing below it yet
        self._characters = 0

    def begin_page(self, number: int | None, heading: str = "") -> None:
        """Begin page (sheet, slide, chapter) `number`, counted from 1, with a fresh path."""
        self._flush()
        self._keep_bare_heading()
        self._number = number
        self._path = [(0, _one_line(heading))] if heading else []

    def add_heading(self, level: int, text: str) -> None:
        """Begin a part under a heading; `level` 1 is the outermost, 0 the document's title."""
        text = _one_line(text)
        if not text:
            return
        self._flush()
        if self._path and self._path[-1][0] >= level:
            self._keep_bare_heading()
        while self._path and self._path[-1][0] >= level:
            self._path.pop()
        self._path.append((level, text))
        self._bare = True

    def add_text(self, paragraph: str, line: int | None = None) -> None:
        """Add a paragraph or a list; `line` is where it begins in the file, from 1.

        Raises LibraryError when it gets too much.
        """
        if not paragraph.strip():
            return
        self._characters += len(paragraph)
        if self._characters > MAX_CHARACTERS:
            raise LibraryError(
                ErrorCode.FILE_TOO_LARGE,
                size=f"> {MAX_CHARACTERS // 1_000_000} M characters",
                limit=f"{MAX_CHARACTERS // 1_000_000} M characters",
            )
        if not self._paragraphs:
            self._line = line
        self._paragraphs.append(paragraph)

    def add_table(self, rows: Sequence[Sequence[str]], line: int | None = None) -> None:
        """Add a table, a row a line and its cells between bars; the first row is its head.

        Single cells above the first real row are titles, not the head.
        """
        lines = [_row(row) for row in rows]
        titles = 0
        if any(_CELL_MARK in text for text in lines):
            while _CELL_MARK not in lines[titles]:
                titles += 1
        self.add_text("\n".join(filter(None, lines[:titles])), line)
        below = None if line is None else line + titles
        self.add_text("\n".join(filter(None, lines[titles:])), below)

    def build_pages(self) -> tuple[DocumentPage, ...]:
        """Return all pages that hold text."""
        self._flush()
        self._keep_bare_heading()
        return tuple(self._pages)

    def _flush(self) -> None:
        text = clean_text("\n\n".join(self._paragraphs))
        self._paragraphs = []
        body = text.lstrip("\n")
        line = self._line + len(text) - len(body) if self._line is not None else None
        self._line = None
        if body:
            self._bare = False
            heading = " > ".join(name for _, name in self._path)
            page = DocumentPage(number=self._number, heading=heading, text=body, line=line)
            self._pages.append(page)

    def _keep_bare_heading(self) -> None:
        """Make a heading with nothing below it its own text, so that it is found."""
        if self._bare:
            self.add_text(self._path[-1][1])
            self._flush()


def clean_text(text: str) -> str:
    """Return `text` with plain line ends, without NULs, lone surrogates, and space at line ends."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
    text = text.encode("utf-8", "replace").decode("utf-8")
    return "\n".join(line.rstrip() for line in text.split("\n")).rstrip("\n")


def _row(cells: Sequence[str]) -> str:
    kept = [" ".join(cell.split()) for cell in cells[:MAX_CELLS]]
    while kept and not kept[-1]:
        kept.pop()
    if len(kept) == 1:
        return kept[0]
    return _CELL_MARK.join(kept).strip() if any(kept) else ""


def _one_line(text: str) -> str:
    return " ".join(clean_text(text).split())[:_MAX_HEADING]
