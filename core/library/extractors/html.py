"""Reads HTML without scripts, navigation and hidden parts, cut at its headings.

Own reader on html.parser: in the comparison kreuzberg kept navigation bars, the page's metadata
and every link target in the text, and lost Arabic text to a wrong guess at the encoding.
"""

import re
from html.parser import HTMLParser

from core.library.extractors.decoding import decode
from core.library.extractors.pages import PageBuilder
from core.messages import DocumentPage

_SKIPPED = frozenset(
    """
    script style noscript template nav svg math iframe object select button head form
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
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_CHARSET = re.compile(rb"""charset\s*=\s*["']?\s*([\w.:-]+)""", re.IGNORECASE)
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?![.\d])")
_LINK_MARK = "\u00b6"
"""The ¶ that Sphinx puts behind each heading."""


def read_html(data: bytes) -> tuple[DocumentPage, ...]:
    """Return the text of one HTML file."""
    builder = PageBuilder()
    add_html(builder, data)
    return builder.finish()


def add_html(builder: PageBuilder, data: bytes, declared: str | None = None) -> None:
    """Add one HTML document to `builder`; `declared` is an encoding named outside of it."""
    named = _CHARSET.search(data[:4096])
    text = decode(data, named[1].decode("ascii", "replace") if named else declared)
    reader = _Reader(builder)
    reader.feed(text)
    reader.close()
    reader.end_block()


class _Reader(HTMLParser):
    def __init__(self, builder: PageBuilder) -> None:
        super().__init__(convert_charrefs=True)
        self._builder = builder
        self._words: list[str] = []
        self._prefix = ""
        self._skipping: str | None = None
        self._skip_depth = 0
        self._preformatted = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self._skipping:
            self._skip_depth += tag == self._skipping
            return
        if tag not in _VOID and (tag in _SKIPPED or _is_hidden(attrs)):
            self._skipping, self._skip_depth = tag, 1
            return
        if tag == "br":
            self._words.append("\n")
        elif tag in {"td", "th"}:
            self._words.append(" | " if self._words else "")
        elif tag in _BLOCKS:
            self.end_block()
            self._preformatted += tag == "pre"
            self._prefix = "- " if tag == "li" else self._prefix

    def handle_endtag(self, tag: str) -> None:
        if self._skipping:
            if tag == self._skipping:
                self._skip_depth -= 1
                self._skipping = self._skipping if self._skip_depth else None
            return
        if tag in _HEADINGS:
            self._builder.heading(_HEADINGS[tag], self._take().rstrip(_LINK_MARK))
        elif tag in _BLOCKS:
            self.end_block()
            self._preformatted = max(0, self._preformatted - (tag == "pre"))

    def handle_data(self, data: str) -> None:
        if not self._skipping:
            self._words.append(data if self._preformatted else re.sub(r"\s+", " ", data))

    def end_block(self) -> None:
        """End a paragraph, list item or table row."""
        text = self._take()
        if text.strip(" |"):
            self._builder.text(self._prefix + text)
            self._prefix = ""

    def _take(self) -> str:
        text = "".join(self._words)
        self._words = []
        if self._preformatted:
            return text.strip("\n")
        return re.sub(r" *\n *", "\n", re.sub(r"[ \t]+", " ", text)).strip()


def _is_hidden(attributes: list[tuple[str, str | None]]) -> bool:
    """Text nobody sees is no text: it is how instructions for models are smuggled in."""
    for name, value in attributes:
        if name == "hidden" or (name == "style" and value and _HIDDEN.search(value.lower())):
            return True
        if name == "role" and value in {"navigation", "search"}:
            return True
    return False
