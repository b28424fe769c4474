"""Step order: "first the switch, then the breaker" says the opposite of the other order."""

import re
from collections.abc import Sequence

from core.base.lazy_regex import lazy_pattern
from core.chat.citations.clause_rules import RuleFinding
from core.chat.citations.sentence_features import SentenceFeatures

_THEN = lazy_pattern(
    r"\b(?:then|afterwards|subsequently|dann|danach|anschliessend|ensuite|puis|luego|despues"
    r"|entonces|poi|depois|daarna|vervolgens|potem|nastepnie|sonra|ardindan|затем|потом|потім"
    r"|далі)\b",
    re.IGNORECASE,
)
_FIRST = lazy_pattern(
    r"\b(?:first|firstly|zuerst|zunachst|erst|d['’]abord|primero|prima|primeiro|eerst|najpierw"
    r"|once|сначала|спочатку)\b",
    re.IGNORECASE,
)
_TURNED = lazy_pattern(
    r"\b(?:before|after|until|bevor|nachdem|ehe|avant|apres|antes|despues de|prima di|dopo"
    r"|voordat|nadat|zanim|once|перед|прежде|після|после)\b",
    re.IGNORECASE,
)


def check_step_order(
    said: SentenceFeatures, sentences: Sequence[SentenceFeatures], place: int
) -> RuleFinding:
    """Return REFUTED where two steps of a statement stand in the other order in its source.

    `place` is the sentence that holds most of it; the steps may be in it and in its neighbours.
    """
    then = _THEN.search(said.text)
    begin = _FIRST.search(said.text[: then.start()]) if then else None
    if not then or not begin or _TURNED.search(said.text):
        return RuleFinding.HOLDS
    first = _own_words(said, begin.end(), then.start())
    second = _own_words(said, then.end(), len(said.text))
    own = first ^ second
    around = [each for each in sentences[max(0, place - 1) : place + 2] if own & each.words]
    text = " ".join(each.text for each in around)
    if not (_THEN.search(text) or _FIRST.search(text)) or _TURNED.search(text):
        return RuleFinding.HOLDS
    one, other = (_places(words, around) for words in (first - second, second - first))
    is_turned = one and other and max(other) < min(one)
    return RuleFinding.REFUTED if is_turned else RuleFinding.HOLDS


def _own_words(features: SentenceFeatures, start: int, end: int) -> frozenset[str]:
    places = (place for place in features.places if start <= place.start and place.end <= end)
    return frozenset(form for place in places for form in place.forms)


def _places(words: frozenset[str], sentences: Sequence[SentenceFeatures]) -> list[tuple[int, int]]:
    """Return where words stand in sentences that follow each other."""
    return [
        (number, place.start)
        for number, sentence in enumerate(sentences)
        for place in sentence.places
        if not words.isdisjoint(place.forms)
    ]
