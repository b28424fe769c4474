"""Folded text: Latin letters without their accents."""

import unicodedata

from core.base.lazy_regex import lazy_pattern

_MARKS = lazy_pattern(r"[\u0300-\u036f]")


def fold_accents(text: str) -> str:
    """Remove accents from Latin letters, so that "Beyoncé" equals "Beyonce"."""
    if text.isascii():
        return text
    return unicodedata.normalize("NFC", _MARKS.sub("", unicodedata.normalize("NFKD", text)))
