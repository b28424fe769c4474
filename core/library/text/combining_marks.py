r"""Combining marks: vowel signs encoded as letters and points removed, for the FTS5 word index.

FTS5 and `\w` know letters and digits only. The vowel signs of Hindi, Tamil, Thai, Khmer or Burmese
are neither, so that each word would be split. They become letters of the private use area, which
FTS5 takes for parts of words. The vowel points of Arabic and Hebrew, which an author may write or
not, are removed; digits of any script become 0 to 9.
"""

import re
import unicodedata
from functools import cache

_FIRST, _LAST = 0x0900, 0x1CFF  # Devanagari to Vedic signs
_LETTERS = 0xE000
MARK_LETTERS = f"{chr(_LETTERS)}-{chr(_LETTERS + _LAST - _FIRST)}"
"""Range of the letters that marks become, for a character class of a regular expression."""
WORD_PATTERN = re.compile(rf"[\w{MARK_LETTERS}]+")
"""Matches a word of a text that `encode_marks` returned."""
_POINTS = ((0x0591, 0x05BD), (0x05BF, 0x05BF), (0x05C1, 0x05C2), (0x05C4, 0x05C5), (0x0610, 0x061A))
_MORE_POINTS = ((0x0640, 0x0640), (0x064B, 0x065F), (0x0670, 0x0670), (0x06D6, 0x06ED))


def letter_for_mark(mark: str) -> str:
    """Return the letter that a mark becomes."""
    return chr(_LETTERS + ord(mark) - _FIRST)


@cache
def _replacements() -> dict[int, str]:
    """Return what becomes of each character; few texts have any."""
    digits = [code for code in range(0x80, 0x10000) if unicodedata.category(chr(code)) == "Nd"]
    return {
        **dict.fromkeys(_points(), ""),
        **{code: letter_for_mark(chr(code)) for code in _signs()},
        **{code: str(unicodedata.digit(chr(code))) for code in digits},
    }


def _points() -> list[int]:
    return [
        code
        for first, last in (*_POINTS, *_MORE_POINTS)
        for code in range(first, last + 1)
        if unicodedata.category(chr(code)) in {"Mn", "Lm"}
    ]


def _signs() -> list[int]:
    kinds = {"Mn", "Mc"}
    return [code for code in range(_FIRST, _LAST + 1) if unicodedata.category(chr(code)) in kinds]


@cache
def _any_replaced() -> re.Pattern[str]:
    """Return what finds them; to look for digits in all of Unicode takes longer than a question."""
    marks = "".join(map(chr, (*_points(), *_signs())))
    return re.compile(rf"[{marks}]|[\x80-\uffff](?<=\d)")


def has_combining_marks(text: str) -> bool:
    """Return whether `encode_marks` changes a text."""
    if text.isascii():
        return False
    return _any_replaced().search(text) is not None


def encode_marks(text: str) -> str:
    """Return a text with marks as letters, without vowel points, and with digits 0 to 9."""
    return text.translate(_replacements())
