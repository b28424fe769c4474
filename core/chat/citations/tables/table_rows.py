"""Table rows: the rows of tables and the flat objects of JSON in a source, each cell with its head.

A figure of a row says something only under its column's head: "drawings | 11500 | 9820" supports
neither that 9820 were planned nor that 11500 were spent.
"""

import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import NamedTuple

from core.base.lazy_regex import lazy_pattern
from core.chat.citations.clause_rules import RuleFinding, worse
from core.chat.citations.sentence_features import SentenceFeatures, passage_features

_LINES = lazy_pattern(r"(?:^(?:[^\n]* \| [^\n]*|[ \t|:-]*-\|[ \t|:-]*)(?:\n|\Z)){2,}", re.MULTILINE)
"""Lines with bars between spaces, and Markdown's "|---|---|" below the heads."""
_OBJECT = lazy_pattern(r"\{[^{}]*\}")
_FIELD = lazy_pattern(
    r"""["']?(?P<head>[^\W\d][\w $-]*)["']?\s*:\s*"""
    r"""(?:"(?P<text>(?:[^"\\]|\\.)*)"|(?P<plain>[-+\w.]+|\[[^\]]*\]))"""
)
MIN_FIELDS = 2
_RULE = lazy_pattern(r"[\s:|-]+")
_DIGIT = lazy_pattern(r"\d")


@cache
def _generic_heads() -> frozenset[str]:
    """Return the heads, as features write them, that say nothing of a figure: its row does."""
    heads = "Value Amount Details Wert Betrag Angabe Valeur Montant Valor"
    return passage_features(heads).words


class TableRow(NamedTuple):
    """A row at characters `start` to `end`, its cells and the head of each."""

    start: int
    end: int
    heads: tuple[str, ...]
    cells: tuple[str, ...]

    @property
    def headed(self) -> str:
        """The row as a sentence: "drawings – planned: 11500; spent: 9820."."""
        named = zip(self.heads[1:], self.cells[1:], strict=True)
        return f"{self.cells[0]} – " + "; ".join(f"{h}: {c}" for h, c in named if c) + "."


def table_rows(text: str) -> Iterator[TableRow]:
    """Yield the rows below a line of heads, and objects; tables that begin with figures have none.

    An object's first field is its name.
    """
    yield from _objects(text)
    yield from _rows_of_tables(text)


def object_spans(text: str) -> Iterator[tuple[int, int]]:
    """Yield start and end of each flat object."""
    yield from ((row.start, row.end) for row in _objects(text))


def _objects(text: str) -> Iterator[TableRow]:
    for found in _OBJECT.finditer(text):
        fields = list(_FIELD.finditer(found[0]))
        if len(fields) < MIN_FIELDS:
            continue
        cells = (field["text"] or field["plain"] or "" for field in fields)
        yield TableRow(
            *found.span(),
            tuple(field["head"].replace("_", " ") for field in fields),
            tuple("" if cell in {"null", "None"} else cell for cell in cells),
        )


def _rows_of_tables(text: str) -> Iterator[TableRow]:
    for table in _LINES.finditer(text):
        heads: tuple[str, ...] = ()
        at = table.start()
        for line in table[0].splitlines(keepends=True):
            start, at = at, at + len(line)
            cells = _cells(line.strip())
            if _RULE.fullmatch(line.strip()):
                continue
            if not heads:
                if _DIGIT.search(line):
                    break
                heads = cells
            elif len(cells) == len(heads):
                yield TableRow(start, start + len(line.rstrip("\n")), heads, cells)


def _cells(line: str) -> tuple[str, ...]:
    """Return the cells of a line; an empty last one counts, bars around all of them don't."""
    inner = line.removeprefix("|").removesuffix("|") if line.startswith("|") else line
    return tuple(cell.strip() for cell in inner.split("|"))


def with_column_heads(text: str) -> str:
    """Return a source with the rows of its tables as sentences that name their columns."""
    parts: list[str] = []
    at = 0
    for row in sorted(table_rows(text)):
        parts += [text[at : row.start], row.headed]
        at = row.end
    return "".join((*parts, text[at:]))


def check_columns(
    statement: SentenceFeatures, context: SentenceFeatures, rows: Iterable[TableRow]
) -> RuleFinding:
    """Return what rows say of a statement's figures; `context` is its question.

    One that stands under another head than the statement names, or in another row, is no support;
    one of which the statement names neither head nor row says nothing of it.
    """
    read = [_read(row) for row in rows]
    said = statement.words | context.words
    named = [row for row in read if row.name & said]
    finding = RuleFinding.HOLDS
    for number in statement.numbers:
        standing = [row for row in read if any(number in each.numbers for each in row.cells)]
        if standing and named and not (standing := [row for row in standing if row in named]):
            finding = worse(finding, RuleFinding.LACKING)
        for row in standing[:1]:
            finding = worse(finding, _check_row(number, statement, said, row, bool(named)))
    return finding


class _ReadRow(NamedTuple):
    """The words of a row's name, of its heads, and its other cells."""

    name: frozenset[str]
    heads: list[frozenset[str]]
    cells: list[SentenceFeatures]


def _read(row: TableRow) -> _ReadRow:
    first, *cells = map(passage_features, row.cells)
    return _ReadRow(first.words, [passage_features(head).words for head in row.heads[1:]], cells)


def _check_row(
    number: str,
    statement: SentenceFeatures,
    said: frozenset[str],
    row: _ReadRow,
    is_named: bool,  # noqa: FBT001 - of one function
) -> RuleFinding:
    """Return what the columns of a row that holds the number say of it."""
    columns = list(zip(row.heads, row.cells, strict=True))
    own = [head for head, cell in columns if number in cell.numbers]
    if any(head & said for head in own):
        return RuleFinding.HOLDS
    if any(
        head & statement.words and cell.numbers and number not in cell.numbers
        for head, cell in columns
    ):
        return RuleFinding.REFUTED if is_named else RuleFinding.LACKING
    is_plain = len(columns) == 1 or any(head <= _generic_heads() for head in own)
    return RuleFinding.HOLDS if is_named and is_plain else RuleFinding.WITHHELD
