"""Table rows: the rows of tables in a source, with the heads of their columns.

A figure of a row says something only under its column's head: "drawings | 11500 | 9820" supports
neither that 9820 were planned nor that 11500 were spent.
"""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from core.base.lazy_regex import lazy_pattern
from core.chat.citations.clause_rules import RuleFinding, worse
from core.chat.citations.sentence_features import SentenceFeatures, passage_features

_LINES = lazy_pattern(r"(?:^[^\n]* \| [^\n]*(?:\n|\Z)){2,}", re.MULTILINE)
_BAR = lazy_pattern(r"\s*\|\s*")
_RULE = lazy_pattern(r"[\s:|-]+")
_DIGIT = lazy_pattern(r"\d")
_GENERIC = passage_features("Value Amount Details Wert Betrag Angabe Valeur Montant Valor").words
"""Heads, as features write them, that say nothing of a figure; then the row's name does."""


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
    """Yield the rows below a line of heads; a table whose first line has figures has none."""
    for table in _LINES.finditer(text):
        heads: tuple[str, ...] = ()
        at = table.start()
        for line in table[0].splitlines(keepends=True):
            start, at = at, at + len(line)
            cells = tuple(_BAR.split(line.strip().strip("|").strip()))
            if _RULE.fullmatch(line.strip()):
                continue
            if not heads:
                if _DIGIT.search(line):
                    break
                heads = cells
            elif len(cells) == len(heads):
                yield TableRow(start, start + len(line.rstrip("\n")), heads, cells)


def with_column_heads(text: str) -> str:
    """Return a source with the rows of its tables as sentences that name their columns."""
    parts: list[str] = []
    at = 0
    for row in table_rows(text):
        parts += [text[at : row.start], row.headed]
        at = row.end
    return "".join((*parts, text[at:]))


def check_columns(
    statement: SentenceFeatures,
    context: SentenceFeatures,
    row: TableRow,
    others: Iterable[TableRow],
) -> RuleFinding:
    """Return what the columns say of a statement's figures; `context` is its question.

    One that stands under another head than the statement names, or in another row, is no support;
    one of which the statement names neither head nor row says nothing of it.
    """
    cells = [passage_features(cell) for cell in row.cells]
    heads = [passage_features(head).words for head in row.heads]
    said = statement.words | context.words
    is_named = bool(cells[0].words & said)
    is_other = not is_named and any(
        passage_features(other.cells[0]).words & statement.words for other in others
    )
    places = [
        [place for place, cell in enumerate(cells[1:], 1) if number in cell.numbers]
        for number in statement.numbers
    ]
    finding = RuleFinding.HOLDS
    for standing in filter(None, places):
        if is_other:
            finding = worse(finding, RuleFinding.LACKING)
        if any(heads[place] & said for place in standing):
            continue
        named = [
            place
            for place in range(1, len(cells))
            if heads[place] & statement.words and cells[place].numbers and place not in standing
        ]
        if named:
            finding = worse(finding, RuleFinding.REFUTED if is_named else RuleFinding.LACKING)
            continue
        is_generic = any(heads[place] <= _GENERIC for place in standing)
        if not (is_named and (is_generic or len(cells) == 2)):
            finding = worse(finding, RuleFinding.WITHHELD)
    return finding
