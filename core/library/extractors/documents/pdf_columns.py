"""Columns of a PDF page whose program drew its text line by line across them.

Most programs draw one column after the other, and their order is kept: a table, a side box or a
footnote is nowhere better known than there. Only a page whose text goes to and fro between two
columns of prose at nearly every line is put in order: each column is read to its end, up to
whatever crosses both (a heading, a picture's caption, a rule's worth of empty space).
"""

import ctypes
import itertools
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from operator import sub
from statistics import median

import pypdfium2
from pypdfium2 import raw

from core.library.extractors.documents.pdf_letters import Letter

NO_PLACE = -1
"""Index of a line end or space that is put between fragments, which pdfium doesn't know."""

_WIDE_GAP = 1.0
"""Least gap between two columns, in line heights; the words of a line stand closer."""
_SAME_ROW = 0.6
"""Distance of two middles, in line heights, up to which they are on one row."""
_SHARED_HEIGHT = 0.5
"""Share of the smaller one's height that two of any size have in common on one row."""
_BREAK = 3.0
"""Empty space that ends columns, in line heights: heads and feet of a page stand so far off."""
_LEAST_LINES = 6
"""Lines that each of two columns has at least."""
_COLUMN_WIDTH = 12.0
"""Least width of a column of prose, in line heights."""
_FILLED = 0.7
"""Median share of a column's width that lines of prose fill; cells of a table fill less."""
_FILLED_CASELESS = 0.8
"""The same in scripts without small letters, whose lines tell less by their first letter."""
_GOING_ON = 0.4
"""Share of a column's lines that begin with a small letter where prose goes on; cells don't."""
_LETTERS = 0.7
"""Share of letters among the signs of prose; figures and code have fewer."""
_WORDS = 4
"""Least median of words on a line of prose, in scripts with small letters."""
_FLUSH, _FLUSH_LINES = 0.8, 0.6
"""How near to the column's edge, in line heights, which share of its lines begins."""
_TO_AND_FRO = 0.6
"""Share of lines after which the text goes back to the column before; a table's cells of several
lines go back less often, and columns drawn one after the other not at all."""
_WINDOWS, _WINDOW = 4, 150
"""Stretches of a page, in pieces of text, that are looked at to rule out nearly every page."""
_PIECE = 5.0
"""Least width of what stands on both sides of a gap in those, in line heights."""
_MAX_DEPTH = 6
_HYPHEN = "\ufffe"
"""Pdfium's mark for a word that is broken at the end of a line."""


@dataclass(frozen=True, slots=True)
class _Fragment:
    """A part of a line without a wide gap: its box in points, y upwards, and its letters.

    `first` and `last` are the places of its first letter and of that of the next fragment.
    """

    left: float
    right: float
    bottom: float
    top: float
    first: int = 0
    last: int = 0

    @property
    def middle(self) -> float:
        return (self.bottom + self.top) / 2

    @property
    def height(self) -> float:
        return self.top - self.bottom

    def joined(self, other: "_Fragment") -> "_Fragment":
        """Return this fragment and the one behind it as one."""
        return _Fragment(
            min(self.left, other.left),
            max(self.right, other.right),
            min(self.bottom, other.bottom),
            max(self.top, other.top),
            self.first,
            other.last,
        )


_Line = list[_Fragment]
"""Fragments of one column on one row."""


class _Boxes:
    """Boxes that pdfium gives of a text layer, by index; its calls fill the same four numbers."""

    def __init__(self, layer: pypdfium2.PdfTextPage) -> None:
        self._handle = layer.raw
        self._sides = [ctypes.c_double() for _ in range(4)]
        self._places = [ctypes.byref(side) for side in self._sides]

    def count_pieces(self) -> int:
        """Return the number of pieces of text, each drawn at once; it is to be asked first."""
        return int(raw.FPDFText_CountRects(self._handle, 0, -1))

    def piece(self, index: int) -> _Fragment:
        """Return the box of a piece."""
        raw.FPDFText_GetRect(self._handle, index, *self._places)
        left, top, right, bottom = (side.value for side in self._sides)
        return _Fragment(left, right, bottom, top)

    def has_wide_gap(self, indexes: range) -> bool:
        """Return whether a wide gap parts two wide stretches of a row among these pieces.

        Every page pays for it, so it makes no objects.
        """
        left, top, right, bottom = self._sides
        start = end = low = high = before = 0.0  # of the stretch, and width of the one before it
        for index in indexes:
            raw.FPDFText_GetRect(self._handle, index, *self._places)
            height = max(high - low, 1.0)
            on_row = bottom.value < high and top.value > low
            gap = max(left.value - end, start - right.value)
            if on_row and gap <= _WIDE_GAP * height:
                start, end = min(start, left.value), max(end, right.value)
                low, high = min(low, bottom.value), max(high, top.value)
            else:
                before = end - start if on_row else 0.0
                start, end = left.value, right.value
                low, high = bottom.value, top.value
            if min(before, end - start) > _PIECE * height:
                return True
        return False

    def letter(self, index: int, place: int) -> _Fragment:
        """Return the box of the letter with pdfium's `index`, which has a `place` in a text."""
        raw.FPDFText_GetCharBox(self._handle, index, *self._places)
        left, right, bottom, top = (side.value for side in self._sides)
        return _Fragment(left, right, bottom, top, place, place + 1)


