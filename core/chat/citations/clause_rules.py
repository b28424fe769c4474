"""Clause rules: numbers, units, names and opposites of a statement against what it rests on.

Words alone say what a statement is about; these rules look whether each number, name and direction
stands in the same clause as its words do. They may refute or withhold, never support.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum

from core.base.lazy_regex import lazy_pattern
from core.chat.citations.folded_text import LETTER
from core.chat.citations.measured_units import MEASURES, QUANTITY, UNITS, unit_of
from core.chat.citations.number_normalization import is_computed_from, is_number
from core.chat.citations.opposite_words import (
    NEGATED_AS_OPPOSITE,
    OPPOSITES,
    STRICT,
    is_not_before,
)
from core.chat.citations.sentence_features import PlacedWord, SentenceFeatures

_WORD = lazy_pattern(rf"{LETTER}+(?:['’][a-z]+)?|\d+")
_BOUNDARY = lazy_pattern(
    r"[;()|\n–—]|[,:](?!\d)|[.!?](?=\s)"
    r"|\b(?:and|but|while|whereas|or|und|aber|oder|wahrend|et|mais|y|pero)\b"
)
_STEP = lazy_pattern(
    r"(?:\b(?:step|schritt|etape|paso|passo|stap|krok\w{0,2}|adim|крок\w{0,2}"
    r"|шаг\w{0,2}|चरण|الخطوة) "
    r"|(?:手順|ステップ|步骤|第)\s?)$",
    re.IGNORECASE,
)
_CODE_LETTERS = lazy_pattern(r"(?<![\w-])[A-Z]{1,4}-$")
"""Letters of a code before its number: "K-" of "K-22"."""
_HALF_DAY = lazy_pattern(
    r"\s?(?:p\.?m\b|o'clock in the (?:evening|afternoon)|in the (?:evening|afternoon)"
    r"|uhr (?:abends|nachmittags)|at night)"
)
_BOUNDS_OF_TIME = frozenset({"earliest", "before", "after", "fruheste", "vor", "nach"})
_DATE_WORDS = 2
"""Words beside a month that are its day and year."""
_REACH = 5
"""Content words on either side of a number that say what it counts."""
_NEARER = 1.25
"""How much nearer another number of the kind must stand to these words to be the right one."""
_FAR = 3.0
"""Words between a number and a word that halve what that word says of it."""
_ACROSS = 0.5
"""What is left of it behind a clause's end."""
MIN_SAME_CLAUSE = 0.5
"""Share of these words that must stand in the sentence of another number for it to refute this."""
MIN_ELSEWHERE = 0.75
"""The same where this number stands in another sentence, with less than half of the words."""


class RuleFinding(Enum):
    """What the rules say of a statement whose words its evidence holds.

    WITHHELD: a name, unit or direction of it is not there. LACKING: a number, date or code name is
    not there. REFUTED: another one stands there.
    """

    HOLDS = "holds"
    WITHHELD = "withheld"
    LACKING = "lacking"
    REFUTED = "refuted"


_WORST = (
    RuleFinding.HOLDS,
    RuleFinding.WITHHELD,
    RuleFinding.LACKING,
    RuleFinding.REFUTED,
)


