"""Alike spellings: "v3" and "3", "nine" and "9": a statement has the one, its source the other.

A judge of statements takes them for two things. The rules read the figures of both anyway.
"""

import re

from core.base.lazy_regex import lazy_pattern
from core.chat.citations.spelled_numbers import kanji_as_figures, plain_figures, with_figures
from core.chat.citations.written_values import values_alike

_COUNTED_FIGURE = lazy_pattern(r"[0-9０-９][^\W\d_a-zA-Z]")
"""A figure with a counter of Japanese or Chinese behind it."""
_VERSION = lazy_pattern(r"(?<!\w)[vV](?=(\d+(?:\.\d+)*)(?!\w))")

_BOUNDS = (
    (r"\bnot? (?:more|longer|higher|larger|greater) than\b", "at most"),
    (r"\bnot? (?:less|fewer|shorter|smaller) than\b", "at least"),
    (r"\bnicht (?:mehr|länger) als\b", "höchstens"),
    (r"\bnicht weniger als\b", "mindestens"),
    (r"\bno más de\b", "como máximo"),
    (r"\bno menos de\b", "como mínimo"),
    (r"\bnon più di\b", "al massimo"),
    (r"\bnon meno di\b", "almeno"),
    (r"\bniet meer dan\b", "hoogstens"),
    (r"\bniet minder dan\b", "minstens"),
    (r"\bне (?:более|больше)\b", "максимум"),
    (r"\bне (?:менее|меньше)\b", "минимум"),
)
_PLAIN_BOUNDS = tuple((lazy_pattern(each, re.IGNORECASE), plain) for each, plain in _BOUNDS)
"""Bounds that are said by a negation, which a judge reads as one."""


def spelled_alike(statement: str, evidence: str) -> tuple[str, str]:
    """Return both texts with a version, number, time or date of both written in one way."""
    said, read = _without_v(statement, evidence), _without_v(evidence, statement)
    for bound, plain in _PLAIN_BOUNDS:
        said, read = bound.sub(plain, said), bound.sub(plain, read)
    if _COUNTED_FIGURE.search(said):
        read = kanji_as_figures(read)
    elif _COUNTED_FIGURE.search(read):
        said = kanji_as_figures(said)
    said = values_alike(said, read)
    in_statement, in_evidence = plain_figures(said), plain_figures(read)
    return with_figures(said, in_evidence), with_figures(read, in_statement - in_evidence)


def _without_v(text: str, other: str) -> str:
    """Leave out each "v" of `text` whose number stands bare in the other text, and only bare."""

    def replaced(match: re.Match[str]) -> str:
        number = re.escape(match[1])
        stands_bare = re.search(rf"(?<![\w.]){number}(?![\w]|\.\d)", other)
        stands_same = re.search(rf"(?<!\w)[vV]{number}(?![\w]|\.\d)", other)
        return "" if stands_bare and not stands_same else match[0]

    return _VERSION.sub(replaced, text)