def may_be_read_across(layer: pypdfium2.PdfTextPage) -> bool:
    """Return whether the text of a page may go to and fro between columns, by its boxes alone."""
    boxes = _Boxes(layer)
    count = boxes.count_pieces()
    if not _has_wide_gaps(boxes, count):
        return False
    pieces = [boxes.piece(index) for index in range(count)]
    tall = _line_height(pieces)
    return _ordered(list(_fragments(pieces, tall)), tall, None, 0) is not None


def in_reading_order(layer: pypdfium2.PdfTextPage, letters: list[Letter]) -> list[Letter]:
    """Return the letters of a page column by column where its text goes across columns of prose."""
    boxes = _Boxes(layer)
    texts = [letter for letter, _index in letters]
    boxed = (
        boxes.letter(index, place)
        for place, (letter, index) in enumerate(letters)
        if not letter.isspace()
    )
    drawn = [letter for letter in boxed if letter.height > 0 or letter.right > letter.left]
    tall = _line_height([boxes.piece(index) for index in range(boxes.count_pieces())])
    fragments = [
        replace(fragment, last=following)
        for fragment, following in _with_following(list(_fragments(drawn, tall)), len(letters))
    ]
    ordered = _ordered(fragments, tall, texts, 0)
    if ordered is None:
        return letters
    return [*letters[: fragments[0].first], *_written_out(ordered, letters)]


def _with_following(fragments: Sequence[_Fragment], end: int) -> Iterator[tuple[_Fragment, int]]:
    """Yield each fragment and the place of the first letter of the next; `end` for the last."""
    firsts = [fragment.first for fragment in fragments]
    return zip(fragments, [*firsts[1:], end], strict=True)


