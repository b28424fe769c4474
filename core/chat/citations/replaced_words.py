"""Replaced words: a statement that is its source's sentence but for a name, number or subject.

Where most words of both stand in the same order, what stands in the same place is compared: another
name or number there refutes the statement; another subject, that the source speaks of elsewhere,
says that the predicate isn't told of it.
"""

import re
from collections.abc import Sequence
from difflib import SequenceMatcher

from core.base.lazy_regex import lazy_pattern
from core.chat.citations.clause_rules import RuleFinding
from core.chat.citations.number_normalization import is_number
from core.chat.citations.sentence_features import PlacedWord, SentenceFeatures

MIN_ALIGNED = 0.6
"""Share of a statement's content words that stand in the same order in the source's sentence."""
_MIN_WORDS = 4
_ALIKE = 4
"""Letters that two words begin with alike to be forms of one name: "Britain", "British"."""
_TITLES = frozenset({"dr", "prof", "sir", "lady", "dame", "rev", "president", "king", "queen"})
_POINTS_BACK = lazy_pattern(
    r"\W*(?:it|its|they|their|he|his|she|her|this|these|those|that|such|both|the|there|er|sie|es"
    r"|ihr\w*|sein\w*|dies\w*|der|die|das|il|ils|elle|elles|ce|cet|cette|ces|le|la|les|este|esta|estos|el"
    r"|los|las|su|sus|o|a|os|as)\b",
    re.IGNORECASE,
)
"""How a sentence begins whose subject may be what the one before it is about."""

_INSIDE = lazy_pattern(
    r"\b(?:includ(?:es?|ed|ing)|inclusive|contains?|enth[aä]lt|enthalten|inbegriffen|inklusive"
    r"|einschlie[sß]+lich|comprend|compris\w*|inclut|incluye|incluid[oa]s?)\b",
    re.IGNORECASE,
)
_ON_TOP = lazy_pattern(
    r"\b(?:in addition|additional(?:ly)?|on top|plus|extra|separately|hinzu|zus[aä]tzlich|daneben"
    r"|gesondert|zuz[uü]glich|en plus|en outre|s['’]ajoutent?|adem[aá]s|aparte)\b",
    re.IGNORECASE,
)
"""Words for what is paid inside a sum, and for what comes on top; accents may be gone."""


def check_inclusion(said: SentenceFeatures, read: SentenceFeatures) -> RuleFinding:
    """Return REFUTED where a statement includes what its source adds on top."""
    is_inside = _INSIDE.search(said.text) and not _ON_TOP.search(said.text)
    is_added = _ON_TOP.search(read.text) and not _INSIDE.search(read.text)
    return RuleFinding.REFUTED if is_inside and is_added else RuleFinding.HOLDS


def check_replacements(
    said: SentenceFeatures, read: SentenceFeatures, elsewhere: frozenset[str]
) -> RuleFinding:
    """Return what a source's sentence says of a statement that is nearly the same.

    `elsewhere` are the words of the source's other sentences.
    """
    ours, theirs = ([place.forms[0] for place in each.places] for each in (said, read))
    matcher = SequenceMatcher(None, ours, theirs, autojunk=False)
    aligned = sum(block.size for block in matcher.get_matching_blocks())
    if len(ours) < _MIN_WORDS or aligned < MIN_ALIGNED * len(ours):
        return RuleFinding.HOLDS
    finding = RuleFinding.HOLDS
    for kind, first, last, start, end in matcher.get_opcodes():
        if kind != "replace":
            continue
        new, old = said.places[first:last], read.places[start:end]
        if _words(new) & read.words or _words(old) & said.words or _are_alike(new, old):
            continue
        if _is_fact(new, said) and _is_fact(old, None, read.text):
            return RuleFinding.REFUTED
        is_subject = first == 0 and not _POINTS_BACK.match(read.text)
        if is_subject and _words(new) <= elsewhere:
            finding = RuleFinding.LACKING
    return finding


def _words(places: Sequence[PlacedWord]) -> frozenset[str]:
    return frozenset(form for place in places for form in place.forms)


def _is_fact(places: Sequence[PlacedWord], said: SentenceFeatures | None, text: str = "") -> bool:
    """Return whether all words are names or numbers; of a source, capitals tell."""
    if said is not None:
        return all(_words([place]) & said.names or _has_number(place) for place in places)
    return all(text[place.start].isupper() or _has_number(place) for place in places)


def _has_number(place: PlacedWord) -> bool:
    return any(map(is_number, place.forms))


def _are_alike(new: Sequence[PlacedWord], old: Sequence[PlacedWord]) -> bool:
    """Return whether two names may be one: forms of a word, initials, or a title."""
    ours, theirs = ([place.forms[0] for place in each] for each in (new, old))
    if {*ours, *theirs} & _TITLES:
        return True
    initials = ["".join(word[0] for word in each if word) for each in (ours, theirs)]
    if initials[0] in theirs or initials[1] in ours:
        return True
    return any(
        one[:_ALIKE] == other[:_ALIKE] and not is_number(one) for one in ours for other in theirs
    )