@dataclass(frozen=True, slots=True)
class _Clauses:
    """Where words and the ends of clauses stand in a text."""

    features: SentenceFeatures
    words: tuple[tuple[str, int], ...]
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    bars: tuple[int, ...]
    by_form: dict[str, list[PlacedWord]]

    def distance(self, one: int, other: int) -> float:
        """Return how much a word at `one` says of a number at `other`, 0 to 1."""
        first, last = min(one, other), max(one, other)
        starts = self.starts
        between = max(0, bisect_left(starts, last) - bisect_left(starts, first) - 1)
        across = bisect_left(self.ends, last) - bisect_left(self.ends, first)
        return _ACROSS**across / (1 + between / _FAR)

    def sentence(self, at: int) -> int:
        """Return the number of the sentence at a place; a bar is between two."""
        return bisect_left(self.bars, at)

    def nearness(self, around: Iterable[PlacedWord], at: int) -> float:
        """Return how near the words around a number or direction stand to a place here."""
        return sum(
            max((self.distance(each.start, at) for each in self._holding(word)), default=0.0)
            for word in around
        )

    def share_within(self, around: Sequence[PlacedWord], at: int) -> float:
        """Return the share of the words that stand in the sentence at a place."""
        here = self.sentence(at)
        held = sum(
            any(self.sentence(each.start) == here for each in self._holding(word))
            for word in around
        )
        return held / len(around) if around else 0.0

    def _holding(self, word: PlacedWord) -> set[PlacedWord]:
        return {place for form in word.forms for place in self.by_form.get(form, ())}

    def around(self, at: int) -> list[PlacedWord]:
        """Return the content words without numbers that stand around a place in its clause.

        "ten" in "between eight and ten" has none.
        """
        places = [place for place in self.features.places if not _counts(place)]
        clause = bisect_left(self.ends, at)
        same = [each for each in places if bisect_left(self.ends, each.start) == clause]
        return sorted(same, key=lambda place: abs(place.start - at))[:_REACH]


def check_clauses(statement: SentenceFeatures, evidence: SentenceFeatures) -> RuleFinding:
    """Return whether numbers, units and directions of a statement hold in its evidence."""
    said, read = _clauses(statement), _clauses(evidence)
    findings = [
        *_check_numbers(said, read),
        *_check_units(said, read),
        *_check_opposites(said, read),
    ]
    return max(findings, key=_WORST.index, default=RuleFinding.HOLDS)


def is_same_amount(
    said: SentenceFeatures, one: PlacedWord, read: SentenceFeatures, other: PlacedWord
) -> bool:
    """Whether two words are the same one, or the same number in units that don't contradict."""
    if not _counts(one):
        return not set(one.forms).isdisjoint(other.forms)
    mine = unit_of(said.text, one.start, one.end)
    theirs = unit_of(read.text, other.start, other.end)
    return _agree(mine, theirs) and _is_same(_clauses(said), one, _clauses(read), other)


def directions(features: SentenceFeatures) -> frozenset[str]:
    """Return the normalized words that have an opposite."""
    text = features.text
    return frozenset(
        form
        for place in features.places
        if text[place.start : place.end].casefold() in OPPOSITES
        for form in place.forms
    )


def has_clause_end(text: str) -> bool:
    """Whether a clause ends within a text without accents."""
    return bool(_BOUNDARY.search(text))


def worse(one: RuleFinding, other: RuleFinding) -> RuleFinding:
    """Return the finding that says more against a statement."""
    return max(one, other, key=_WORST.index)


def _clauses(features: SentenceFeatures) -> _Clauses:
    text = features.text
    by_form: dict[str, list[PlacedWord]] = {}
    for place in features.places:
        for form in place.forms:
            by_form.setdefault(form, []).append(place)
    words = tuple((match[0].casefold(), match.start()) for match in _WORD.finditer(text))
    return _Clauses(
        features,
        words,
        tuple(start for _, start in words),
        tuple(match.start() for match in _BOUNDARY.finditer(text)),
        tuple(at for at, letter in enumerate(text) if letter == "|"),
        by_form,
    )


def _counts(place: PlacedWord) -> bool:
    return any(is_number(form) for form in place.forms)


# ---------------------------------------------------------------- numbers


def _check_numbers(said: _Clauses, read: _Clauses) -> Iterator[RuleFinding]:
    """Yield a finding for each number: it stands in the evidence, with its unit, at its words."""
    numbers = [place for place in read.features.places if _counts(place)]
    for place in said.features.places:
        if _counts(place):
            yield _check_number(said, read, place, numbers)


