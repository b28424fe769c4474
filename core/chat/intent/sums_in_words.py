"""Sums: "what is twelve times 7", in words or figures; all match folded text."""

import re
from collections.abc import Iterable
from functools import cache

from core.base.lazy_regex import lazy_pattern
from core.chat.intent.all_languages import LANGUAGES, Choice, any_of
from core.chat.intent.number_words import (
    ARTICLES,
    CHINESE_LETTERS,
    DOZEN,
    HUNDRED,
    JOINERS,
    MILLION,
    THOUSAND,
    compound_parts,
    counting_values,
)

OPERATORS: tuple[tuple[str, Choice], ...] = (  # longer words first: "por ciento de", then "por"
    ("/100*", lambda each: each.sums.percent),
    ("/", lambda each: each.sums.divided),
    ("**", lambda each: each.sums.power),
    ("*", lambda each: each.sums.times),
    ("-", lambda each: each.sums.minus),
    ("+", lambda each: each.sums.plus),
)
"""What the calculator writes for an operator, and its words."""
_OPERATOR_CHOICES = tuple(choose for _sign, choose in OPERATORS)
_ALL_OPERATORS = any_of(*_OPERATOR_CHOICES)
_BETWEEN_SIGNS = any_of(
    *_OPERATOR_CHOICES, languages=[each for each in LANGUAGES if not each.has_spaces]
)
_LEADING = any_of(lambda each: each.sums.leads)
_TRAILING = any_of(lambda each: each.sums.tails)
_LEADS = lazy_pattern(rf"^{_LEADING}?[\s:,]*")
_TAILS = lazy_pattern(rf"[\s,]*{_TRAILING}$")
_BETWEEN_NUMBERS = lazy_pattern(
    rf"\s*(?:[+*/×÷]|{_BETWEEN_SIGNS}|(?<![^\W\d_]){_ALL_OPERATORS}(?![^\W\d_]))\s*"
)
_FIGURES = r"[-+(√]*[\d٠-٩][\d٠-٩.,\s()%]*"
ARITHMETIC = lazy_pattern(
    rf"(?:{_LEADING}\s*:?\s*)?{_FIGURES}"
    rf"(?:(?:[-+*/×÷^:·−]|\*\*|{_ALL_OPERATORS})\s*{_FIGURES})+"
    rf"(?:=|(?:equal )?to what|{_TRAILING})?"
)
"""Matches a message that is only figures with operators between them, and what asks for a value."""


@cache
def _number_pattern() -> re.Pattern[str]:
    """Return what one number matches: figures, or up to nine words of numbers."""
    german, italian = compound_parts()
    words = set(counting_values())
    for line in (*HUNDRED.values(), *THOUSAND.values()):
        words.update(line.split())
    words |= {MILLION, DOZEN, *JOINERS, *ARTICLES}
    word = (
        rf"(?:{_any_of(german)}){{1,9}}|(?:{_any_of(italian)}){{1,6}}|و?(?:{_any_of(words)})"
        rf"|[{''.join(sorted(CHINESE_LETTERS))}]{{1,12}}"
    )
    return re.compile(rf"[-−]?[\d٠-٩][\d٠-٩.,]*%?|(?:{word})(?:[- ](?:{word})){{0,8}}")


def _any_of(words: Iterable[str]) -> str:
    return "|".join(sorted(words, key=lambda each: (-len(each), each)))


def sum_matter(folded: str) -> str:
    """Return a message without the words that ask what a sum makes."""
    return _TAILS.sub("", _LEADS.sub("", folded.strip(" ?!.=؟。？"), count=1))


def is_sum_in_words(folded: str) -> bool:
    """Return whether a message is only numbers with operators between them, in words or digits."""
    numbers = _BETWEEN_NUMBERS.split(sum_matter(folded))
    return len(numbers) > 1 and all(_number_pattern().fullmatch(number) for number in numbers)
