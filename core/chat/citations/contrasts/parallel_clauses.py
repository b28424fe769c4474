"""Parallel clauses: "the tenant pays the electricity, the landlord the water".

A statement that takes its subject from one clause and the rest from the other one has all its words
in one sentence of the source, which still says something else.
"""

from collections.abc import Sequence
from itertools import pairwise

from core.base.lazy_regex import lazy_pattern
from core.chat.citations.clause_rules import RuleFinding, has_clause_end
from core.chat.citations.number_normalization import is_number
from core.chat.citations.referring_words import POINTS_BACK
from core.chat.citations.sentence_features import PlacedWord, SentenceFeatures

_CLAUSE_END = lazy_pattern(
    r"[;,،，、](?!\d)\s*|\s\b(?:and|but|while|whereas|und|aber|wahrend|et|mais|tandis que|y|pero"
    r"|mientras|e|ma|mas|mentre|enquanto|en|maar|terwijl|och|men|og|a|ale|i|natomiast|и|а|но|та"
    r"|але|और|लेकिन|و)\b\s"
)


def check_parallel_clauses(said: SentenceFeatures, read: SentenceFeatures) -> RuleFinding:
    """Return LACKING where a statement joins one clause's subject to the other's predicate.

    Both clauses must be built alike, by a word that the statement shares with both, and each must
    have a word of its own that the statement leaves out.
    """
    if len(said.words - read.words) or has_clause_end(said.text.rstrip(" .!?।。")):
        return RuleFinding.HOLDS
    clauses = _clauses(read)
    for first, second in pairwise(clauses):
        for subject, other in ((first, second), (second, first)):
            if _is_joined(said, subject, other, read):
                return RuleFinding.LACKING
    return RuleFinding.HOLDS


def _clauses(read: SentenceFeatures) -> list[list[PlacedWord]]:
    ends = [match.start() for match in _CLAUSE_END.finditer(read.text)]
    clauses: list[list[PlacedWord]] = [[] for _ in range(len(ends) + 1)]
    for place in read.places:
        clauses[sum(end < place.start for end in ends)].append(place)
    return [clause for clause in clauses if clause]


def _is_joined(
    said: SentenceFeatures,
    subject: Sequence[PlacedWord],
    other: Sequence[PlacedWord],
    read: SentenceFeatures,
) -> bool:
    """Whether a statement begins with words of `subject` alone and goes on with those of `other`.

    `other` then begins with a subject of its own.
    """
    ours, theirs = _forms(subject), _forms(other)
    both = ours & theirs
    if not said.words & both or not said.words <= ours | theirs:
        return False
    begins, goes_on = (
        [place for place in said.places if set(place.forms) & (words - both)]
        for words in (ours, theirs)
    )
    if not begins or not goes_on or begins[-1].start > goes_on[0].start:
        return False
    predicate = _forms(goes_on)
    before: list[PlacedWord] = []
    for place in other:
        if predicate & set(place.forms):
            break
        before.append(place)
    own = _forms(before) - said.words
    left_out = ours - said.words
    ends = (found.end() for found in _CLAUSE_END.finditer(read.text, 0, other[0].start))
    text = read.text[max(ends, default=0) : other[-1].end]
    has_subject = own and not all(map(is_number, own)) and not POINTS_BACK.search(text)
    return bool(has_subject and left_out)


def _forms(places: Sequence[PlacedWord]) -> frozenset[str]:
    return frozenset(form for place in places for form in place.forms)
