"""Replaced words: a statement that is its source's sentence but for a name, number or subject.

Where most words of both stand in the same order, what stands in the same place is compared: another
name or number there refutes the statement; another subject, that the source speaks of elsewhere,
says that the predicate isn't told of it.
"""

import re
from collections.abc import Sequence
from difflib import SequenceMatcher

from core.base.lazy_regex import lazy_pattern
from core.chat.citations.clause_rules import RuleFinding, worse
from core.chat.citations.number_normalization import is_number
from core.chat.citations.referring_words import points_back
from core.chat.citations.sentence_features import PlacedWord, SentenceFeatures

MIN_ALIGNED = 0.6
"""Share of a statement's content words that stand in the same order in the source's sentence."""
_MIN_WORDS = 4
_ALIKE = 4
"""Letters that two words begin with alike to be forms of one name: "Britain", "British"."""
_TITLES = frozenset({"dr", "prof", "sir", "lady", "dame", "rev", "president", "king", "queen"})
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
        new, old = said.places[first:last], read.places[start:end]
        if kind == "delete" and _is_fact(new, said) and _words(new) <= elsewhere - read.words:
            finding = worse(finding, RuleFinding.WITHHELD)
        if kind != "replace":
            continue
        if _words(old) & said.words or _are_alike(new, old):
            continue
        is_other_fact = _is_fact(new, said) and _is_fact(old, None, read.text)
        if _words(new) & read.words:  # it stands in another place of the sentence
            finding = worse(finding, RuleFinding.LACKING if is_other_fact else finding)
            continue
        if is_other_fact:
            return RuleFinding.REFUTED
        if _words(new) <= elsewhere:
            finding = worse(finding, _other_word(read, old, is_first=first == 0))
    return finding


def _other_word(
    read: SentenceFeatures, old: Sequence[PlacedWord], *, is_first: bool
) -> RuleFinding:
    """Return what it says that a word from elsewhere in the source stands in the place of `old`."""
    if is_first:
        return RuleFinding.HOLDS if points_back(read.text) else RuleFinding.LACKING
    is_name = any(read.text[place.start].isupper() for place in old)
    return RuleFinding.LACKING if is_name else RuleFinding.WITHHELD


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