def _check_number(
    said: _Clauses, read: _Clauses, place: PlacedWord, numbers: Sequence[PlacedWord]
) -> RuleFinding:
    unit = unit_of(said.features.text, place.start, place.end)
    same = [each for each in numbers if _is_same(said, place, read, each)]
    right = [
        each for each in same if _agree(unit, unit_of(read.features.text, each.start, each.end))
    ]
    others = [
        each
        for each in numbers
        if each not in same and _kind(read, each) == _kind(said, place)
        and _agree(unit, unit_of(read.features.text, each.start, each.end))
        and not _stand_in_order(said, place, same, each)
    ]  # fmt: skip
    around = said.around(place.start)
    if not right and any(_is_month_of(each, place) for each in numbers):
        return RuleFinding.LACKING
    if not right:
        held = max((read.share_within(around, each.start) for each in others or same), default=0.0)
        is_other = held >= MIN_SAME_CLAUSE and not _is_computed(read, place)
        return RuleFinding.REFUTED if is_other else RuleFinding.LACKING
    if _STEP.search(said.features.text[: place.start]):
        return _check_step(said, read, right, others)
    is_elsewhere = any(_stands_elsewhere(read, around, right, each) for each in others)
    return RuleFinding.REFUTED if is_elsewhere else RuleFinding.HOLDS


def _is_computed(read: _Clauses, place: PlacedWord) -> bool:
    """Whether a number is a sum, difference or double of numbers of the evidence."""
    numbers = (form for each in read.features.places for form in each.forms)
    return any(is_computed_from(form, filter(is_number, numbers)) for form in place.forms)


def _check_step(
    said: _Clauses, read: _Clauses, right: Sequence[PlacedWord], others: Sequence[PlacedWord]
) -> RuleFinding:
    """Return REFUTED where the step of another number holds what a statement says of its own."""
    words = [each for each in said.features.places if not _counts(each)]
    held = max(read.share_within(words, each.start) for each in right)
    there = max((read.share_within(words, each.start) for each in others), default=0.0)
    is_other = there >= MIN_SAME_CLAUSE and there >= 2 * held
    return RuleFinding.REFUTED if is_other else RuleFinding.HOLDS


def _stands_elsewhere(
    read: _Clauses, around: Sequence[PlacedWord], right: Sequence[PlacedWord], rival: PlacedWord
) -> bool:
    """Whether the words around a number stand at another number of the evidence.

    In one sentence what is nearer counts, between sentences which one holds them.
    """
    same = [each for each in right if read.sentence(each.start) == read.sentence(rival.start)]
    if not around:
        return False
    if same:
        best = max(read.nearness(around, each.start) for each in same)
        return 0 < best * _NEARER < read.nearness(around, rival.start)
    held = max(read.share_within(around, each.start) for each in right)
    there = read.share_within(around, rival.start)
    return there >= MIN_ELSEWHERE and there >= 2 * held


def _is_same(said: _Clauses, one: PlacedWord, read: _Clauses, other: PlacedWord) -> bool:
    """Whether two numbers are equal; "nine in the evening" is 21, not a bare 9."""
    mine = set(one.forms)
    if _HALF_DAY.match(said.features.text[one.end :].casefold()):
        late = {str(int(form) + 12) for form in mine if form.isdigit() and int(form) < 12}
        if late & set(other.forms):
            return True
        if not _HALF_DAY.match(read.features.text[other.end :].casefold()):
            return False
    days = {form for form in mine if "@" in form}
    if not days:
        return bool(mine & set(other.forms))
    return days <= set(other.forms) and mine <= _forms_around(read, other)


def _is_month_of(vague: PlacedWord, date: PlacedWord) -> bool:
    """Whether a month without a day is that of a date, which it can't refute."""
    month = {form for form in vague.forms if "@" in form}
    return bool(month) and month < set(date.forms)


def _forms_around(clauses: _Clauses, place: PlacedWord) -> set[str]:
    """Return the forms of a month and of what stands beside it: "17 October 2026" is three."""
    places = clauses.features.places
    at = bisect_left(places, place.start, key=lambda each: each.start)
    around = places[max(0, at - _DATE_WORDS) : at + _DATE_WORDS + 1]
    return {form for each in around for form in each.forms}


