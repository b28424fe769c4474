"""Row heights of a transcript: measured, or estimated until a row is first shown."""

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate

from core.chat.conversations.conversation import Role, Turn

SPACING = 24
"""Pixels between two rows."""
_LETTERS_OF_LINE = 70
_CHROME = 72
"""Pixels of a card in addition to its text."""


def estimate_height(turn: Turn, line: int, longest: int) -> int:
    """Return the height of a card that was never built, from the length of its text.

    `line` is the height of a line, `longest` how many lines of a question are shown unfolded.
    """
    lines = turn.text.count("\n") + len(turn.text) // _LETTERS_OF_LINE + 1
    if turn.role is Role.USER:
        lines = min(lines, longest)
    return _CHROME + lines * line


class RowHeights:
    """Rows under each other; finding one is quick, and so is a change of the last."""

    def __init__(self, heights: Sequence[int] = ()) -> None:
        self._heights = list(heights)
        self._tops = self._summed()

    def __len__(self) -> int:
        return len(self._heights)

    def __getitem__(self, row: int) -> int:
        return self._heights[row]

    def row_top(self, row: int) -> int:
        """Return the place of a row's upper edge."""
        return self._tops[row]

    @property
    def total_height(self) -> int:
        """The height of all of them."""
        return self._tops[-1] + self._heights[-1] if self._heights else 0

    def row_at(self, place: int) -> int:
        """Return the row that covers a place, or the space behind it."""
        return max(0, min(bisect_right(self._tops, place) - 1, len(self._heights) - 1))

    def set_height(self, row: int, height: int) -> None:
        """Give a row another height; all after it move."""
        if self._heights[row] == height:
            return
        self._heights[row] = height
        if row < len(self._heights) - 1:
            self._tops = self._summed()

    def insert_row(self, row: int, height: int) -> None:
        """Put a row before another, or behind the last."""
        if row == len(self._heights):
            self._tops.append(self.total_height + SPACING if self._heights else 0)
            self._heights.append(height)
        else:
            self._heights.insert(row, height)
            self._tops = self._summed()

    def _summed(self) -> list[int]:
        steps = accumulate((height + SPACING for height in self._heights[:-1]), initial=0)
        return list(steps) if self._heights else []
