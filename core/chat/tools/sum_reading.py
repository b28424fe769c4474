"""Sums of messages as expressions for the calculator: "what is 15 % of eighty" is 15/100*80."""

import re
import unicodedata

from msgspec import Struct

from core.base.lazy_regex import lazy_pattern
from core.base.text_language import detect_language
from core.chat.intent.all_languages import LANGUAGES, any_of
from core.chat.intent.message_intent import folded_message, sum_in_message
from core.chat.intent.sums_in_words import OPERATORS
from core.chat.tools.number_reading import read_number_words

_UNSPACED = tuple(each for each in LANGUAGES if not each.has_spaces)
_OPERATOR = lazy_pattern(
    "|".join(
        rf"(?P<o{place}>(?<![^\W\d_]){any_of(choose)}(?![^\W\d_]))"
        for place, (_sign, choose) in enumerate(OPERATORS)
    )
)
_UNSPACED_OPERATOR = lazy_pattern(
    "|".join(
        f"(?P<o{place}>{any_of(choose, languages=_UNSPACED)})"
        for place, (_sign, choose) in enumerate(OPERATORS)
        if any(map(choose, _UNSPACED))
    )
)
_FIGURES = lazy_pattern(r"\d[\d.,]*")
_GROUPED = lazy_pattern(r"\d{1,3}(?:([.,])\d{3})(?:\1\d{3})*")
_SPACED = lazy_pattern(r"(?<![\d.,])\d{1,3}(?: \d{3})+(?![\d.,])")
_LETTERS = lazy_pattern(r"[^\W\d_]+")
_WORDS = lazy_pattern(r"[^\W\d_]+(?:[\s-]+[^\W\d_]+)*")
_PARTS = lazy_pattern(r"[\d.+*/() -]+")
_SIDE_BY_SIDE = lazy_pattern(r"[\d)]\s*\(|\)\s*\d|\d\s+\d|//")
_BINARY = lazy_pattern(r"(?<=[\d)])\s*(/100\*|\*\*|[-+*/])\s*")
_NO_SUM = lazy_pattern(r"\d+(?:[-−]\d+)+|\d+(?::\d+)+|\d+/\d+/\d+")
"""A date, a time, a telephone number or a range of pages, where nothing asks for its value."""
_LEADING_NOUGHT = lazy_pattern(r"(?<![\d.,])0\d")
_PLAIN = str.maketrans(
    {"٫": ".", "٬": "", "×": "*", "·": "*", "÷": "/", ":": "/", "−": "-", "^": "**"}
    | {chr(0x660 + digit): str(digit) for digit in range(10)}
)
_ENGLISH_WORDS = frozenset(
    [
        "what",
        "what's",
        "how",
        "much",
        "calculate",
        "compute",
        "times",
        "multiplied",
        "divided",
        "of",
    ]
)
_SHARED_WORDS = frozenset(["plus", "minus", "x"])
_POINTED_SCRIPTS = frozenset(["han", "kana", "arabic"])
_SIGNS = {"**": "^", "/100*": "% ×", "*": "×", "/": "÷", "-": "−", "+": "+"}


class ParsedSum(Struct, frozen=True, kw_only=True):
    """A sum: `expression` is for the calculator; `has_comma`: 1,5 is written for one and a half."""

    expression: str
    has_comma: bool

    def shown(self, text: str) -> str:
        """Return an expression or its value as people write it."""
        spaced = _BINARY.sub(lambda found: f" {_SIGNS[found[1]]} ", text).replace(" % ×", "% ×")
        return (spaced.replace(".", ",") if self.has_comma else spaced).replace("-", "−")


def read_sum(text: str) -> ParsedSum | None:
    """Return the sum that a whole message is, None for any other and for what may mean two."""
    matter = _SPACED.sub(_without_spaces, sum_in_message(text) or "")
    is_asked = matter != folded_message(text).rstrip(" ?!.؟。？")
    if not matter or _LEADING_NOUGHT.search(matter) or any(map(_is_raised, text)):
        return None
    if not is_asked and _NO_SUM.fullmatch(matter):
        return None
    has_comma = _has_comma(text)
    signed = _OPERATOR.sub(_sign_of, _UNSPACED_OPERATOR.sub(_sign_of, matter))
    counted = _WORDS.sub(_words_as_figures, signed)
    plain = _FIGURES.sub(lambda found: _figure(found[0], has_comma=has_comma), counted)
    expression = plain.translate(_PLAIN).strip()
    has_share = "/100*" in expression
    if has_share and len(_BINARY.findall(expression)) > 1:  # what of, is not said
        return None
    if not _PARTS.fullmatch(expression) or _SIDE_BY_SIDE.search(expression):
        return None
    return ParsedSum(expression=_BINARY.sub(r"\1", expression), has_comma=has_comma)


def _is_raised(letter: str) -> bool:
    """Return whether a letter is a figure that folding makes a plain one: ², ½."""
    return unicodedata.category(letter) == "No"


def _sign_of(found: re.Match[str]) -> str:
    place = int((found.lastgroup or "o0")[1:])
    return f" {OPERATORS[place][0]} "


def _words_as_figures(found: re.Match[str]) -> str:
    number = read_number_words(found[0])
    return found[0] if number is None else str(number)


def _without_spaces(found: re.Match[str]) -> str:
    return found[0].replace(" ", "")


def _figure(text: str, *, has_comma: bool) -> str:
    """Return a number with a point for its fraction and nothing between its thousands."""
    number = text.rstrip(".,")
    kinds = set(number) & {".", ","}
    if len(kinds) == 2:
        fraction = max(kinds, key=number.rfind)
        thousands = (kinds - {fraction}).pop()
        return number.replace(thousands, "").replace(fraction, ".")
    for kind in kinds:
        is_fraction = (kind == ",") is has_comma
        if number.count(kind) > 1 or (_GROUPED.fullmatch(number) and not is_fraction):
            return number.replace(kind, "")
    return number.replace(",", ".")


def _has_comma(text: str) -> bool:
    """Return whether a message's language writes 1,5 for one and a half."""
    words = set(_LETTERS.findall(folded_message(text)))
    is_pointed = not words - _SHARED_WORDS or bool(words & _ENGLISH_WORDS)
    return not is_pointed and detect_language(text) not in _POINTED_SCRIPTS
