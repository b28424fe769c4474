"""Date bounds: "on the 24th" is not "after the 24th", though all words but one are the same."""

import re
from enum import Enum

from core.base.lazy_regex import lazy_pattern
from core.chat.citations.clause_rules import RuleFinding
from core.chat.citations.sentence_features import PlacedWord, SentenceFeatures

_ARTICLE = (
    r"(?:\s+(?:the|dem|den|der|le|la|el|il|o|de|del|du|dia|dnia|\w+day|\w+tag|samedi|dimanche"
    r"|lundi|mardi|mercredi|jeudi|vendredi),?){0,3}\s*$"
)
_ON = lazy_pattern(rf"\b(?:on|am|le|el|il|op|den|w dniu){_ARTICLE}", re.IGNORECASE)
_AFTER = lazy_pattern(
    rf"\b(?:after|later than|nach|apres|despues|depois|dopo|po|etter|efter|после|після)"
    rf"{_ARTICLE}",
    re.IGNORECASE,
)
_BEFORE = lazy_pattern(
    rf"\b(?:before|earlier than|vor|avant|antes|prima|voor|przed|перед){_ARTICLE}",
    re.IGNORECASE,
)
_FROM = lazy_pattern(
    rf"\b(?:from|starting|as of|ab|a partir|desde|dal|vanaf|od|з|с){_ARTICLE}", re.IGNORECASE
)
_UNTIL = lazy_pattern(
    r"\b(?:by|until|till|bis|spatestens|jusqu'?au?|hasta|ate|entro|fino a|tot|до)"
    rf"(?:\s+(?:zum|al?))?{_ARTICLE}",
    re.IGNORECASE,
)
_APART = lazy_pattern(
    r"\b(?:only|erst|the day|shortly|soon|kurz|\d+ \w+|\w+ (?:days?|weeks?|months?|years?|tage?"
    r"|wochen|monate?|jours?|semaines?|mois|dias?|semanas?|meses))\s+(?:on\s+)?$",
    re.IGNORECASE,
)
"""Before such a bound: "two weeks after the 24th" is another day."""


class _Bound(Enum):
    ON = "on"
    AFTER = "after"
    BEFORE = "before"
    FROM = "from"
    UNTIL = "until"
    OTHER = "other"


_BOUNDS = (
    (_AFTER, _Bound.AFTER),
    (_BEFORE, _Bound.BEFORE),
    (_FROM, _Bound.FROM),
    (_UNTIL, _Bound.UNTIL),
    (_ON, _Bound.ON),
)
_INCLUSIVE = {_Bound.FROM, _Bound.UNTIL}


def check_date_bounds(said: SentenceFeatures, read: SentenceFeatures) -> RuleFinding:
    """Return LACKING where a day of a statement is one side's bound and the other side's day.

    A day that stands after no word of its own says nothing; "by", "until" and "from" may include
    it, and differ from each other alone.
    """
    theirs = [(place, _bound(read, place)) for place in read.places]
    for place in said.places:
        days = _days(place)
        bound = _bound(said, place)
        if not days or bound is _Bound.OTHER:
            continue
        there = {other for each, other in theirs if days & _days(each)}
        if there and all(_differ(bound, other) for other in there):
            return RuleFinding.LACKING
    return RuleFinding.HOLDS


def _differ(one: _Bound, other: _Bound) -> bool:
    if {one, other} & _INCLUSIVE:
        return {one, other} == _INCLUSIVE
    return one is not other and _Bound.OTHER not in {one, other}


def _days(place: PlacedWord) -> frozenset[str]:
    """Return the days with their month: "24@8"."""
    return frozenset(form for form in place.forms if "@" in form and form[0] != "@")


def _bound(features: SentenceFeatures, place: PlacedWord) -> _Bound:
    """Return how the words before a date bind it."""
    if not _days(place) or features.negations:  # "not before the 24th" has the 24th in it
        return _Bound.OTHER
    before = features.text[: _start(features, place)]
    for pattern, bound in _BOUNDS:
        if found := pattern.search(before):
            is_apart = _APART.search(before[: found.start()])
            return _Bound.OTHER if is_apart else bound
    return _Bound.OTHER


def _start(features: SentenceFeatures, place: PlacedWord) -> int:
    """Return where a date begins: at its day, which may stand before its month."""
    at = features.places.index(place)
    if not at:
        return place.start
    day = features.places[at - 1]
    is_day = any(f"{form}@" in each for form in day.forms for each in _days(place))
    return day.start if is_day and place.start - day.end <= len("th of ") else place.start
