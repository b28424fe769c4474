"""Missing facts: code names and figures of a statement that its source has nowhere.

Functions, options and the like are spelled as the statement does; so are figures, also in a source
in another language, which shares no other words with it: which of its sentences holds the words,
negations and directions of the statement says nothing then.
"""

import re

from core.base.lazy_regex import lazy_pattern
from core.chat.citations.clause_rules import RuleFinding, worse
from core.chat.citations.number_normalization import is_number
from core.chat.citations.read_passages import ReadPassage
from core.chat.citations.sentence_features import SentenceFeatures

_SPAN = lazy_pattern(r"(`+)(?!`)(.+?)(?<!`)\1(?!`)")
"""Code within a line of Markdown."""
_WORD = lazy_pattern(r"[^\W\d]\w*")
_NAME = lazy_pattern(
    r"(?<![\w-])--[a-z][\w-]*"  # an option
    r"|[^\W\d]\w*(?=\()"  # what is called
    r"|[^\W\d]\w*_\w+"
    r"|\b[^\W\d_]*[a-z][A-Z]\w*",  # camel case
)

_MOST_SPELT = 20
"""Figures up to this number may stand as words in the source."""
_SCALE = lazy_pattern(
    r"\d\s?(?:thousand|million|billion|trillion|tausend|milliarde|mio\b|mrd\b|mille\b|milliard|mil\b"
    r"|millones|mill[oõ]|milh|bilh|миллион|миллиард|тысяч|млн|млрд|тис|мільйон|мільярд"
    r"|mln|mld|tys|milion|miliard|milyon|milyar|bin\b|ألف|آلاف|مليون|مليار|हज़ार|लाख|करोड़"
    r"|千|万|萬|億|亿|만|억)",
)
"""A number of which a part is a word: "3.5 billion" is "35亿"."""


def check_foreign(statement: str, sentence: SentenceFeatures, passage: ReadPassage) -> RuleFinding:
    """Return what can be said by rule of a source in another language than the statement."""
    return worse(check_code_names(statement, passage), _check_figures(sentence, passage))


def check_code_names(statement: str, passage: ReadPassage) -> RuleFinding:
    """Return LACKING if a code name of the statement stands neither in the passage nor its name."""
    is_lacking = missing_code_names(statement, f"{passage.name}\n{passage.text}")
    return RuleFinding.LACKING if is_lacking else RuleFinding.HOLDS


def missing_code_names(statement: str, source: str) -> frozenset[str]:
    """Return the code names of a statement, in small letters, that its source lacks.

    In a span of code every word is one; elsewhere what is called, has an underscore or a capital
    inside, or begins with two dashes.
    """
    found = {match.group() for match in _NAME.finditer(statement)}
    for span in _SPAN.finditer(statement):
        found.update(_WORD.findall(span.group(2)))
    there = source.casefold()
    return frozenset(
        name for each in found if (name := each.casefold()) and not _stands(name, there)
    )


def _stands(name: str, text: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text) is not None


def _check_figures(statement: SentenceFeatures, passage: ReadPassage) -> RuleFinding:
    """Return LACKING where a figure of the statement stands nowhere in the source.

    WITHHELD where it may be written in words there, or with another scale.
    """
    text = statement.text
    missing = [
        each
        for each in statement.places
        if any(map(is_number, each.forms))
        and text[each.start].isdigit()
        and passage.words.isdisjoint(each.forms)
    ]
    if not missing:
        return RuleFinding.HOLDS
    is_scaled = _SCALE.search(text.casefold()) or _SCALE.search(passage.text.casefold())
    spelt = all(form.isdigit() and int(form) <= _MOST_SPELT for m in missing for form in m.forms)
    return RuleFinding.WITHHELD if is_scaled or spelt else RuleFinding.LACKING
