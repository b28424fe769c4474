"""Cited row: of lines that were read as one sentence, the row that a statement rests on.

A table of a PDF has no bars: its rows are lines without an end, which are judged as one sentence.
What is marked in cards and pages is the row alone.
"""

from collections import Counter
from itertools import pairwise

from core.base.lazy_regex import lazy_pattern

_WORD = lazy_pattern(r"\w+")
_LINE = lazy_pattern(r"[^\n]*\S[^\n]*")
_LEAST_LINES = 3
_WIDEST, _SHARE_OF_WIDTH = 100, 0.75
"""Letters of a page's widest line, and the share of it below which a line was ended on purpose."""
_CLEAR_LEAD = 0.75
"""Share of the best row's weight that another one may have at most."""

Span = tuple[int, int]


def cited_row(text: str, span: Span, statement: str) -> Span:
    """Return the row within `span` of `text` that `statement` shares most with, else all of it."""
    lines = [match.span() for match in _LINE.finditer(text, *span)]
    if len(lines) < _LEAST_LINES or not _are_rows(text, lines):
        return span
    wanted = _words(statement)
    shared = [_words(text[slice(*line)]) & wanted for line in lines]
    held_by = Counter(word for words in shared for word in words)
    weights = [sum(1 / held_by[word] for word in words) for words in shared]
    *_others, second, best = sorted(weights)
    if second > _CLEAR_LEAD * best or not best:
        return span
    return lines[weights.index(best)]


def _are_rows(text: str, lines: list[Span]) -> bool:
    """Whether each line was ended on purpose: short ones, or ones that begin anew with figures."""
    words = [text[slice(*line)].strip() for line in lines]
    room = _SHARE_OF_WIDTH * min(_WIDEST, max(map(len, text.split("\n"))))
    followed = pairwise(words)
    if all(len(line) + len(after.split()[0]) < room for line, after in followed):
        return True
    begin_anew = all(line[0].isupper() or line[0].isdigit() for line in words)
    with_figures = sum(any(letter.isdigit() for letter in line) for line in words)
    return begin_anew and 2 * with_figures > len(words)


def _words(text: str) -> set[str]:
    return {word.casefold() for word in _WORD.findall(text)}
