"""Foreign questions: asked in another language than the passages are in.

Their words don't stand in the passages, and an embedder of one language can't compare them; a
multilingual judge reads both. So it ranks the first passages, and decides alone.
"""

import logging
import math
import time
from collections.abc import Callable, Mapping, Sequence

from core.base.clock import Clock
from core.base.errors import LibraryError
from core.base.text_language import detect_language
from core.library.judging.judge import Judge
from core.library.search.relevance_judge import Assessment, FoundPassage
from core.messages import SearchVerdict

ANSWERED, ON_TOPIC = 0.6, 0.4
"""Confidence from which a question is answered, and from which passages are about it."""
_SHIFT = 1.0
"""What is added to the judge's log-odds: it is less sure of a text in another language. Chosen on
Spanish and Russian questions of XQuAD asked of its English passages: .84 of them are kept, and .98
refused of three other passages; of German, Chinese and Arabic ones .81, .74 and .74 are kept, and
.94, .90 and .90 refused."""
MOST_READ = 40
"""Passages that are read: in a small library all that there are."""
_BUDGET_SECONDS = 1.5
_BATCH = 8
_LOOKED_AT = 8
_CHARACTERS = 400
"""Of a passage whose language is looked at."""

_log = logging.getLogger(__name__)


def is_foreign(question: str, texts: Sequence[str]) -> bool:
    """Return whether a question is in another language than all texts of which it can be told."""
    asked = detect_language(question)
    spoken = {detect_language(text[:_CHARACTERS]) for text in texts} - {""}
    return bool(asked and spoken) and asked not in spoken


def assess_by_judge(probabilities: Sequence[float], count: int) -> Assessment:
    """Return what a judge's probabilities for the first of `count` passages say, alone."""
    each = [_shifted(probability) for probability in probabilities]
    best = max(each)
    verdict = SearchVerdict.NOTHING
    if best >= ON_TOPIC:
        verdict = SearchVerdict.ANSWERED if best >= ANSWERED else SearchVerdict.ON_TOPIC
    rest = [min(each)] * (count - len(each))
    return Assessment(verdict, best, (*each, *rest), ANSWERED)


def _shifted(probability: float) -> float:
    bounded = min(max(probability, 1e-6), 1 - 1e-6)
    return 1 / (1 + math.exp(-math.log(bounded / (1 - bounded)) - _SHIFT))


def passage_text(passage: FoundPassage) -> str:
    """Return a passage as the judge reads it: below its file and heading."""
    return f"{passage.title}\n{passage.text}"


class ForeignQuestionReranker:
    """A Reranker by the judge, of questions in another language than the passages alone."""

    def __init__(self, judge: Judge, clock: Clock = time.monotonic) -> None:
        self._judge: Judge | None = judge
        self._clock = clock

    def rerank(
        self, question: str, scores: Mapping[int, float], text_of: Callable[[int], str]
    ) -> dict[int, float]:
        """Return all of `scores`, best first: the first ones as the judge ranks them.

        Other questions come back as they were.
        """
        first = sorted(scores, key=lambda id_: -scores[id_])[:MOST_READ]
        looked_at = [text_of(id_) for id_ in first[:_LOOKED_AT]]
        if self._judge is None or not is_foreign(question, looked_at):
            return dict(scores)
        read: dict[int, float] = {}
        deadline = self._clock() + _BUDGET_SECONDS
        try:
            while len(read) < len(first) and (not read or self._clock() < deadline):
                batch = first[len(read) : len(read) + _BATCH]
                texts = [text_of(id_) for id_ in batch]
                found = self._judge.answer_probabilities(question, texts)
                read.update(zip(batch, found, strict=True))
        except LibraryError:
            _log.exception("the judge can't be used; the search goes on without it")
            self._judge = None
            return dict(scores)
        ordered = sorted(read.items(), key=lambda item: -item[1])
        lowest = min(read.values(), default=0.0)
        rest = {id_: lowest * score for id_, score in scores.items() if id_ not in read}
        return {**dict(ordered), **rest}


def foreign_question_reranker(
    judge: Judge | None, *, multilingual: bool
) -> ForeignQuestionReranker | None:
    """Return the reranker for an embedder; None for a multilingual one, or without a judge."""
    return None if judge is None or multilingual else ForeignQuestionReranker(judge)