def _kind(clauses: _Clauses, place: PlacedWord) -> str:
    """Return month, day, year or number: only numbers of one kind stand for each other.

    Those of codes ("K-22") are of the kind of their letters.
    """
    if any("@" in form for form in place.forms):
        return "month"
    if _is_day(clauses, place):
        return "day"
    if code := _CODE_LETTERS.search(clauses.features.text[: place.start]):
        return code[0]
    text = clauses.features.text[place.start : place.end]
    is_year = len(text) == 4 and text.isdigit() and 1000 <= int(text) <= 2100
    return (
        "year"
        if is_year and not unit_of(clauses.features.text, place.start, place.end)
        else "number"
    )


def _is_day(clauses: _Clauses, place: PlacedWord) -> bool:
    """Whether a number stands beside its month: "30 June"."""
    places = clauses.features.places
    at = bisect_left(places, place.start, key=lambda each: each.start)
    beside = (*places[max(0, at - 1) : at], *places[at + 1 : at + 2])
    days = {f"{form}@" for form in place.forms}
    return any(form.startswith(day) for each in beside for form in each.forms for day in days)


def _stand_in_order(
    said: _Clauses,
    place: PlacedWord,
    right: Sequence[PlacedWord],
    rival: PlacedWord,
) -> bool:
    """Whether a statement says both numbers, in the order in which the evidence has them."""
    mine = [each for each in said.features.places if set(each.forms) & set(rival.forms)]
    return any(
        (each.start < place.start) == (rival.start < own.start)
        for each in mine
        for own in right
        if each is not place
    )


def _check_units(said: _Clauses, read: _Clauses) -> Iterator[RuleFinding]:
    """Yield WITHHELD for a unit that the evidence has not, but another one of the same quantity."""
    theirs = {UNITS[word] for word, _ in read.words if word in MEASURES}
    quantities = {QUANTITY.get(unit) for unit in theirs} - {None}
    for word, _at in said.words:
        unit = UNITS[word] if word in MEASURES else ""
        if unit and unit not in theirs and QUANTITY.get(unit) in quantities:
            yield RuleFinding.WITHHELD


def _agree(one: str, other: str) -> bool:
    return not one or not other or one == other


# ---------------------------------------------------------------- opposites


def _check_opposites(said: _Clauses, read: _Clauses) -> Iterator[RuleFinding]:
    """Yield a finding for each direction: its opposite doesn't stand where it should."""
    mine, theirs = _places_of(said), _places_of(read)
    is_negated = len(said.features.negations) % 2
    is_from_then_on = all(is_not_before(each.features.text) for each in (said, read))
    for word, at in said.words:
        if is_from_then_on and word in _BOUNDS_OF_TIME:
            continue
        if is_negated and word in NEGATED_AS_OPPOSITE:
            continue
        for same, opposite in OPPOSITES.get(word, ()):
            if same & theirs.keys():
                if opposite & theirs.keys() and not opposite & mine.keys():
                    yield _nearer_side(said, read, at, same, opposite)
            elif opposite & theirs.keys() and not opposite & mine.keys():
                yield RuleFinding.REFUTED
            elif word in STRICT:
                yield RuleFinding.WITHHELD


def _nearer_side(
    said: _Clauses, read: _Clauses, at: int, same: frozenset[str], opposite: frozenset[str]
) -> RuleFinding:
    """Return REFUTED if the opposite stands nearer to the words around a direction."""
    around = [word for word in said.around(at) if word.start != at]

    def nearest(side: frozenset[str]) -> float:
        return max(
            (read.nearness(around, place) for word, place in read.words if word in side),
            default=0.0,
        )

    refuted = nearest(opposite) > nearest(same) * _NEARER
    return RuleFinding.REFUTED if refuted else RuleFinding.HOLDS


def _places_of(clauses: _Clauses) -> dict[str, int]:
    return dict(clauses.words)
