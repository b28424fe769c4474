"""Merged cells: their text told in every row they span, and heads of several lines made one.

A row is searched and judged by itself: one whose group stands three rows above would not say what
its price is the price of.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

_LONGEST_REPEATED = 100
"""Characters; a longer text in a merged cell is a part of the page, not what a row is about."""
_MOST_FILLED = 500_000
"""Cells that are filled in one table; a file may name merged cells without end."""


@dataclass(frozen=True, slots=True)
class MergedCell:
    """A cell at `row` and `column` (from 0) that spans so many rows and columns."""

    row: int
    column: int
    rows: int
    columns: int


def fill_merged_cells(rows: list[list[str]], merged: Iterable[MergedCell]) -> list[list[str]]:
    """Return the rows of one table with merged cells told in each, in as many rows or fewer.

    A merged cell of the first row that others divide below it is told in each of its columns, and
    the lines of this head become one row.
    """
    cells = [each for each in merged if each.rows > 1 or each.columns > 1]
    if not cells:
        return rows
    filled = [list(row) for row in rows]
    first = next((place for place, row in enumerate(rows) if len(list(filter(None, row))) > 1), 0)
    lines = _head_lines(rows, cells, first)
    left = _MOST_FILLED
    for cell in cells:
        is_head = lines > 1 and first <= cell.row < first + lines
        width = cell.columns if is_head else 1
        left -= cell.rows * width
        if left > 0:
            _fill(filled, cell, width)
    head = _joined(filled[first : first + lines])
    return [*filled[:first], head, *filled[first + lines :]]


def _head_lines(rows: Sequence[Sequence[str]], cells: Sequence[MergedCell], first: int) -> int:
    """Return how many rows the head has: more than one if some of its cells are divided below."""
    top = [cell for cell in cells if cell.row == first]
    lines = max((cell.rows for cell in top), default=1)
    divided = any(cell.columns > 1 and cell.rows < lines for cell in top)
    return min(lines, len(rows) - first) if divided else 1


def _fill(rows: list[list[str]], cell: MergedCell, width: int) -> None:
    text = _at(rows, cell.row, cell.column)
    if not text or len(text) > _LONGEST_REPEATED:
        return
    for row in filter(any, rows[cell.row : cell.row + cell.rows]):
        row.extend([""] * (cell.column + width - len(row)))
        for column in range(cell.column, cell.column + width):
            row[column] = row[column] or text


def _at(rows: Sequence[Sequence[str]], row: int, column: int) -> str:
    return rows[row][column] if row < len(rows) and column < len(rows[row]) else ""


def _joined(lines: Sequence[Sequence[str]]) -> list[str]:
    width = max(map(len, lines), default=0)
    columns = ([_at(lines, row, column) for row in range(len(lines))] for column in range(width))
    return [" ".join(dict.fromkeys(filter(None, texts))) for texts in columns]
