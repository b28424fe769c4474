"""Letters of a PDF's text layer, with accents joined that a page draws as glyphs of their own.

Programs that know no accented letters, TeX with its old fonts above all, draw an accent and then
the letter below it, or the other way round, or all accents of a page at its end. Which belong
together is told by their boxes.
"""

import ctypes
import math
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pypdfium2
from pypdfium2 import raw

_ABOVE = {
    "`": "\u0300", "´": "\u0301", "ˊ": "\u0301", "ˋ": "\u0300", "^": "\u0302", "ˆ": "\u0302",
    "~": "\u0303", "˜": "\u0303", "¯": "\u0304", "ˉ": "\u0304", "˘": "\u0306", "˙": "\u0307",
    "¨": "\u0308", "˚": "\u030a", "°": "\u030a", "˝": "\u030b", "ˇ": "\u030c",
}  # fmt: skip
_BELOW = {"¸": "\u0327", "˛": "\u0328"}
_COMBINING = range(0x0300, 0x0370)
_COMBINING_BELOW = frozenset(range(0x0316, 0x0334))
_DOTLESS = {"\u0131": "i", "\u0237": "j"}
_NEAR = 4
"""Letters before and after an accent among which its own is looked for first."""
_MAX_FAR = 300
"""Accents of one page that are compared with all of its letters."""
_WORD_GAP = 0.25
"""Share of a letter's height; a space that pdfium saw in less is none."""

_FORMS = ((0xFB00, 0xFB4F), (0xFB50, 0xFDFF), (0xFE70, 0xFEFC))
"""Ligatures, and letters of Hebrew and Arabic in the form they have at one place of a word."""

Letter = tuple[str, int]
"""A letter and its index in pdfium."""


@dataclass(frozen=True, slots=True)
class _Box:
    left: float
    right: float
    bottom: float
    top: float

    @property
    def middle(self) -> float:
        return (self.left + self.right) / 2


def _spelled_out() -> dict[int, str]:
    found: dict[int, str] = {}
    for first, last in _FORMS:
        for code in range(first, last + 1):
            plain = unicodedata.normalize("NFKC", chr(code))
            if " " not in plain:
                found[code] = plain
    return found


_SPELLED_OUT = _spelled_out()


def spell_out(text: str) -> str:
    """Return a text with ligatures and forms of letters as the letters people type."""
    return text if text.isascii() else text.translate(_SPELLED_OUT)


def has_loose_accents(text: str) -> bool:
    """Return whether any sign in a text may be an accent that stands apart from its letter."""
    return not text.isascii() and any(_combining(sign) for sign in text)


def text_layer_letters(layer: pypdfium2.PdfTextPage) -> list[Letter]:
    """Return the letters of a text layer in its order, accents joined to the letters they are on.

    pdfium gives UTF-16 units: two of them are one letter where that is of mathematics or an emoji.
    """
    letters = list(_units_joined(layer))
    if not any(_combining(letter) for letter, _index in letters):
        return letters
    return _Joiner(layer, letters).join_accents()


def _units_joined(layer: pypdfium2.PdfTextPage) -> Iterator[Letter]:
    high = 0
    for index in range(raw.FPDFText_CountChars(layer)):
        unit = raw.FPDFText_GetUnicode(layer, index)
        if 0xD800 <= unit < 0xDC00:
            high = unit
            continue
        if 0xDC00 <= unit < 0xE000:
            if high:
                yield chr(0x10000 + ((high - 0xD800) << 10) + (unit - 0xDC00)), index
            high = 0
            continue
        high = 0
        yield chr(unit) if 0 < unit <= 0x10FFFF else "\ufffd", index


def _combining(sign: str) -> str:
    """Return the combining mark that an accent stands for, "" for any other sign."""
    if ord(sign) in _COMBINING:
        return sign
    return _ABOVE.get(sign) or _BELOW.get(sign, "")


