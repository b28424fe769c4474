"""Tables in the text of a document: rows and cells, of long ones those around the answer."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from msgspec import Struct

from core.base.lazy_regex import lazy_pattern
from desktop.sources.viewer.document_kinds import is_code

Span = tuple[int, int]

MAX_TABLE_CELLS, MAX_DOCUMENT_CELLS = 2400, 4000
"""Cells that are laid out as a grid, some .1 ms each; other rows stay lines of text."""
_MAX_COLUMNS = 60
_MIN_ROWS = 2
_BARRED_SHARE = 0.8
"""Share of a table's lines that hold a bar: titles and totals may be a single cell."""
_BLOCK = lazy_pattern(r"[^\n]+(?:\n[^\n]+)+")
_FENCE = lazy_pattern(r"(?ms)^[ \t]*(```|~~~).*?(?:^[ \t]*\1|\Z)")
_RULE = lazy_pattern(r"[\s|:+=-]+")
"""The line below the head of a Markdown table."""
_BAR = lazy_pattern(r"(?<!\\)\|")
_TABLE_FILES = frozenset({"csv", "tsv", "tab"})


class TextTable(Struct, frozen=True):
    """Rows of cells, as spans of the text, which fill `start` to `end` of it.

    `head` is shown above a part of a table that doesn't begin with it.
    """

    start: int
    end: int
    rows: tuple[tuple[Span, ...], ...]
    head: tuple[Span, ...]

    @property
    def columns(self) -> int:
        """The number of cells of the longest row."""
        return max(len(row) for row in (self.head, *self.rows))


def may_hold_tables(file: str) -> bool:
    """Return whether bars in a document's text stand between cells: not in source code."""
    return file.rpartition(".")[2].lower() in _TABLE_FILES or not is_code(file)


def find_tables(text: str, bodies: Sequence[Span], near: int) -> list[TextTable]:
    """Return the tables in these spans of a text, first the one around position `near`.

    What exceeds the limits is left out, of long tables all but the rows around `near`.
    """
    found: list[TextTable] = []
    left = MAX_DOCUMENT_CELLS
    blocks = [block for body in bodies for block in _table_blocks(text, body)]
    blocks.sort(key=lambda block: not block[0] <= near < block[1])
    for start, end in blocks:
        table = _table(text, (start, end), near, min(left, MAX_TABLE_CELLS))
        if table is not None:
            found.append(table)
            left -= table.columns * len(table.rows)
    return sorted(found, key=lambda table: table.start)


def _table_blocks(text: str, body: Span) -> Iterator[Span]:
    if text.find("|", *body) < 0:
        return
    fences = [match.span() for match in _FENCE.finditer(text, *body)]
    for match in _BLOCK.finditer(text, *body):
        if "|" not in match[0] or any(start <= match.start() < end for start, end in fences):
            continue
        start, lines = match.start(), match[0].split("\n")
        while lines and not _is_barred(lines[0]):
            start += len(lines.pop(0)) + 1
        barred = sum(map(_is_barred, lines))
        if len(lines) >= _MIN_ROWS and barred >= _BARRED_SHARE * len(lines):
            yield start, match.end()


def _is_barred(line: str) -> bool:
    return " | " in line or line.startswith("|")


def _table(text: str, block: Span, near: int, most: int) -> TextTable | None:
    lines = list(_lines(text, *block))
    columns = max(len(_cells(text, *line)) for line in lines[:50])
    fitting = most // max(1, columns)
    if columns > _MAX_COLUMNS or fitting < _MIN_ROWS:
        return None
    at = next((n for n, line in enumerate(lines) if near < line[1]), 0) if near >= block[0] else 0
    first = max(0, min(at - fitting // 2, len(lines) - fitting))
    shown = lines[first : first + fitting]
    rows = tuple(
        _cells(text, *line)[: columns * 2] for line in shown if not _RULE.fullmatch(text, *line)
    )
    head = _cells(text, *lines[0]) if first else ()
    return TextTable(shown[0][0], shown[-1][1], rows, head) if rows else None


def _lines(text: str, start: int, end: int) -> Iterator[Span]:
    while start < end:
        stop = text.find("\n", start, end)
        stop = end if stop < 0 else stop
        yield start, stop
        start = stop + 1


def _cells(text: str, start: int, end: int) -> tuple[Span, ...]:
    """Return the cells of a row: between single bars in Markdown, else between spaced ones."""
    line = text[start:end]
    if line.startswith("|") and line.rstrip().endswith("|"):
        bars = [start + match.start() for match in _BAR.finditer(line)]
        cells = [(before + 1, after) for before, after in pairwise(bars)] or [(start, end)]
    else:
        cells = list(_between(text, start, end))
    return tuple(_stripped(text, cell) for cell in cells)


def _between(text: str, start: int, end: int) -> Iterator[Span]:
    if text.startswith("| ", start, end):
        yield start, start
        start += 2
    while True:
        bar = text.find(" | ", start, end)
        if bar < 0:
            yield start, end
            return
        yield start, bar
        start = bar + 3


def _stripped(text: str, cell: Span) -> Span:
    start, end = cell
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end
