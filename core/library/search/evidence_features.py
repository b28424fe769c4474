"""Evidence features: what speaks for and against passages answering a question, as numbers.

Shares are of the question's informative words, each weighted by how rare it is in this library (its
idf). In a long question all shares are small: `mass`, which grows with what was found, and `length`
stand beside them. All of it is absolute, so that one model serves all folders.
"""

import itertools
import math
import re
from collections.abc import Callable, Mapping, Sequence

from core.library.judging.judge import SentenceReading
from core.library.search.evidence_weights import SENTENCE_COSINE, SENTENCE_JUDGE
from core.library.search.keyword_ranking import informative_words
from core.library.search.relevance_judge import FoundPassage
from core.library.text.combining_marks import WORD_PATTERN
from core.library.text.script_tokens import tokenize_for_index

BACKGROUND_PASSAGES = 10_000
"""Passages counted in addition to the real ones: a few notes tell little about rare words."""
HIGHEST_LOGIT = 6.0
"""Bound of a judge's logit: what it is surer of makes no difference."""
_HIGHEST_IDF = 10.0
_MIN_IDF = 0.01
_FORM_VALUE = 0.9
"""Value of another form of a word ("rented" for "rent"), as a share of the word itself."""
_FORM_LETTERS, _FORM_SHARE = 4, 0.65
"""Two words are forms of one if they begin alike: at least so many letters, and so much of the
longer one."""
_NEAR_WORDS = 4
"""Words from one to the other at most for two of them to stand together."""
_USUAL_WORDS, _WIDEST_BREVITY = 100, 1.5
"""Words of a passage whose brevity is 0, and the bound of brevity: fewer or more words than 22 or
450 make no difference."""
_NUMBER = re.compile(r"\d+(?:[.,:/]\d+)*")
_LATIN = re.compile(r"[A-Za-zÀ-ɏ]")
_LETTER = re.compile(r"[^\W\d_]")

WordWeight = Callable[[str], float]
"""Returns the idf of a word."""


def evidence_features(
    question: str, passages: Sequence[FoundPassage], idf: WordWeight
) -> dict[str, float]:
    """Return the features by name, all finite; there is at least one passage."""
    words = list(dict.fromkeys(informative_words(question)))
    weights = {word: max(idf(word), _MIN_IDF) for word in words}
    texts = [indexed_words(f"{each.title} {each.text}") for each in passages]
    held = [_held_words(words, text) for text in texts]
    shares = [_share(weights, each) for each in held]
    union = {word: max(each[word] for each in held) for word in words}
    nowhere = [weights[word] for word in words if not union[word]]
    cosines = [each.cosine for each in passages]
    brevity = _brevity(texts)
    return {
        "cosine": max(cosines),
        "cosine_gap": max(cosines) - sum(cosines) / len(cosines),
        "share_exact": max(
            _share(weights, {word: float(value == 1) for word, value in each.items()})
            for each in held
        ),
        "share": max(shares),
        "share_union": _share(weights, union),
        "mass": math.log1p(max(shares) * sum(weights.values())) / 4,
        "length": math.log1p(len(words)) / 4,
        "rarest_nowhere": max(nowhere, default=0.0) / _HIGHEST_IDF,
        "near_pairs": max(_near_pairs(words, text) for text in texts),
        "numbers_missing": min(_missing_numbers(question, each) for each in passages),
        "brevity": brevity,
        "shortness": min(max(brevity, 0.0), 1.0),
        **_script_features(question, passages),
    }


def judge_features(probabilities: Sequence[float]) -> dict[str, float]:
    """Return the features of a judge's probabilities that each passage answers."""
    best = sorted(map(_logit, probabilities), reverse=True)
    return {"judge": best[0], "judge_second": best[1] if len(best) > 1 else -HIGHEST_LOGIT}


def sentence_features(sentences: Sequence[SentenceReading]) -> dict[str, float]:
    """Return the features of the passages' nearest sentences, none without sentences."""
    if not sentences:
        return {}
    return {
        SENTENCE_COSINE: max(each.cosine for each in sentences),
        SENTENCE_JUDGE: _logit(max(each.probability for each in sentences)),
    }


def _brevity(texts: Sequence[Sequence[str]]) -> float:
    """Return how short the passages are, above 0 for notes and below for pages of running text."""
    words = max(1.0, sum(map(len, texts)) / len(texts))
    return min(max(math.log(_USUAL_WORDS / words), -_WIDEST_BREVITY), _WIDEST_BREVITY)


def indexed_words(text: str) -> list[str]:
    """Return all words of a text as they are indexed, in order."""
    return [word.lower() for word in WORD_PATTERN.findall(tokenize_for_index(text))]


def _held_words(words: Sequence[str], text: Sequence[str]) -> dict[str, float]:
    """Return for each word 1 if the text holds it, less for another form of it, else 0."""
    there = set(text)
    stems: dict[str, list[str]] = {}
    for other in there:
        stems.setdefault(other[:_FORM_LETTERS], []).append(other)
    held: dict[str, float] = {}
    for word in words:
        forms = stems.get(word[:_FORM_LETTERS], ())
        is_form = any(_are_forms(word, other) for other in forms)
        held[word] = 1.0 if word in there else _FORM_VALUE if is_form else 0.0
    return held


def _are_forms(word: str, other: str) -> bool:
    longer = max(len(word), len(other))
    common = max(_FORM_LETTERS, round(_FORM_SHARE * longer))
    return min(len(word), len(other)) >= _FORM_LETTERS and word[:common] == other[:common]


def _share(weights: Mapping[str, float], held: Mapping[str, float]) -> float:
    found = sum(weight * held[word] for word, weight in weights.items())
    return found / (sum(weights.values()) or 1.0)


def _near_pairs(words: Sequence[str], text: Sequence[str]) -> float:
    """Return the share of neighbouring words of the question that stand together in the text."""
    pairs = list(itertools.pairwise(words))
    if not pairs:
        return 0.0
    places: dict[str, list[int]] = {word: [] for word in words}
    for place, word in enumerate(text):
        if word in places:
            places[word].append(place)
    near = sum(
        any(abs(a - b) <= _NEAR_WORDS for a in places[one] for b in places[other])
        for one, other in pairs
    )
    return near / len(pairs)


def _missing_numbers(question: str, passage: FoundPassage) -> float:
    numbers = _NUMBER.findall(question)
    there = set(_NUMBER.findall(f"{passage.title} {passage.text}"))
    return sum(number not in there for number in numbers) / len(numbers) if numbers else 0.0


def _script_features(question: str, passages: Sequence[FoundPassage]) -> dict[str, float]:
    """Return whether the question is not in Latin letters, and whether the passages differ."""
    asked = _is_latin(question)
    other = all(_is_latin(each.text) != asked for each in passages)
    return {"nonlatin": float(not asked), "other_script": float(other)}


def _is_latin(text: str) -> bool:
    return 2 * len(_LATIN.findall(text)) >= len(_LETTER.findall(text))


def _logit(probability: float) -> float:
    bounded = min(max(probability, 1e-6), 1 - 1e-6)
    logit = math.log(bounded / (1 - bounded))
    return min(max(logit, -HIGHEST_LOGIT), HIGHEST_LOGIT)
