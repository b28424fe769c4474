"""Joined parts: "the room and the cleaning", of which the source says only the room.

The second part then stands in a sentence that has nothing else of the statement.
"""

import re
from collections.abc import Sequence

from core.base.lazy_regex import lazy_pattern
from core.chat.citations.clause_rules import RuleFinding
from core.chat.citations.referring_words import begins_with_pronoun
from core.chat.citations.sentence_features import PlacedWord, SentenceFeatures

_AND = lazy_pattern(
    r"\b(?:and|und|et|y|e|i|oraz|ve|и|та|og|och|as well as|sowie|ainsi que)\s+(?:also\s+|auch\s+)?"
    r"(?:(?:the|a|an|der|die|das|den|dem|ein|eine|le|la|les|un|une|el|los|las|una|il|lo|gli|o|os"
    r"|as|de|het|een|mrs?|ms|dr|frau|herr)\.?\s+|l['’])?$",
    re.IGNORECASE,
)
_ALSO = lazy_pattern(
    r"\b(?:also|too|as well|likewise|in addition|auch|ebenso|ausserdem|zudem|aussi|egalement"
    r"|tambien|ademas|anche|inoltre|tambem|ook|takze|rowniez|ayrica|также|тоже|також)\b",
    re.IGNORECASE,
)
_ENDED = lazy_pattern(r"[.!?。！？।][\W_]*$")
_MIN_BEFORE = 2
"""Content words of the statement before the joined part that stand in its source's sentence."""


def check_joined_parts(
    said: SentenceFeatures,
    sentences: Sequence[SentenceFeatures],
    place: int,
    label: frozenset[str],
) -> RuleFinding:
    """Return LACKING where what follows an "and" is told elsewhere, of something else.

    `place` is the sentence that holds most of the statement; words of `label` stand in all.
    """
    best = sentences[place].words | label
    for at, word in enumerate(said.places):
        before = [each for each in said.places[:at] if not best.isdisjoint(each.forms)]
        is_joined = _AND.search(said.text[: word.start]) is not None
        if not is_joined or len(before) < _MIN_BEFORE or not best.isdisjoint(word.forms):
            continue
        others = [each for each in sentences if not each.words.isdisjoint(word.forms)]
        if others and all(_is_apart(said, word, each, label) for each in others):
            return RuleFinding.LACKING
    return RuleFinding.HOLDS


def _is_apart(
    said: SentenceFeatures, word: PlacedWord, other: SentenceFeatures, label: frozenset[str]
) -> bool:
    """Whether a sentence holds this word of a statement and none of its other ones."""
    shared = (other.words & said.words) - set(word.forms) - label
    goes_on = begins_with_pronoun(other.text) or _ALSO.search(other.text)
    return not shared and not goes_on and _ENDED.search(other.text) is not None
