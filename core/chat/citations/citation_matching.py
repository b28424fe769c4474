"""Citation matching: which passage supports which sentence of an answer, judged by the app."""

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from core.base.lazy_regex import lazy_pattern
from core.base.sentences import sentence_spans
from core.chat.citations.citation_markers import strip_markers
from core.chat.citations.number_normalization import is_number
from core.chat.citations.sentence_features import (
    SentenceFeatures,
    answer_features,
    passage_features,
)
from core.chat.conversations.conversation import Citation, Source

SUPPORTED = 0.6
"""Share of a sentence's weighted words that its passage must hold."""
SHORT_SUPPORTED = 0.75
"""The same for a sentence of at most SHORT words: it can't spare the one that tells the fact."""
SHORT = 4
MIN_WORDS = 3
"""A sentence with fewer telling words is only cited when it holds a figure or is the answer."""
GOOD_SHARE = 0.25
"""Share that each of two passages must add to a sentence that they support together."""
TWO_FACTS = 6
"""A sentence with fewer telling words tells no two facts."""
BOTH = 0.75
"""Share that the two must hold between them: by chance, two hold more than one."""
MAX_PER_SENTENCE = 2
LABEL_DIGITS = 4
"""Shorter figures of a file's name or heading number it ("2.1 Rent") and support nothing."""
MAX_PLACES = 3
"""Sentences of one passage that may support a sentence together."""

_LINE = lazy_pattern(r"[^\n]+")
_NUMBER_ONLY = lazy_pattern(r"[\W\d_]*")


def answer_sentence_spans(text: str) -> Iterator[tuple[int, int]]:
    """Yield (start, end) of each sentence, white space outside; a line ends a sentence."""
    for line in _LINE.finditer(text):
        yield from sentence_spans(text, line.start(), line.end())


def cite_sources(raw: str, sources: Sequence[Source]) -> tuple[str, tuple[Citation, ...]]:
    """Return the answer without the model's own markers, and the citations that hold.

    `start` and `end` count characters of the returned text.
    """
    if not sources:
        return raw, ()
    text = strip_markers(raw)
    spans = list(answer_sentence_spans(text))
    judge = _Judge(sources)
    citations: list[Citation] = []
    for start, end in spans:
        whole = len(spans) == 1
        if whole or not _NUMBER_ONLY.fullmatch(text, start, end):
            numbers = judge.best(answer_features(text[start:end]), whole=whole)
            citations += [Citation(n=n, start=start, end=end) for n in numbers]
    return text, tuple(citations)


@dataclass(frozen=True, slots=True)
class _Passage:
    """A passage's sentences, and the words of its file's name and heading, said once for all."""

    sentences: tuple[SentenceFeatures, ...]
    label: frozenset[str]
    words: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Match:
    """What a passage holds of a sentence: those words, their share, the negations beside them."""

    held: frozenset[str]
    share: float
    negations: int


class _Judge:
    def __init__(self, sources: Sequence[Source]) -> None:
        self._passages = {source.n: _read(source) for source in sources}
        spread = Counter(word for passage in self._passages.values() for word in passage.words)
        every = len(self._passages)
        # Words weigh by how few of the sent passages hold them (inverse document frequency).
        self._weights = {word: math.log(1 + every / count) for word, count in spread.items()}
        # A word that no passage holds speaks against all of them, as the rarest word would.
        self._unseen = math.log(1 + every)

    def best(self, told: SentenceFeatures, *, whole: bool) -> list[int]:
        """Return the numbers of the passages that support a sentence, best first.

        `whole`: the sentence is all of the answer, which may be a single word.
        """
        if not told.words or (len(told.words) < MIN_WORDS and not (told.figures or whole)):
            return []
        matches = {n: self._match(told, passage) for n, passage in self._passages.items()}
        enough = [n for n, match in matches.items() if self._supports(told, match)]
        if not enough:
            return self._pair(told, matches)
        enough.sort(key=lambda n: (-matches[n].share, n))
        top = matches[enough[0]].share
        return [n for n in enough if matches[n].share >= top - 0.1][:MAX_PER_SENTENCE]

    def _match(self, told: SentenceFeatures, passage: _Passage) -> _Match:
        """Gather what the passage's best sentences hold."""
        held = told.words & passage.label
        total = self._weigh(told.words)
        negations = 0
        for _ in range(MAX_PLACES):
            if not (missing := told.words - held):
                break
            best = max(passage.sentences, key=lambda place: self._weigh(missing & place.words))
            gain = self._weigh(missing & best.words)
            held |= told.words & best.words
            if gain > GOOD_SHARE * total / 2:
                negations += sum(beside in told.words for beside in best.negations)
        names = told.names & passage.words
        return _Match(held | names, self._weigh(held | names) / total, negations)

    def _supports(self, told: SentenceFeatures, match: _Match) -> bool:
        """Whether enough is held: every figure and name, and nothing is turned into its opposite.

        A figure or name that the passage doesn't hold can't come from it.
        """
        bar = SHORT_SUPPORTED if len(told.words) <= SHORT else SUPPORTED
        return (
            match.share >= bar
            and told.figures | told.names <= match.held
            and len(told.negations) % 2 == match.negations % 2
        )

    def _pair(self, told: SentenceFeatures, matches: dict[int, _Match]) -> list[int]:
        """Return the two passages that support a sentence of two facts together, if any do."""
        if len(told.words) < TWO_FACTS:
            return []
        found: list[tuple[float, list[int]]] = []
        good = [n for n, match in matches.items() if match.share >= GOOD_SHARE]
        for one, other in combinations(good, 2):
            first, second = matches[one], matches[other]
            held = first.held | second.held
            share = self._weigh(held) / self._weigh(told.words)
            both = _Match(held, share, first.negations + second.negations)
            adds = share - max(first.share, second.share)
            if adds >= GOOD_SHARE and share >= BOTH and self._supports(told, both):
                found.append((share, [one, other]))
        return max(found, key=lambda pair: pair[0])[1] if found else []

    def _weigh(self, words: frozenset[str]) -> float:
        """Add up the weights, exactly, for sets have no order; a figure weighs twice."""
        weights = self._weights
        return math.fsum(
            weights.get(word, self._unseen) * (2 if is_number(word) else 1) for word in words
        )


def _read(source: Source) -> _Passage:
    text = source.text
    read = tuple(passage_features(text[start:end]) for start, end in sentence_spans(text))
    named = passage_features(f"{source.file} {source.heading}").words
    label = frozenset(word for word in named if not is_number(word) or len(word) >= LABEL_DIGITS)
    words = label.union(*(place.words for place in read))
    return _Passage(read or (passage_features(""),), label, words)
