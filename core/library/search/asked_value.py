"""Asked value: the kind of value that a question asks for, and whether a passage may hold one.

"How much does the hostel cost?" is answered by no passage without an amount. Words, cosines and a
learned judge hardly see that: all the passage lacks is the answer.
"""

import math
import re
import tomllib
from collections.abc import Sequence
from functools import cache
from typing import Any

from core.base.paths import resources_folder
from core.base.text_language import detect_language
from core.library.search.relevance_judge import FoundPassage

_KNOWN_LANGUAGES = frozenset(
    """
    english german french spanish italian portuguese dutch polish cyrillic arabic han kana
    """.split()  # noqa: SIM905 - one word a line is no list to read
)
"""Languages whose ways to write values `asked_values.toml` has; of tables none can be told."""

_DOUBT = 5.0
"""Log-odds that are lost: of questions that a passage answers, it lacks such a value by these
patterns in .2 %, of those that a note treats and doesn't answer in 53 % (which ones:
`packaging/training/README.md`)."""
_SUREST = 1 - 1e-6


class AskedValue:
    """A kind of value, as `resources/judging/asked_values.toml` describes it."""

    def __init__(self, name: str, asked: str, written: str) -> None:
        """`asked` and `written` are regular expressions: of questions, and of the value itself."""
        self.name = name
        self._asked, self._written = (re.compile(each, re.IGNORECASE) for each in (asked, written))

    def is_asked_by(self, question: str) -> bool:
        """Whether a question asks for such a value."""
        return self._asked.search(question) is not None

    def may_be_in(self, text: str) -> bool:
        """Whether a text may hold such a value; yes if its language isn't known here."""
        if self._written.search(text):
            return True
        language = detect_language(text)
        return bool(language) and language not in _KNOWN_LANGUAGES


def asked_value(question: str) -> AskedValue | None:
    """Return what kind of value a question asks for, None for what is no value of these kinds."""
    return next((each for each in _asked_values() if each.is_asked_by(question)), None)


def holds_value(question: str, texts: Sequence[str]) -> list[bool]:
    """Return for each text whether it may hold the value asked for; yes where none is asked for."""
    asked = asked_value(question)
    return [asked is None or asked.may_be_in(text) for text in texts]


def without_value(confidence: float) -> float:
    """Return what is left of a probability that passages answer if they lack the value."""
    bounded = min(max(confidence, 1 - _SUREST), _SUREST)
    return 1 / (1 + (1 - bounded) / bounded * math.exp(_DOUBT))


def missing_value(question: str, passages: Sequence[FoundPassage]) -> str:
    """Return the name of the kind of value that is asked for and that the nearest passages lack.

    These are the first one and what else was found under its title. "" where nothing is missing.
    """
    asked = asked_value(question)
    if asked is None or not passages:
        return ""
    nearest = [each for each in passages if each.title == passages[0].title]
    is_there = any(asked.may_be_in(f"{each.title}\n{each.text}") for each in nearest)
    return "" if is_there else asked.name


@cache
def _asked_values() -> tuple[AskedValue, ...]:
    path = resources_folder() / "judging" / "asked_values.toml"
    content: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    number = "|".join(content["number"])
    return tuple(
        AskedValue(
            each["name"],
            "|".join(each["asked"]),
            "|".join(each["written"]).replace("{number}", number),
        )
        for each in content["value"]
    )
