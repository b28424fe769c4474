"""HTML reader: text without scripts, navigation and hidden parts, cut at headings.

Own reader on html.parser: in the comparison kreuzberg kept navigation bars, the page's metadata
and every link target in the text, and lost Arabic text to a wrong guess at the encoding.
"""

import html
import re
import string
from html.parser import HTMLParser

from core.library.extractors.documents.merged_cells import MergedCell, fill_merged_cells
from core.library.extractors.documents.page_builder import MAX_CELLS, PageBuilder
from core.library.extractors.documents.text_decoding import decode_text
from core.messages import DocumentPage

_SKIPPED = frozenset(
    """
    script style noscript template nav svg math iframe object select button head title
    """.split()  # noqa: SIM905 - one word a line is no list to read
)
_VOID = frozenset(
    """
    area base br col embed hr img input link meta param source track wbr
    """.split()  # noqa: SIM905 - one word a line is no list to read
)
_BLOCKS = frozenset(
    """
    address article aside blockquote body center dd details dialog div dl dt fieldset
    figcaption figure footer h1 h2 h3 h4 h5 h6 header hr li main ol p pre section summary
    table tbody tfoot thead tr ul
    """.split()  # noqa: SIM905 - one word a line is no list to read
)
_WHOLE = frozenset({"html", "body"})
"""A page that hides all of itself is shown by a script."""
_CELLS = frozenset({"td", "th"})
_ROW_PARTS = frozenset({"tr", "thead", "tbody", "tfoot"})
_LONGEST_CELL = 1000
"""Characters; a longer cell is a part of the page, not a value in a table."""
_LISTS = frozenset({"ol", "ul"})
_LETTERS = {"a": string.ascii_lowercase, "A": string.ascii_uppercase}
_NUMBER = re.compile(r"\d{1,6}")
_DEEPEST = 10
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_CHARSET = re.compile(
    rb"""(?:charset|<\?xml[^>]{0,80}encoding)\s*=\s*["']?\s*([\w.:-]+)""", re.IGNORECASE
)
_TITLE = re.compile(r"<title[^>]{0,200}>([^<]{1,400})</title", re.IGNORECASE)
_TOP_HEADING = re.compile(r"<h1[\s>]", re.IGNORECASE)
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?![.\d])")
_LINK_MARK = "\u00b6"
"""The ¶ that Sphinx puts behind each heading."""


def declared_encoding(data: bytes) -> str | None:
    """Return the encoding an HTML file names in its head, None if it names none."""
    named = _CHARSET.search(data[:4096])
    return named[1].decode("ascii", "replace") if named else None


def read_html(text: str) -> tuple[DocumentPage, ...]:
    """Return the text of one HTML file."""
    builder = PageBuilder()
    title = _TITLE.search(text)
    if title and not _TOP_HEADING.search(text):
        builder.add_heading(0, html.unescape(title[1]))
    add_html_text(builder, text)
    return builder.build_pages()


def add_html(builder: PageBuilder, data: bytes, declared: str | None = None) -> None:
    """Add one HTML document to `builder`; `declared` is an encoding named outside of it."""
    add_html_text(builder, decode_text(data, declared_encoding(data) or declared))


def add_html_text(builder: PageBuilder, text: str) -> None:
    """Add one HTML document that is already text."""
    reader = _Reader(builder)
    reader.feed(text)
    reader.close()
    reader.end_table()


class _List:
    """A list that is being read: what its next item begins with."""

    def __init__(self, tag: str, attributes: dict[str, str | None]) -> None:
        start = attributes.get("start") or ""
        self._number = int(start) - 1 if _NUMBER.fullmatch(start) else 0
        self._is_numbered = tag == "ol"
        self._letters = _LETTERS.get(attributes.get("type") or "", "")

    def next_label(self, attributes: dict[str, str | None]) -> str:
        """Return the number, letter or dash of the next item."""
        if not self._is_numbered:
            return "-"
        value = attributes.get("value") or ""
        self._number = int(value) if _NUMBER.fullmatch(value) else self._number + 1
        if 0 < self._number <= len(self._letters):
            return f"{self._letters[self._number - 1]}."
        return f"{self._number}."


