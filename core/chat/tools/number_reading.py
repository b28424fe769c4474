"""Number reading: words of ten languages as a whole number, such as "twenty-three" or "二十三"."""

from collections.abc import Collection, Sequence

from core.base.lazy_regex import lazy_pattern
from core.chat.intent.number_words import (
    ARTICLES,
    CHINESE_LETTERS,
    DOZEN,
    HUNDRED,
    JOINERS,
    MILLION,
    REVERSING_JOINERS,
    THOUSAND,
    compound_parts,
    counting_values,
    read_chinese_number,
)

_VALUES = {
    **counting_values(),
    "sech": 6,  # before "zehn" and "zig"
    "sieb": 7,
}
_HUNDRED = frozenset(word for words in HUNDRED.values() for word in words.split())
_SCALES = {
    **{word: 1000 for words in THOUSAND.values() for word in words.split()},
    MILLION: 1_000_000,
}
_TEEN_ENDINGS = frozenset(["zehn", "عشر", "عشرة"])
_FRENCH_TWENTIES = frozenset(["vingt", "vingts"])
_COMPOUNDS = compound_parts()
_WORD = lazy_pattern(r"[^\W\d_]+")


def read_number_words(text: str) -> int | None:
    """Return the whole number that a folded text is, None if it is anything else."""
    if text and all(letter in CHINESE_LETTERS for letter in text):
        return read_chinese_number(text)
    pieces: list[str] = []
    for word in _WORD.findall(text):
        parts = _split_word(word)
        if parts is None:
            return None
        pieces += parts
    if pieces[-1:] == [DOZEN]:
        dozens = _read_pieces([word for word in pieces[:-1] if word not in ARTICLES] or ["one"])
        return None if dozens is None else 12 * dozens
    return _read_pieces(pieces)


def _split_word(word: str) -> Sequence[str] | None:
    """Return the parts of a number that is one word; None for what is no number."""
    known = word in _VALUES or word in _HUNDRED or word in _SCALES or word == DOZEN
    if known or word in JOINERS or word in ARTICLES:
        return [word]
    if word.startswith("و"):
        return ["و", word[1:]] if word[1:] in _VALUES or word[1:] in _SCALES else None
    found = (_split_compound(word, parts) for parts in _COMPOUNDS)
    return next((each for each in found if each), None)


def _split_compound(word: str, parts: Collection[str]) -> Sequence[str] | None:
    if not word:
        return []
    for size in range(min(len(word), 12), 1, -1):
        if word[:size] in parts and (rest := _split_compound(word[size:], parts)) is not None:
            return [word[:size], *rest]
    return None


def _read_pieces(pieces: Sequence[str]) -> int | None:
    """Add and multiply the pieces of a number; None if they don't go together."""
    if not pieces or pieces[0] in JOINERS or pieces[-1] in JOINERS | ARTICLES:
        return None
    total, current, scale, before = 0, 0, 10**9, ""
    for piece in pieces:
        if piece in JOINERS | ARTICLES:
            is_first = piece in ARTICLES and not before
            if not is_first and (piece in ARTICLES or before in JOINERS):
                return None
        elif piece in _SCALES:
            if _SCALES[piece] >= scale:
                return None
            scale = _SCALES[piece]
            total, current = total + max(current, 1) * scale, 0
        elif piece in _HUNDRED:
            if current >= 100:
                return None
            current = max(current, 1) * 100
        else:
            added = _added(current, piece, before) if piece in _VALUES else None
            if added is None:
                return None
            current = added
        before = piece
    is_article_alone = pieces[0] in ARTICLES and pieces[1] not in _HUNDRED | _SCALES.keys()
    return None if is_article_alone else total + current


def _added(current: int, piece: str, before: str) -> int | None:
    """Return what a piece below 1,000 makes of the number before it, None if it doesn't fit."""
    value, low = _VALUES[piece], current % 100
    if _VALUES.get(before) == 0:  # nothing follows a nought
        return None
    if piece in _FRENCH_TWENTIES and low == 4:
        return current + 76  # quatre-vingts
    if 0 < low < 10 and piece in _TEEN_ENDINGS:
        return current + 10  # siebzehn
    if 0 < low < 10 and before in REVERSING_JOINERS and value in range(20, 100, 10):
        return current + value
    if value >= 100 or not value:
        is_alone = not current and (value or not before)
        return value if is_alone else None
    is_free = not low
    is_unit = value < 10 and low >= 20 and low % 10 == 0
    is_french_teen = 10 <= value < 17 and low in {60, 80}  # soixante-quinze
    is_french_unit = 7 <= value < 10 and before == "dix"
    return current + value if is_free or is_unit or is_french_teen or is_french_unit else None
