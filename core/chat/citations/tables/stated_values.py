"""Stated values: what a table's cell or a field ("Deposit: 940") says of a short answer.

Such a value has no verb and often no unit. What it is of is told by the row, the head of its column
or the field's name, which the question or the answer repeats: no grammar is needed for that.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from core.base.lazy_regex import lazy_pattern
from core.chat.citations.clause_rules import RuleFinding, is_same_amount
from core.chat.citations.measured_units import (
    CURRENCIES,
    QUANTITY,
    UNITS,
    is_money_or_share,
    unit_of,
    unit_word,
    units_named,
)
from core.chat.citations.number_normalization import is_number
from core.chat.citations.sentence_features import PlacedWord, SentenceFeatures, passage_features
from core.chat.citations.tables.table_rows import TableRow

_FIELD = lazy_pattern(
    r"^[ \t]*(?:[-*+•‣–][ \t]+)?\**(?P<name>[^:：|.!?。？\n]{2,40}?)\**(?::\**[ \t]+|：[ \t]*)"
    r"(?P<value>[^|\n]{1,80}?)[ \t]*$",
    8,  # re.MULTILINE
)
MAX_VALUE_WORDS = 6
"""Content words of a value; a longer text is a sentence, which the other rules read."""
MIN_NAMED = 0.5
"""Share of a name's words that question and answer must repeat."""
_YEARS = range(1900, 2101)


@lru_cache(maxsize=1)
def _unit_words() -> frozenset[str]:
    """Return the units as features write them."""
    return passage_features(" ".join(word for word in UNITS if word.isalpha())).words


@lru_cache(maxsize=1)
def _money_words() -> frozenset[str]:
    """Return the words for money and percent, which tell nothing of what a value is of."""
    words = filter(None, map(unit_word, filter(is_money_or_share, UNITS.values())))
    return passage_features(" ".join(words)).words


class StatedValue(NamedTuple):
    """A value at characters `start` to `end`, and the words that tell what it is of.

    `others` are those of the row's other cells, each by itself, or of the field's name; `label`
    those of its head and of the row's or field's name; `group` is what its rivals stand in: its
    table, or all fields. `units` are those that its head or name says it is in, where any are.
    """

    start: int
    end: int
    group: tuple[str, ...]
    others: tuple[frozenset[str], ...]
    head: frozenset[str]
    label: frozenset[str]
    value: SentenceFeatures
    units: frozenset[str] = frozenset()

    @property
    def key(self) -> frozenset[str]:
        """All words that tell what it is of."""
        return self.head.union(*self.others)


class ValueFinding(NamedTuple):
    """HOLDS or REFUTED, and the row or field that says so."""

    finding: RuleFinding
    start: int
    end: int


def stated_values(text: str, rows: Sequence[TableRow]) -> list[StatedValue]:
    """Return the values of a source's rows and fields.

    An amount without a unit may be in the money that the source names elsewhere, in no other one.
    """
    found = [*_of_rows(rows), *_of_fields(text)]
    money = units_named(text) & CURRENCIES if found else frozenset[str]()
    return [each if each.units else each._replace(units=money) for each in found]


def _of_rows(rows: Sequence[TableRow]) -> Iterator[StatedValue]:
    for row in rows:
        cells = [passage_features(cell) for cell in row.cells]
        heads = [passage_features(head).words for head in row.heads]
        for place, cell in enumerate(cells):
            if cell.words and len(cell.words) <= MAX_VALUE_WORDS:
                others = tuple(
                    each.words - _money_words() for at, each in enumerate(cells) if at != place
                )
                label = heads[place] | (others[0] if place else frozenset())
                head, units = heads[place], units_named(row.heads[place])
                yield StatedValue(row.start, row.end, row.heads, others, head, label, cell, units)


def _of_fields(text: str) -> Iterator[StatedValue]:
    for field in _FIELD.finditer(text):
        value = passage_features(field["value"])
        name = passage_features(field["name"]).words
        if name and value.words and len(value.places) <= MAX_VALUE_WORDS:
            units = units_named(field["name"])
            yield StatedValue(*field.span(), ("",), (name,), frozenset(), name, value, units)


