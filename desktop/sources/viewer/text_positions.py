"""Text positions: letters of a text, and where they stand in a Qt document with tables."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator

Span = tuple[int, int]


class TextPositions:
    """Qt counts UTF-16 units, and a place more between cells; a text counts letters."""

    def __init__(self, text: str) -> None:
        has_wide_letters = bool(text) and max(text) > "\uffff"
        self._wide_letters = (
            [n for n, letter in enumerate(text) if letter > "\uffff"] if has_wide_letters else []
        )
        self._starts: list[int] = []
        self._ends: list[int] = []
        self._places: list[int] = []

    def add_piece(self, start: int, end: int, place: int) -> None:
        """Say that the letters `start` to `end` stand at `place`; pieces come in order."""
        self._starts.append(start)
        self._ends.append(end)
        self._places.append(place)

    def add_first(self, start: int, end: int) -> int:
        """Say that these letters stand at the start now; return by how much the others moved."""
        units = self._units(start, end)
        self._places = [0, *(place + units for place in self._places)]
        self._starts.insert(0, start)
        self._ends.insert(0, end)
        return units

    def place(self, position: int) -> int:
        """Return where a letter stands; of letters that are not shown, the place before them."""
        if not self._starts:
            return 0
        piece = max(0, bisect_right(self._starts, position) - 1)
        position = min(max(position, self._starts[piece]), self._ends[piece])
        return self._places[piece] + self._units(self._starts[piece], position)

    def position(self, place: int) -> int:
        """Return the letter at a place of the document."""
        if not self._starts:
            return 0
        piece = max(0, bisect_right(self._places, place) - 1)
        start, end = self._starts[piece], self._ends[piece]
        units = max(0, place - self._places[piece])
        position = min(start + units, end)
        while self._wide_letters and self._units(start, position) > units:
            position -= 1
        return position

    def places_of_span(self, span: Span) -> Iterator[Span]:
        """Yield where the letters of a span stand: one place, or one for each cell."""
        first = max(0, bisect_right(self._starts, span[0]) - 1)
        for piece in range(first, bisect_left(self._starts, span[1])):
            start, end = max(span[0], self._starts[piece]), min(span[1], self._ends[piece])
            if start < end:
                begin, place = self._starts[piece], self._places[piece]
                yield place + self._units(begin, start), place + self._units(begin, end)

    def _units(self, start: int, end: int) -> int:
        """Return the UTF-16 units of the letters from `start` to `end`."""
        if not self._wide_letters:
            return end - start
        wide = bisect_left(self._wide_letters, end) - bisect_left(self._wide_letters, start)
        return end - start + wide
