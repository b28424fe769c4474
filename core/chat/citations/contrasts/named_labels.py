"""Named labels: "plot A2" is not "plot B2", "Mrs Miller" not "Mr Miller", 12.5 votes no 12.5 %.

Words and figures of both are the same to a comparison word by word, and a learned judge hardly sees
a letter beside a digit.
"""

from core.base.lazy_regex import lazy_pattern
from core.chat.citations.clause_rules import RuleFinding, worse
from core.chat.citations.measured_units import unit_of, units_named
from core.chat.citations.number_normalization import is_number
from core.chat.citations.sentence_features import PlacedWord, SentenceFeatures

_LABEL = lazy_pattern(r"(?<![\w.,-])(?:[A-Z]{1,2}-?\d{1,4}|\d{1,4}-?[A-Z])(?![\w-])")
"""A letter with a number: a plot, room, seat, form or standard."""
_TITLES = (
    lazy_pattern(r"\b(?:Mr|Herrn?|M|Monsieur|Señor|Sr|Sig|Signore?|Senhor|De heer)\b\.? (\w{2,})"),
    lazy_pattern(
        r"\b(?:Mrs|Ms|Miss|Frau|Mme|Madame|Senora|Señora|Sra|Signora|Senhora|Mevrouw)\b\.? (\w{2,})"
    ),
)
"""Titles of men and of women, each with the name behind it; without accents, as texts are read."""
_COUNTED = lazy_pattern(r" [^\W\d_]{4,}")
"""A word right behind a number: what is counted."""
_PERCENT = "%"


def check_labels(said: SentenceFeatures, read: SentenceFeatures) -> RuleFinding:
    """Return LACKING for a label, title or share for which a source has another one only."""
    mine, theirs = set(_LABEL.findall(said.text)), set(_LABEL.findall(read.text))
    if theirs and mine - theirs:
        return RuleFinding.LACKING
    return worse(_check_titles(said.text, read.text), _check_shares(said, read))


def _check_titles(said: str, read: str) -> RuleFinding:
    """Return REFUTED where a source calls a man what a statement calls a woman, or reversed."""
    for mine, other in (_TITLES, _TITLES[::-1]):
        theirs = set(other.findall(read)) - set(mine.findall(read))
        if theirs.intersection(mine.findall(said)):
            return RuleFinding.REFUTED
    return RuleFinding.HOLDS


def _check_shares(said: SentenceFeatures, read: SentenceFeatures) -> RuleFinding:
    """Return LACKING for a percentage that a source counts in something, or reversed."""
    counts = [place for place in read.places if _is_count(place)]
    for place in filter(_is_count, said.places):
        same = [each for each in counts if not set(each.forms).isdisjoint(place.forms)]
        if same and all(_differ(said, place, read, each) for each in same):
            return RuleFinding.LACKING
    return RuleFinding.HOLDS


def _differ(
    said: SentenceFeatures, place: PlacedWord, read: SentenceFeatures, other: PlacedWord
) -> bool:
    mine, theirs = _is_share(said, place), _is_share(read, other)
    if mine == theirs:
        return False
    counted, beside = (read, other) if mine else (said, place)
    return not units_named(counted.text) and _COUNTED.match(counted.text, beside.end) is not None


def _is_share(features: SentenceFeatures, place: PlacedWord) -> bool:
    return unit_of(features.text, place.start, place.end) == _PERCENT


def _is_count(place: PlacedWord) -> bool:
    return any(is_number(form) for form in place.forms)
