"""Amount bounds: "at most 178" is not "more than 178", nor "at the latest" "at the earliest"."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from enum import Enum

from core.base.lazy_regex import lazy_pattern
from core.chat.citations.clause_rules import RuleFinding
from core.chat.citations.opposite_words import EARLIEST, LATEST
from core.chat.citations.sentence_features import SentenceFeatures


class _Side(Enum):
    UP_TO = "up to"
    FROM = "from"


_AT_MOST = (
    r"up to|at most|at the most|(?:no|not) more than|not exceed(?:ing)?|a maximum of|maximum"
    r"|below|under|less than|fewer than"
    r"|bis zu|hochstens|maximal|nicht mehr als|weniger als|unter"
    r"|jusqu['’]a|au plus|au maximum|pas plus de|moins de"
    r"|hasta|como maximo|no mas de|menos de|fino a|al massimo|non piu di|meno di"
    r"|ate|no maximo|nao mais de|tot|hoogstens|maximaal|niet meer dan|minder dan"
    r"|hogst|upp till|inte mer an|mindre an|opptil|hoyst|maks|ikke mer enn|mindre enn"
    r"|nejvyse|maximalne|nie wiecej niz|najwyzej|mniej niz|не более|не больше|менее|не більше"
)
_AT_LEAST = (
    r"at least|(?:no|not) (?:less|fewer) than|a minimum of|minimum|above|more than|exceed(?:s|ing)?"
    r"|mindestens|wenigstens|mehr als|nicht weniger als|uber"
    r"|au moins|au minimum|plus de|al menos|por lo menos|como minimo|mas de"
    r"|almeno|piu di|oltre|pelo menos|no minimo|mais de|minstens|ten minste|meer dan"
    r"|minst|mer an|mer enn|nejmene|vice nez|co najmniej|wiecej niz|не менее|не меньше|более"
    r"|больше|щонайменше|більше"
)
_BEFORE_NUMBER = lazy_pattern(
    rf"(?:\b(?P<most>{_AT_MOST})|\b(?P<least>{_AT_LEAST}))\s+(?:the|of|de|von|a|al)?\s*\W{{0,2}}$",
    re.IGNORECASE,
)
_BEHIND_NUMBER = lazy_pattern(
    r"\W{0,2}(?:[^\W\d_]+\W{1,2}){0,2}?"
    r"(?:(?P<most>or less|or fewer|at most|oder weniger|au plus|au maximum|como maximo|al massimo"
    r"|以下|以内)"
    r"|(?P<least>or more|or longer|at least|oder mehr|au moins|como minimo|almeno|以上))",
    re.IGNORECASE,
)


def check_amount_bounds(said: SentenceFeatures, read: SentenceFeatures) -> RuleFinding:
    """Return REFUTED where a number of a statement is bounded on the other side in its source.

    What one of both negates is left to others: "more than six is not allowed" is "at most six".
    """
    ours, theirs = said.text, read.text
    for latest, earliest in ((LATEST, EARLIEST), (EARLIEST, LATEST)):
        if latest.search(ours) and earliest.search(theirs) and not latest.search(theirs):
            return RuleFinding.REFUTED
    if len(said.negations) % 2 != len(read.negations) % 2:
        return RuleFinding.HOLDS
    mine, its = _bounds(said), _bounds(read)
    is_other = any(
        sides != {None} and None not in its.get(form, {None}) and sides.isdisjoint(its[form])
        for form, sides in mine.items()
    )
    return RuleFinding.REFUTED if is_other else RuleFinding.HOLDS


def _bounds(features: SentenceFeatures) -> Mapping[str, set[_Side | None]]:
    """Return for each number the sides on which it is bounded, None where it is not."""
    found: dict[str, set[_Side | None]] = defaultdict(set)
    for form, start, end in _numbers(features):
        before = _BEFORE_NUMBER.search(features.text[max(0, start - 40) : start])
        bound = before or _BEHIND_NUMBER.match(features.text, end)
        side = None
        if bound:
            side = _Side.UP_TO if bound["most"] else _Side.FROM
        found[form].add(side)
    return found


def _numbers(features: SentenceFeatures) -> Iterator[tuple[str, int, int]]:
    for place in features.places:
        for form in place.forms:
            if form[0].isdigit() and "@" not in form:
                yield form, place.start, place.end