class _Joiner:
    """Joins the accents of one page; boxes are in points, with y upwards."""

    def __init__(self, layer: pypdfium2.PdfTextPage, letters: Sequence[Letter]) -> None:
        self._layer = layer
        self._letters = letters
        self._boxes: dict[int, _Box] = {}
        self._texts: list[str] = [letter for letter, _index in letters]
        self._far = _MAX_FAR

    def join_accents(self) -> list[Letter]:
        """Return the letters without the accents that were joined to others."""
        for place, (sign, _index) in enumerate(self._letters):
            if mark := _combining(sign):
                base = self._base_of(place, mark)
                if base is not None:
                    self._texts[base] = _composed(self._texts[base], mark)
                    self._texts[place] = ""
                    self._close_gap(place, base)
        return [
            (text, index)
            for text, (_letter, index) in zip(self._texts, self._letters, strict=True)
            if text
        ]

    def _base_of(self, place: int, mark: str) -> int | None:
        """Return the place of the letter that the accent at `place` is drawn over or under."""
        nearest = range(max(0, place - _NEAR), min(len(self._letters), place + _NEAR + 1))
        found = self._best_of(nearest, place, mark)
        if found is None and self._far:
            self._far -= 1
            found = self._best_of(range(len(self._letters)), place, mark)
        return found

    def _best_of(self, places: range, place: int, mark: str) -> int | None:
        accent = self._box(place)
        fitting = [
            (abs(self._box(each).middle - accent.middle), abs(each - place), each)
            for each in places
            if each != place and self._texts[each].isalpha() and self._fits(each, accent, mark)
        ]
        return min(fitting)[2] if fitting else None

    def _fits(self, place: int, accent: _Box, mark: str) -> bool:
        if _combining(self._letters[place][0]):
            return False
        letter = self._box(place)
        height, width = letter.top - letter.bottom, letter.right - letter.left
        slack = width / 4
        if not letter.left - slack < accent.middle < letter.right + slack or height <= 0:
            return False
        if ord(mark) in _COMBINING_BELOW or mark in _BELOW.values():
            return abs(accent.top - letter.bottom) < 0.4 * height
        if len(_composed(self._texts[place], mark)) > 1 and ord(self._letters[place][0]) < 0x250:
            return False  # no letter of any language
        return 0.4 * height < (accent.bottom + accent.top) / 2 - letter.bottom < 2 * height

    def _close_gap(self, place: int, base: int) -> None:
        """Take away the spaces and line ends that pdfium saw around an accent within a word."""
        if abs(place - base) > _NEAR:
            return
        first, last = min(place, base), max(place, base)
        for each in range(first + 1, last):
            self._drop_generated(each)
        before, after = first - 1, last + 1
        if before > 0 and self._is_close(before - 1, base):
            self._drop_generated(before)
        if after + 1 < len(self._letters) and self._is_close(base, after + 1):
            self._drop_generated(after)

    def _drop_generated(self, place: int) -> None:
        index = self._letters[place][1]
        if self._texts[place].isspace() and raw.FPDFText_IsGenerated(self._layer, index) == 1:
            self._texts[place] = ""

    def _is_close(self, place: int, following: int) -> bool:
        one, other = self._box(place), self._box(following)
        height = max(one.top - one.bottom, other.top - other.bottom)
        return -height < other.left - one.right < _WORD_GAP * height

    def _box(self, place: int) -> _Box:
        if place not in self._boxes:
            self._boxes[place] = self._upright(self._letters[place][1])
        return self._boxes[place]

    def _upright(self, index: int) -> _Box:
        """Return a letter's box as it stands when its line is turned to run from left to right."""
        sides = [ctypes.c_double() for _ in range(4)]
        raw.FPDFText_GetCharBox(self._layer, index, *sides)
        left, right, bottom, top = (side.value for side in sides)
        for _ in range(round(raw.FPDFText_GetCharAngle(self._layer, index) / (math.pi / 2)) % 4):
            left, right, bottom, top = -top, -bottom, left, right
        return _Box(left, right, bottom, top)


def _composed(letter: str, mark: str) -> str:
    return unicodedata.normalize("NFC", _DOTLESS.get(letter, letter) + mark)
