"""Sentence reranker: the first passages of a ranking by what their nearest sentence says.

A passage has one vector for all that it says, and keywords find what merely shares words: so a
question in other words than its passage often gets the wrong one first.
"""

import logging
from collections.abc import Callable, Mapping

from core.base.errors import LibraryError
from core.library.judging.judge import Judge

MOST_READ, MOST_CHARACTERS = 10, 4000
"""Passages, and characters of them, whose sentences are compared."""
REACH = 0.4
"""How far below the best a fused score may be for its passage to come first nevertheless."""
WEIGHT = 8.0
"""Fused score that a unit of cosine stands for. Both and MOST_READ were chosen on invented notes
(packaging/training/evidence_notes.jsonl), FaQuAD and SQuAD 2.0's training part: see
tests/benchmarks/README.md."""

_log = logging.getLogger(__name__)


class SentenceReranker:
    """A Reranker by the judge's sentence cosines; where one passage is far ahead it reads none."""

    def __init__(self, judge: Judge) -> None:
        self._judge: Judge | None = judge

    def rerank(
        self, question: str, scores: Mapping[int, float], text_of: Callable[[int], str]
    ) -> dict[int, float]:
        """Return all of `scores`, best first: the first ones in another order, their scores too."""
        texts = self._compared(scores, text_of)
        if self._judge is None or len(texts) < 2:
            return dict(scores)
        try:
            cosines = self._judge.sentence_cosines(question, list(texts.values()))
        except LibraryError:
            _log.exception("sentences can't be compared; the search goes on without it")
            self._judge = None
            return dict(scores)
        raised = {
            id_: scores[id_] + WEIGHT * cosine for id_, cosine in zip(texts, cosines, strict=True)
        }
        ordered = sorted(raised, key=lambda id_: -raised[id_])
        rest = {id_: score for id_, score in scores.items() if id_ not in texts}
        return {**dict(zip(ordered, (scores[id_] for id_ in texts), strict=True)), **rest}

    def _compared(
        self, scores: Mapping[int, float], text_of: Callable[[int], str]
    ) -> dict[int, str]:
        """Return the texts of the passages that may come first, best first."""
        texts: dict[int, str] = {}
        best = max(scores.values(), default=0.0)
        left = MOST_CHARACTERS
        for id_, score in scores.items():
            if score < best - REACH or len(texts) == MOST_READ or left <= 0:
                break
            texts[id_] = text_of(id_)
            left -= len(texts[id_])
        return texts


def sentence_reranker(judge: Judge | None) -> SentenceReranker | None:
    """Return the reranker by a judge; None without one."""
    return None if judge is None else SentenceReranker(judge)
