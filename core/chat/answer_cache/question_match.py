"""Question match: whether two questions ask for the same, so that one answer serves both.

Whatever can turn an answer around must be equal: numbers, names, negations, question words, words
such as “first” and “last”, the language, and the content words in their order. Then the cosine of
the two questions decides, by a threshold that is known for an embedder only where it was measured
(`tests/benchmarks/answers/answer_cache.py`). Two questions of which one has a content word more are
never taken for the same: with “vertical” for “horizontal” their cosine is .98.
"""

from array import array
from collections.abc import Mapping
from operator import mul

from core.chat.answer_cache.question_features import question_features

THRESHOLDS: Mapping[str, float] = {"all-MiniLM-L6-v2": 0.8, "multilingual-e5-small": 0.9}
"""Least cosine of two questions, by the folder that an embedder's name begins with."""


def match_threshold(embedder: str) -> float | None:
    """Return the threshold for the vectors of an embedder, None for one that was not measured."""
    return THRESHOLDS.get(embedder.partition(":")[0])


def cosine(one: bytes, other: bytes) -> float:
    """Return the cosine of two vectors of unit length, float32; -1 if their widths differ."""
    first, second = array("f", one), array("f", other)
    return sum(map(mul, first, second)) if len(first) == len(second) else -1.0


def is_same_question(one: str, other: str, nearness: float, threshold: float) -> bool:
    """Whether two questions with this cosine ask for the same."""
    if nearness < threshold:
        return False
    return _bare(one) == _bare(other) or question_features(one) == question_features(other)


def _bare(question: str) -> str:
    """Return a question as people type it in haste: small letters, no mark at its end."""
    return " ".join(question.split()).rstrip("?!.？。؟ ").casefold()