class _Reader(HTMLParser):
    def __init__(self, builder: PageBuilder) -> None:
        super().__init__(convert_charrefs=True)
        self._builder = builder
        self._words: list[str] = []
        self._prefix = ""
        self._items: list[str] = []
        self._lists: list[_List] = []
        self._cells: list[str] | None = None  # of the row that is being read
        self._spans: list[tuple[int, int]] = []  # rows and columns of each of them
        self._rows: list[list[str]] = []
        self._merged: list[MergedCell] = []
        self._reaching: list[MergedCell] = []  # those of them that reach down into the next row
        self._skipping: str | None = None
        self._skip_depth = 0
        self._preformatted = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self._skipping:
            self._skip_depth += tag == self._skipping
        elif tag not in _VOID and (tag in _SKIPPED or (tag not in _WHOLE and _is_hidden(attrs))):
            self._skipping, self._skip_depth = tag, 1
        elif tag == "br":
            self._words.append("\n")
        elif tag in _CELLS:
            self._begin_cell()
            self._spans.append((_span(attrs, "rowspan"), _span(attrs, "colspan")))
        elif tag in _ROW_PARTS:
            self.end_block()
        elif tag in _BLOCKS:
            self._begin_block(tag)
            self._begin_item(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if self._skipping:
            if tag == self._skipping:
                self._skip_depth -= 1
                self._skipping = self._skipping if self._skip_depth else None
        elif tag in _HEADINGS:
            text = self._take().rstrip(_LINK_MARK)
            self.end_table()
            self._builder.add_heading(_HEADINGS[tag], text)
        elif tag == "table":
            self.end_table()
        elif tag in _BLOCKS:
            if self._cells is not None and tag not in _ROW_PARTS:
                self._end_inner()
            else:
                self.end_block()
            self._preformatted = max(0, self._preformatted - (tag == "pre"))
            if tag in _LISTS and self._lists:
                self._lists.pop()

    def handle_data(self, data: str) -> None:
        if not self._skipping:
            self._words.append(data if self._preformatted else re.sub(r"\s+", " ", data))

    def end_block(self) -> None:
        """End a paragraph, list item or table row."""
        text = self._take()
        if self._cells is not None:
            self._end_row([*self._cells, text])
        elif text.strip():
            self._end_rows()
            self._add(text)

    def end_table(self) -> None:
        """End whatever is open."""
        self.end_block()
        self._end_rows()
        self._end_list()

    def _begin_cell(self) -> None:
        text = self._take()
        if self._cells is not None:
            self._cells.append(text)
            return
        self._end_list()
        self._cells = []
        if text:
            self._builder.add_text(text)

    def _begin_block(self, tag: str) -> None:
        if self._cells is None:
            self.end_block()
        elif tag == "table" or tag in _HEADINGS:
            self.end_table()  # a table that only lays out the page
        else:
            self._end_inner()
        self._preformatted += tag == "pre"

    def _begin_item(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _LISTS:
            self._prefix = ""
            self._lists.append(_List(tag, dict(attrs)))
        elif tag == "li":
            here = self._lists[-1] if self._lists else _List("ul", {})
            indent = "  " * (min(len(self._lists), _DEEPEST) - 1)
            self._prefix = f"{indent}{here.next_label(dict(attrs))} "

    def _end_inner(self) -> None:
        """A block inside a cell ends a line, not the row."""
        if self._words and not self._words[-1].endswith("\n"):
            self._words.append("\n")

    def _add(self, text: str) -> None:
        if self._prefix:
            self._items.append(self._prefix + text)
        else:
            self._end_list()
            self._builder.add_text(text)
        self._prefix = ""

    def _end_list(self) -> None:
        self._builder.add_text("\n".join(self._items))
        self._items = []

    def _end_row(self, cells: list[str]) -> None:
        """Keep a row; one of a single cell, or of long ones, only lays out the page."""
        spans, self._spans, self._cells = self._spans, [], None
        full = [cell for cell in cells if cell.strip()]
        if full and (len(full) > 1 or self._reaching) and max(map(len, full)) <= _LONGEST_CELL:
            self._add_row(cells, spans)
            return
        self._end_rows()
        for cell in full:
            self._builder.add_text(cell)

    def _add_row(self, cells: list[str], spans: list[tuple[int, int]]) -> None:
        """Add a row, its cells behind those that reach down into it."""
        place = len(self._rows)
        taken = {
            column
            for each in self._reaching
            for column in range(each.column, each.column + each.columns)
        }
        row: list[str] = []
        for cell, (high, wide) in zip(cells, spans, strict=False):
            while len(row) in taken:
                row.append("")
            if high > 1 or wide > 1:
                self._merged.append(MergedCell(place, len(row), high, wide))
                self._reaching.append(self._merged[-1])
            row += [cell, *[""] * (wide - 1)]
        self._rows.append(row)
        self._reaching = [each for each in self._reaching if each.row + each.rows > place + 1]

    def _end_rows(self) -> None:
        self._builder.add_table(fill_merged_cells(self._rows, self._merged))
        self._rows, self._merged, self._reaching = [], [], []

    def _take(self) -> str:
        text = "".join(self._words)
        self._words = []
        if self._preformatted:
            return text.strip("\n")
        return re.sub(r" *\n *", "\n", re.sub(r"[ \t]+", " ", text)).strip()


def _span(attributes: list[tuple[str, str | None]], name: str) -> int:
    value = dict(attributes).get(name) or ""
    return min(int(value), MAX_CELLS) or 1 if _NUMBER.fullmatch(value) else 1


def _is_hidden(attributes: list[tuple[str, str | None]]) -> bool:
    """Text nobody sees is no text: it is how instructions for models are smuggled in."""
    for name, value in attributes:
        if name == "hidden" or (name == "style" and value and _HIDDEN.search(value.lower())):
            return True
        if name == "role" and value in {"navigation", "search"}:
            return True
    return False