def check_values(
    said: SentenceFeatures, asked: SentenceFeatures, values: Sequence[StatedValue]
) -> ValueFinding | None:
    """Return what the value that question and answer name says of the answer; None: nothing.

    Only where one value is named more closely than any other of its table.
    """
    if said.negations or asked.negations or not values:
        return None
    groups: dict[tuple[str, ...], list[StatedValue]] = defaultdict(list)
    for value in values:
        groups[value.group].append(value)
    found = [_check_group(said, asked, group) for group in groups.values()]
    told = [each for each in found if each]
    told.sort(key=lambda each: each.finding is not RuleFinding.HOLDS)
    return told[0] if told else None


def _check_group(
    said: SentenceFeatures, asked: SentenceFeatures, group: Sequence[StatedValue]
) -> ValueFinding | None:
    labels = frozenset[str]().union(*(value.label for value in group))
    naming = asked.words | frozenset(w for w in said.words & labels if not is_number(w))
    named = _named(naming, group)
    own = [w for w in said.places if not (naming | _unit_words()) & set(w.forms)]
    if not named or not own:
        return None
    same = [value for value in named if _is_value(said, own, value)]
    if same:
        kinds = {_kind(each.value.places) for each in same}
        rivals = [v for v in named if v not in same and _kind(v.value.places) in kinds]
        first = same[0]
        is_sure = not rivals and len({each.start for each in same}) == 1
        return ValueFinding(RuleFinding.HOLDS, first.start, first.end) if is_sure else None
    [first, *more] = named
    is_headed = not first.head or first.head & naming
    if more or not is_headed or len(own) > MAX_VALUE_WORDS:
        return None
    is_elsewhere = any(
        _is_value(said, own, each)
        for each in group
        if each.head == first.head or each.start == first.start
    )
    is_other = _kind(first.value.places) == _kind(own)
    has_number = all(any(map(is_number, word.forms)) for word in own)
    if is_other and (is_elsewhere or has_number):
        return ValueFinding(RuleFinding.REFUTED, first.start, first.end)
    return None


def _named(naming: frozenset[str], group: Sequence[StatedValue]) -> list[StatedValue]:
    """Return the values that the words of question and answer name most closely."""
    spread = Counter(word for value in group for word in value.key)
    scores = []
    for value in group:
        is_named = any(
            other and len(other & naming) >= MIN_NAMED * len(other) for other in value.others
        )
        hits = value.key & naming
        weight = math.fsum(math.log(1 + len(group) / spread[word]) for word in hits)
        scores.append(weight if is_named else 0.0)
    best = max(scores)
    if not best:
        return []
    return [value for value, score in zip(group, scores, strict=True) if score > best - 1e-9]


def _is_value(said: SentenceFeatures, words: Sequence[PlacedWord], stated: StatedValue) -> bool:
    """Whether these words of an answer are all of a value, or one of several that it lists."""
    there = stated.value.places
    if any(_is_in_other_unit(said, mine, stated.units) for mine in words):
        return False
    return all(
        any(is_same_amount(said, mine, stated.value, each) for each in there) for mine in words
    )


def _is_in_other_unit(said: SentenceFeatures, word: PlacedWord, units: frozenset[str]) -> bool:
    """Whether a number of an answer has another unit than the ones that were named.

    Money alone says nothing of what is counted in something else.
    """
    unit = unit_of(said.text, word.start, word.end) if any(map(is_number, word.forms)) else ""
    if not unit or not units or unit in units:
        return False
    return unit in CURRENCIES or (unit in QUANTITY and not units <= CURRENCIES)


def _kind(words: Sequence[PlacedWord]) -> str:
    """Return date, year, number or words: only values of one kind stand for each other."""
    forms = [form for word in words for form in word.forms]
    if any("@" in form for form in forms):
        return "date"
    numbers = [form for form in forms if is_number(form)]
    if not numbers:
        return "words"
    is_year = all(form.isdigit() and int(form) in _YEARS for form in numbers)
    return "year" if is_year else "number"
