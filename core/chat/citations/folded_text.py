"""Folded text: Latin letters without their accents, digits of all scripts as 0 to 9."""

import unicodedata
from itertools import groupby

from core.base.lazy_regex import lazy_pattern

_MARKS = lazy_pattern(r"[\u0300-\u036f]")
_POINTS = lazy_pattern(r"[\u0591-\u05bd\u0610-\u061a\u0640\u064b-\u0652\u0670]")
"""Vowel points of Hebrew and Arabic, which an author may write or not."""
_DIGIT = lazy_pattern(r"[^\W\D](?<![0-9])")
_SCRIPTS_WITH_SIGNS = range(0x0900, 0x1CFF)  # Devanagari to Vedic signs


def _vowel_signs() -> str:
    """Return the vowel signs of Hindi and others as ranges of a character class."""
    signs = [code for code in _SCRIPTS_WITH_SIGNS if unicodedata.category(chr(code))[0] == "M"]
    runs = groupby(enumerate(signs), key=lambda pair: pair[1] - pair[0])
    ends = [[code for _place, code in run] for _distance, run in runs]
    return "".join(f"{chr(run[0])}-{chr(run[-1])}" for run in ends)


LETTER = rf"(?:[^\W\d_]|[{_vowel_signs()}])"
"""Matches a letter or vowel sign: to a pattern the signs are none, and cut each word."""


def fold_accents(text: str) -> str:
    """Remove accents from Latin letters, so that "Beyoncé" equals "Beyonce"."""
    if text.isascii():
        return text
    plain = unicodedata.normalize("NFC", _MARKS.sub("", unicodedata.normalize("NFKD", text)))
    return _DIGIT.sub(lambda match: str(unicodedata.digit(match[0])), _POINTS.sub("", plain))
