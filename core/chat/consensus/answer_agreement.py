"""Answer agreement: whether two answers to one question say the same, and what differs.

Numbers, names, negations and a leading yes or no must not contradict each other; then the same
words, or vectors that are near, count as the same meaning. That several answers agree proves
nothing: a model may be wrong in the same way each time.
"""

import difflib
import re
from array import array
from collections.abc import Sequence

from core.base.lazy_regex import lazy_pattern
from core.base.sentences import sentence_spans
from core.chat.citations.citation_markers import strip_markers
from core.chat.citations.clause_rules import RuleFinding, check_clauses
from core.chat.citations.sentence_features import (
    SentenceFeatures,
    answer_features,
    passage_features,
)
from core.chat.citations.written_values import plain_values
from core.chat.conversations.assurance import Difference

SHORT_WORDS = 6
"""Most content words of an answer that is compared by its words: a vector hardly tells “1931” from
“1932”, or “the north gate” from “the south gate”."""
MIN_COSINE = 0.85
"""Least cosine of two longer answers that say the same: most that do lie above .9, most that don't
below .8 (`tests/benchmarks/answers/answer_agreement.py`). It can't see that two changed parts."""
MIN_SHARED_WORDS = 0.6
"""The same without vectors: the share of all their words that two answers have in common."""
MOST_SENTENCES = 12
"""Sentences of an answer that are embedded, the first ones."""
MOST_DIFFERENCES = 6

_WORDS = lazy_pattern(r"\S+")
_EDGES = ".,;:!?…\"'“”„«»()[]*_`"
_UNIT = lazy_pattern(
    r"\b(?:(second|minute|hour|day|week|month|quarter|year|euro|dollar|cent|percent|metre|meter"
    r"|kilometre|mile|gram|kilo|litre|degree)s?|(sekunde|minute|stunde|tag|woche|monat|jahr|prozent"
    r"|kilometer|gramm|liter|grad)e?[ns]?|(seconde|jour|heure|semaine|mois|an|année)s?"
    r"|(segundo|minuto|hora|día|semana|mes|año)(?:e?s)?)\b",
    re.IGNORECASE,
)
_YES = frozenset(["yes", "ja", "oui", "sí", "si", "نعم"])
_NO = frozenset(["no", "nein", "non", "لا"])


def embedded_sentences(text: str) -> tuple[str, ...]:
    """Return the sentences of an answer whose vectors stand for it."""
    plain = strip_markers(text)
    spans = sentence_spans(plain)[:MOST_SENTENCES]
    return tuple(plain[start:end] for start, end in spans) or (plain,)


def mean_vector(vectors: Sequence[bytes]) -> bytes:
    """Return the mean of vectors, float32, at unit length."""
    columns = zip(*(array("f", vector) for vector in vectors), strict=True)
    sums = [sum(column) for column in columns]
    length = sum(value * value for value in sums) ** 0.5 or 1.0
    return array("f", [value / length for value in sums]).tobytes()


def say_the_same(one: str, other: str, nearness: float | None) -> bool:
    """Whether two answers say the same; `nearness` is their cosine, None if it isn't known."""
    first, second = _plain_words(one), _plain_words(other)
    if first == second:
        return True
    if _reply(first) != _reply(second) and _reply(first) and _reply(second):
        return False
    read, compared = answer_features(strip_markers(one)), answer_features(strip_markers(other))
    if _contradict(read, compared) or _contradict_each_other(_units(one), _units(other)):
        return False
    content = min(len(read.words), len(compared.words))
    if content and content <= SHORT_WORDS:
        is_part = read.words <= compared.words or compared.words <= read.words
        return is_part or _name_the_same_figure(read, compared)
    if nearness is not None:
        return nearness >= MIN_COSINE
    union = read.words | compared.words
    return bool(union) and len(read.words & compared.words) / len(union) >= MIN_SHARED_WORDS


def list_differences(common: str, other: str) -> tuple[Difference, ...]:
    """Return the words in which another answer differs from the common one, in its order."""
    first, second = _WORDS.findall(strip_markers(common)), _WORDS.findall(strip_markers(other))
    keys = [[word.strip(_EDGES).casefold() or word for word in words] for words in (first, second)]
    matcher = difflib.SequenceMatcher(None, keys[0], keys[1], autojunk=False)
    found = [
        Difference(
            common=" ".join(first[a:b]).strip(_EDGES), other=" ".join(second[c:d]).strip(_EDGES)
        )
        for tag, a, b, c, d in matcher.get_opcodes()
        if tag != "equal"
    ]
    return tuple(found[:MOST_DIFFERENCES])


def _plain_words(text: str) -> list[str]:
    words = _WORDS.findall(strip_markers(text).casefold())
    return [word for each in words if (word := each.strip(_EDGES))]


def _reply(words: Sequence[str]) -> str:
    """Return whether an answer begins with yes or no, "" with neither."""
    start = words[0] if words else ""
    return "yes" if start in _YES else "no" if start in _NO else ""


def _contradict(one: SentenceFeatures, other: SentenceFeatures) -> bool:
    """Whether a number or name of one is not in the other, both ways, or only one is negated."""
    if len(one.negations) % 2 != len(other.negations) % 2:
        return True
    return _contradict_each_other(one.numbers, other.numbers) or _contradict_each_other(
        one.names, other.names
    )


def _name_the_same_figure(one: SentenceFeatures, other: SentenceFeatures) -> bool:
    """Whether both are short and have all figures in common, and no opposite of a direction.

    A question that is answered by a figure is answered by it in whatever words.
    """
    if not one.numbers or one.numbers != other.numbers:
        return False
    if max(len(each.words - each.numbers) for each in (one, other)) > SHORT_WORDS:
        return False
    pairs = ((one, other), (other, one))
    found = (check_clauses(said, passage_features(read.text)) for said, read in pairs)
    return all(each is not RuleFinding.REFUTED for each in found)


def _contradict_each_other(one: frozenset[str], other: frozenset[str]) -> bool:
    return not (one <= other or other <= one)


def _units(text: str) -> frozenset[str]:
    """Return the units of measure in an answer: six weeks are not six months."""
    plain = plain_values(text, names_units=True)
    found = (next(filter(None, match.groups())) for match in _UNIT.finditer(plain))
    return frozenset(unit.casefold() for unit in found)
