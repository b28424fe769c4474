"""Reading order of recognized lines: columns one after the other, tables by row."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

_GUTTER_LINES = 0.8
"""Least width of the gap between two columns, in line heights."""
_COLUMN_LINES = 8
"""Least width of a column of prose, in line heights."""
_FILLED = 0.6
"""Median share of a column's width that its lines fill; cells of a table fill less."""
_PARAGRAPH_GAP = 0.7
_CELL_GAP = 1.5
_MAX_DEPTH = 40


@dataclass(frozen=True, slots=True)
class RecognizedLine:
    """One recognized line: its text, score (0 to 1), and box in pixels of the picture."""

    text: str
    score: float
    left: float
    top: float
    right: float
    bottom: float

    @property
    def height(self) -> float:
        """Height of the line's box in pixels."""
        return self.bottom - self.top


Row = list[RecognizedLine]


def order_lines(lines: Sequence[RecognizedLine]) -> list[list[Row]]:
    """Return paragraphs of rows of lines, as a person would read the page."""
    return _blocks(list(lines), 0)


def lines_to_text(paragraphs: Sequence[Sequence[Row]]) -> str:
    """Return the text: a row a line, an empty line between paragraphs, bars between cells."""
    return "\n\n".join("\n".join(_row_text(row) for row in rows) for rows in paragraphs)


def _blocks(lines: list[RecognizedLine], depth: int) -> list[list[Row]]:
    if not lines:
        return []
    tall = median(line.height for line in lines)
    gutter = _gutter(lines, tall) if depth < _MAX_DEPTH else None
    if gutter is not None:
        before = [line for line in lines if line.right <= gutter]
        after = [line for line in lines if line.left >= gutter]
        return _blocks(before, depth + 1) + _blocks(after, depth + 1)
    gap = _widest_gap(lines, tall) if depth < _MAX_DEPTH else None
    if gap is not None:
        above = [line for line in lines if line.bottom <= gap]
        below = [line for line in lines if line.top >= gap]
        return _blocks(above, depth + 1) + _blocks(below, depth + 1)
    return [_rows(lines)]


def _gutter(lines: list[RecognizedLine], tall: float) -> float | None:
    """Return x of the gap between two columns of prose, None if there is none."""
    reach = min(line.left for line in lines)
    for line in sorted(lines, key=lambda line: line.left):
        if line.left - reach > _GUTTER_LINES * tall and reach > min(x.left for x in lines):
            middle = (reach + line.left) / 2
            before = [each for each in lines if each.right <= middle]
            after = [each for each in lines if each.left >= middle]
            if _is_prose(before, tall) and _is_prose(after, tall):
                return middle
        reach = max(reach, line.right)
    return None


def _is_prose(lines: list[RecognizedLine], tall: float) -> bool:
    if len(lines) < 3:
        return False
    width = max(line.right for line in lines) - min(line.left for line in lines)
    filled = median(line.right - line.left for line in lines) / max(1.0, width)
    return width > _COLUMN_LINES * tall and filled > _FILLED


def _widest_gap(lines: list[RecognizedLine], tall: float) -> float | None:
    """Return y of the widest horizontal gap, None if it is no wider than that between lines."""
    widest, found = _PARAGRAPH_GAP * tall, None
    ordered = sorted(lines, key=lambda line: line.top)
    reach = ordered[0].bottom
    for line in ordered[1:]:
        if line.top - reach > widest:
            widest, found = line.top - reach, (line.top + reach) / 2
        reach = max(reach, line.bottom)
    return found


def _rows(lines: list[RecognizedLine]) -> list[Row]:
    rows: list[Row] = []
    for line in sorted(lines, key=lambda line: line.top + line.bottom):
        last = rows[-1][-1] if rows else None
        middle = (line.top + line.bottom) / 2
        if last is not None and last.top < middle < last.bottom:
            rows[-1].append(line)
        else:
            rows.append([line])
    return [sorted(row, key=lambda line: line.left) for row in rows]


def _row_text(row: Row) -> str:
    text = row[0].text.strip()
    for before, line in itertools.pairwise(row):
        far = line.left - before.right > _CELL_GAP * line.height
        text += (" | " if far else " ") + line.text.strip()
    return text