def _has_wide_gaps(boxes: _Boxes, count: int) -> bool:
    """Return whether pieces of a row, both of them wide, stand far apart anywhere looked at."""
    step = max(_WINDOW, count // _WINDOWS)
    return any(
        boxes.has_wide_gap(range(start, min(start + _WINDOW, count)))
        for start in range(0, count, step)
    )


def _line_height(pieces: Sequence[_Fragment]) -> float:
    return max(1.0, median([piece.top - piece.bottom for piece in pieces] or [0.0]))


def _on_one_row(one: _Fragment, other: _Fragment, tall: float) -> bool:
    shared = min(one.top, other.top) - max(one.bottom, other.bottom)
    smaller = min(one.top - one.bottom, other.top - other.bottom)
    return abs(one.middle - other.middle) < _SAME_ROW * tall or shared > _SHARED_HEIGHT * smaller


def _gap(one: _Fragment, other: _Fragment, tall: float) -> tuple[float, float] | None:
    """Return left and right of the wide gap between two fragments of a row, None if there is none.

    The second may stand on either side of the first.
    """
    if not _on_one_row(one, other, tall):
        return None
    left, right = min(one.right, other.right), max(one.left, other.left)
    return (left, right) if right - left > _WIDE_GAP * tall else None


def _fragments(pieces: Iterable[_Fragment], tall: float) -> Iterator[_Fragment]:
    """Yield pieces in their order, those joined that follow each other closely on a row."""
    whole: _Fragment | None = None
    for piece in pieces:
        if whole is None:
            whole = piece
        elif _on_one_row(whole, piece, tall) and _gap(whole, piece, tall) is None:
            whole = whole.joined(piece)
        else:
            yield whole
            whole = piece
    if whole is not None:
        yield whole


def _ordered(
    fragments: list[_Fragment], tall: float, texts: Sequence[str] | None, depth: int
) -> list[_Fragment] | None:
    """Return the fragments in reading order, None if they are in it as they come.

    Without `texts` only boxes are looked at.
    """
    gutter = _gutter(fragments, tall) if depth < _MAX_DEPTH else None
    if gutter is None:
        return None
    found: list[_Fragment] = []
    kept: list[_Fragment] = []
    for band in _bands(fragments, gutter, tall):
        columns = _columns(band, gutter, tall, texts)
        if columns is None:
            kept += band
            continue
        for part in (kept, *columns):
            found += _ordered(part, tall, texts, depth + 1) or part
        kept = []
    if not found:
        return None
    return found + (_ordered(kept, tall, texts, depth + 1) or kept)


def _gutter(fragments: Sequence[_Fragment], tall: float) -> float | None:
    """Return the x at which most rows have a wide gap, None if only few have."""
    gaps = [gap for pair in itertools.pairwise(fragments) if (gap := _gap(*pair, tall))]
    ends = sorted([(left, 1) for left, _right in gaps] + [(right, -1) for _left, right in gaps])
    best = reached = 0
    gutter = None
    for (x, step), (following, _step) in itertools.pairwise(ends):
        reached += step
        if reached > best:
            best, gutter = reached, (x + following) / 2
    return gutter if best >= _LEAST_LINES else None


def _bands(fragments: Iterable[_Fragment], gutter: float, tall: float) -> Iterator[list[_Fragment]]:
    """Yield fragments in their order, cut at what crosses the gutter and at empty space."""
    band: list[_Fragment] = []
    bottom = 0.0
    for fragment in fragments:
        crosses = fragment.left < gutter < fragment.right
        if band and (crosses or fragment.top < bottom - _BREAK * tall):
            yield band
            band = []
        if crosses:
            yield [fragment]
            continue
        bottom = min(bottom, fragment.bottom) if band else fragment.bottom
        band.append(fragment)
    if band:
        yield band


def _columns(
    band: Sequence[_Fragment], gutter: float, tall: float, texts: Sequence[str] | None
) -> list[list[_Fragment]] | None:
    """Return the fragments of each of two columns that a band is read across, None otherwise."""
    left = [each for each in band if each.right <= gutter]
    right = [each for each in band if each.right > gutter]
    lines = list(_lines(left, tall)), list(_lines(right, tall))
    fewest = min(map(len, lines))
    returns = sum(one.right > gutter >= other.right for one, other in itertools.pairwise(band))
    forth = sum(one.right <= gutter < other.right for one, other in itertools.pairwise(band))
    if fewest < _LEAST_LINES or max(returns, forth) < _TO_AND_FRO * (fewest - 1):
        return None
    if not all(_is_prose(column, tall, texts) for column in lines):
        return None
    return [right, left] if texts and _is_right_to_left(band, texts) else [left, right]


def _lines(fragments: Iterable[_Fragment], tall: float) -> Iterator[_Line]:
    line: _Line = []
    for fragment in fragments:
        if line and not _on_one_row(line[-1], fragment, tall):
            yield line
            line = []
        line.append(fragment)
    if line:
        yield line


def _is_prose(lines: Sequence[_Line], tall: float, texts: Sequence[str] | None) -> bool:
    """Return whether a column's lines are those of sentences that go on from one to the next."""
    lefts = [min(each.left for each in line) for line in lines]
    rights = [max(each.right for each in line) for line in lines]
    width = max(rights) - min(lefts)
    filled = median(map(sub, rights, lefts)) / max(1.0, width)
    if width < _COLUMN_WIDTH * tall or filled < _FILLED:
        return False
    if not max(_flush(lefts, tall), _flush(rights, tall)) >= _FLUSH_LINES:
        return False
    return texts is None or _goes_on(lines, texts, filled)


def _flush(edges: Sequence[float], tall: float) -> float:
    """Return the share of lines whose edge is near to that of most."""
    usual = median(edges)
    return sum(abs(edge - usual) < _FLUSH * tall for edge in edges) / len(edges)


def _goes_on(lines: Sequence[_Line], texts: Sequence[str], filled: float) -> bool:
    """Return whether the words of lines are those of sentences; `filled` is how full they are."""
    written = [_text_of(line, texts) for line in lines]
    signs = [sign for text in written for sign in text if not sign.isspace()]
    if sum(sign.isalpha() for sign in signs) < _LETTERS * len(signs):
        return False
    if not any(sign.lower() != sign.upper() for sign in signs):
        return filled >= _FILLED_CASELESS
    if median(len(text.split()) for text in written) < _WORDS:
        return False
    begins = [texts[line[0].first][:1] for line in lines[1:]]
    return sum(each.islower() for each in begins) >= _GOING_ON * len(begins)


def _text_of(fragments: Iterable[_Fragment], texts: Sequence[str]) -> str:
    return "".join(text for each in fragments for text in texts[each.first : each.last])


def _is_right_to_left(band: Iterable[_Fragment], texts: Sequence[str]) -> bool:
    kinds = [unicodedata.bidirectional(letter) for letter in _text_of(band, texts)]
    return sum(kind in {"R", "AL"} for kind in kinds) > kinds.count("L")


def _written_out(fragments: Sequence[_Fragment], letters: Sequence[Letter]) -> Iterator[Letter]:
    """Yield the letters of fragments; what stood between two is kept where both still meet."""
    for number, fragment in enumerate(fragments):
        written = list(letters[fragment.first : fragment.last])
        following = fragments[number + 1].first if number + 1 < len(fragments) else None
        if following not in {None, fragment.last}:
            while written[-1][0].isspace():
                written.pop()
            if following is not None and _is_broken_word(written, letters[following][0]):
                written[-1] = (_HYPHEN, written[-1][1])
            written.append(("\n", NO_PLACE))
        yield from written


def _is_broken_word(written: Sequence[Letter], following: str) -> bool:
    """Return whether a line ends in the hyphen of a word that goes on at the next."""
    if len(written) < 2 or written[-1][0] != "-":
        return False
    return written[-2][0].isalpha() and following.isalpha() and following.islower()
