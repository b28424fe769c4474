"""Rule-based verifier: a passage supports a sentence if it holds enough of its weighted words."""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from core.base.sentences import sentence_spans
from core.chat.citations.number_normalization import is_number
from core.chat.citations.sentence_features import (
    SentenceFeatures,
    answer_features,
    passage_features,
)
from core.chat.citations.verifier import SupportingSpan
from core.chat.conversations.conversation import Source

MIN_SHARE = 0.6
"""Share of a sentence's weighted words that its passage must hold."""
MIN_SHARE_OF_SHORT = 0.75
"""The same for a sentence of at most SHORT_WORDS, in which every word matters."""
SHORT_WORDS = 4
MIN_WORDS = 3
"""A sentence with fewer content words is only cited if it has a number or is the whole answer."""
PAIR_MIN_GAIN = 0.25
"""Share that each of two passages must add to a sentence that they support together."""
PAIR_MIN_WORDS = 6
"""A sentence with fewer content words is taken to state one fact."""
PAIR_MIN_SHARE = 0.75
"""Share that the two must hold together: two passages hold more by chance than one."""
MAX_SOURCES_PER_SENTENCE = 2
MIN_LABEL_DIGITS = 4
"""Shorter numbers in a file's name or heading are its number ("2.1 Rent"), no support."""
MAX_PLACES = 3
"""Sentences of one passage that may support a sentence together."""


class RuleBasedVerifier:
    """A Verifier by words: a passage supports a sentence if it holds enough of it.

    A word's weight grows with the number of passages without it. Every number and name must be in
    the passage, and negations must agree.
    """

    def supporting_spans(
        self, sentences: Sequence[str], sources: Sequence[Source], *, is_whole_answer: bool
    ) -> list[list[SupportingSpan]]:
        """Return for each sentence what supports it, best first."""
        judge = _Judge(sources)
        return [
            judge.best_spans(answer_features(sentence), is_whole_answer=is_whole_answer)
            for sentence in sentences
        ]


@dataclass(frozen=True, slots=True)
class _Passage:
    """A passage's sentences and their spans, and the words of its file's name and heading."""

    sentences: tuple[SentenceFeatures, ...]
    spans: tuple[tuple[int, int], ...]
    label: frozenset[str]
    words: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Match:
    """The words of a sentence that a passage holds, their share, and negations beside them.

    `place` is the passage's sentence that holds most of them.
    """

    held: frozenset[str]
    share: float
    negations: int
    place: int = 0


class _Judge:
    def __init__(self, sources: Sequence[Source]) -> None:
        self._passages = {source.n: _read(source) for source in sources}
        spread = Counter(word for passage in self._passages.values() for word in passage.words)
        every = len(self._passages)
        # Words weigh by how few of the sent passages hold them (inverse document frequency).
        self._weights = {word: math.log(1 + every / count) for word, count in spread.items()}
        # A word that no passage holds weighs as the rarest word does.
        self._unseen = math.log(1 + every)

    def best_spans(
        self, sentence: SentenceFeatures, *, is_whole_answer: bool
    ) -> list[SupportingSpan]:
        """Return the sentences of passages that support a sentence, best first.

        `is_whole_answer`: the sentence is all of the answer, which may be a single word.
        """
        if not sentence.words or (
            len(sentence.words) < MIN_WORDS and not (sentence.numbers or is_whole_answer)
        ):
            return []
        matches = {n: self._match(sentence, passage) for n, passage in self._passages.items()}
        enough = [n for n, match in matches.items() if self._supports(sentence, match)]
        if not enough:
            found = self._pair(sentence, matches)
        else:
            enough.sort(key=lambda n: (-matches[n].share, n))
            top = matches[enough[0]].share
            good = [n for n in enough if matches[n].share >= top - 0.1]
            found = good[:MAX_SOURCES_PER_SENTENCE]
        return [SupportingSpan(n, *self._passages[n].spans[matches[n].place]) for n in found]

    def _match(self, sentence: SentenceFeatures, passage: _Passage) -> _Match:
        """Return what the passage's best sentences hold of a sentence."""
        held = sentence.words & passage.label
        total = self._weigh(sentence.words)
        negations = first = 0
        for turn in range(MAX_PLACES):
            if not (missing := sentence.words - held):
                break
            gains = [self._weigh(missing & place.words) for place in passage.sentences]
            gain = max(gains)
            place = gains.index(gain)
            best = passage.sentences[place]
            first = first if turn else place
            held |= sentence.words & best.words
            if gain > PAIR_MIN_GAIN * total / 2:
                negations += sum(beside in sentence.words for beside in best.negations)
        names = sentence.names & passage.words
        return _Match(held | names, self._weigh(held | names) / total, negations, first)

    def _supports(self, sentence: SentenceFeatures, match: _Match) -> bool:
        """Whether enough is held, with every number and name, and negations agree.

        A number or name that is not in the passage can't come from it.
        """
        bar = MIN_SHARE_OF_SHORT if len(sentence.words) <= SHORT_WORDS else MIN_SHARE
        return (
            match.share >= bar
            and sentence.numbers | sentence.names <= match.held
            and len(sentence.negations) % 2 == match.negations % 2
        )

    def _pair(self, sentence: SentenceFeatures, matches: dict[int, _Match]) -> list[int]:
        """Return the two passages that support a sentence of two facts together, if any do."""
        if len(sentence.words) < PAIR_MIN_WORDS:
            return []
        found: list[tuple[float, list[int]]] = []
        good = [n for n, match in matches.items() if match.share >= PAIR_MIN_GAIN]
        for one, other in combinations(good, 2):
            first, second = matches[one], matches[other]
            held = first.held | second.held
            share = self._weigh(held) / self._weigh(sentence.words)
            both = _Match(held, share, first.negations + second.negations)
            adds = share - max(first.share, second.share)
            if adds >= PAIR_MIN_GAIN and share >= PAIR_MIN_SHARE and self._supports(sentence, both):
                found.append((share, [one, other]))
        return max(found, key=lambda pair: pair[0])[1] if found else []

    def _weigh(self, words: frozenset[str]) -> float:
        """Return the sum of weights; `fsum`, since sets have no order. A number counts twice."""
        weights = self._weights
        return math.fsum(
            weights.get(word, self._unseen) * (2 if is_number(word) else 1) for word in words
        )


def _read(source: Source) -> _Passage:
    text = source.text
    spans = tuple(sentence_spans(text)) or ((0, len(text)),)
    read = tuple(passage_features(text[start:end]) for start, end in spans)
    named = passage_features(f"{source.file} {source.heading}").words
    content = (w for w in named if not is_number(w) or len(w) >= MIN_LABEL_DIGITS)
    label = frozenset(content)
    words = label.union(*(place.words for place in read))
    return _Passage(read, spans, label, words)


RULE_BASED_VERIFIER = RuleBasedVerifier()
