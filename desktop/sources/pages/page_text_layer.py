"""Text layer of a page picture: letters and their boxes, for selection, copy and search."""

import sys
from array import array
from collections.abc import Iterable

from PySide6.QtCore import QPointF, QRectF

from core.messages import PageLetters

_WHOLE = 65535
SOFT_HYPHEN = "\u00ad"
_LINE_WEIGHT = 4.0
"""Weight of vertical distance: a letter on the same line counts as nearer than one above."""


class PageTextLayer:
    """Letters of a page; boxes are in shares (0 to 1) of the page's width and height."""

    def __init__(self, letters: PageLetters) -> None:
        self.text = letters.text
        sides = array("H")
        sides.frombytes(letters.places)
        if sys.byteorder == "big":
            sides.byteswap()
        self._sides = sides

    def __len__(self) -> int:
        return min(len(self.text), len(self._sides) // 4)

    def letter_box(self, index: int) -> QRectF:
        """Return the box of a letter."""
        left, top, right, bottom = (
            side / _WHOLE for side in self._sides[index * 4 : index * 4 + 4]
        )
        return QRectF(left, top, right - left, bottom - top)

    def nearest_position(self, point: QPointF, aspect: float) -> int:
        """Return the position between letters that is nearest to a point, 0 to their number.

        `aspect` is the page's height by its width: distances are compared as they appear.
        """
        best, position = float("inf"), 0
        x, y = point.x() * _WHOLE, point.y() * _WHOLE
        sides = self._sides
        for index in range(len(self)):
            left, top, right, bottom = sides[index * 4 : index * 4 + 4]
            if right <= left and self.text[index].isspace():
                continue
            across = max(left - x, 0.0, x - right)
            down = max(top - y, 0.0, y - bottom) * aspect * _LINE_WEIGHT
            distance = across + down
            if distance < best:
                best = distance
                position = index if x < (left + right) / 2 else index + 1
        return position

    def word_at(self, position: int) -> tuple[int, int]:
        """Return start and end of the word around a position."""
        start = end = min(position, max(0, len(self) - 1))
        while start > 0 and not self.text[start - 1].isspace():
            start -= 1
        while end < len(self) and not self.text[end].isspace():
            end += 1
        return start, end

    def span_boxes(self, start: int, end: int) -> list[QRectF]:
        """Return the boxes of a span, one for each run of letters on a line."""
        return join_line_boxes(
            self.letter_box(index) for index in range(start, min(end, len(self)))
        )

    def span_text(self, start: int, end: int) -> str:
        """Return the text of a span, as it is copied."""
        return clean_copied_text(self.text[start:end])

    def find_spans(self, words: str) -> list[tuple[int, int]]:
        """Return start and end of each match of `words`, ignoring white space."""
        positions = [
            index
            for index in range(len(self))
            if not self.text[index].isspace() and self.text[index] != SOFT_HYPHEN
        ]
        letters = "".join(_lower_letter(self.text[index]) for index in positions)
        wanted = "".join(_lower_letter(letter) for letter in words if not letter.isspace())
        spans: list[tuple[int, int]] = []
        start = letters.find(wanted) if wanted else -1
        while start >= 0:
            last = start + len(wanted) - 1
            spans.append((positions[start], positions[last] + 1))
            start = letters.find(wanted, last + 1)
        return spans


def clean_copied_text(text: str) -> str:
    """Return text with plain line ends, in which words broken by a soft hyphen are whole."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    first, *others = text.split(SOFT_HYPHEN)
    return "".join((first, *(part.lstrip("\n") for part in others))).strip()


def _lower_letter(letter: str) -> str:
    low = letter.lower()
    return low if len(low) == 1 else letter


def join_line_boxes(boxes: Iterable[QRectF]) -> list[QRectF]:
    """Return boxes in reading order with those that stand on one line as one."""
    lines: list[QRectF] = []
    for box in boxes:
        if box.width() <= 0 or box.height() <= 0:
            continue
        if lines and _same_line(lines[-1], box):
            lines[-1] = lines[-1].united(box)
        else:
            lines.append(box)
    return lines


def _same_line(line: QRectF, box: QRectF) -> bool:
    shared = min(line.bottom(), box.bottom()) - max(line.top(), box.top())
    return shared > 0.3 * min(line.height(), box.height()) and box.left() >= line.left() - 0.01
