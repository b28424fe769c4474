"""Evidence judge: words, cosines and a learned judge, weighed into a verdict on what was found."""

import logging
import math
from collections.abc import Sequence
from itertools import compress

import apsw

from core.base.errors import LibraryError
from core.base.paths import multilingual_embedding_model
from core.library.judging.judge import Judge, SentenceReading
from core.library.search.asked_value import holds_value, missing_value, without_value
from core.library.search.evidence_features import (
    BACKGROUND_PASSAGES,
    evidence_features,
    judge_features,
    sentence_features,
)
from core.library.search.evidence_weights import EmbedderModels, EvidenceModels, evidence_models
from core.library.search.foreign_questions import (
    assess_by_judge,
    is_foreign,
    passage_text,
)
from core.library.search.keyword_ranking import WordStatistics
from core.library.search.relevance_judge import (
    EXAMINED_PASSAGES,
    NOTHING_FOUND,
    Assessment,
    FoundPassage,
)
from core.messages import SearchVerdict

_log = logging.getLogger(__name__)


class EvidenceJudge:
    """A RelevanceJudge; without a learned judge the other features decide alone."""

    def __init__(
        self,
        connection: apsw.Connection,
        embedder: str,
        judge: Judge | None = None,
        models: EmbedderModels | None = None,
    ) -> None:
        """`embedder` is the folder name of what the cosines come from.

        `models` replace the fitted ones.
        """
        self._statistics = WordStatistics(connection)
        self._models = models or evidence_models(embedder)
        self._judge = judge if self._models.judged else None
        # its weights were fitted on questions in the passages' language, and hold for others
        self._is_multilingual = embedder == multilingual_embedding_model().name

    def assess(self, question: str, passages: Sequence[FoundPassage]) -> Assessment:
        """Judge the first passages together, and each of all passages by itself."""
        if not question.strip() or not passages:
            return NOTHING_FOUND._replace(passages=(0.0,) * len(passages))
        examined = passages[:EXAMINED_PASSAGES]
        probabilities = self._judge_passages(question, examined)
        texts = [passage.text for passage in examined]
        if probabilities and not self._is_multilingual and is_foreign(question, texts):
            return _assess_foreign(question, examined, probabilities, len(passages))
        models = self._models_for(probabilities)
        features = self.features(question, examined, probabilities)
        sentences: Sequence[SentenceReading] = ()
        if models.is_doubtful(features):
            sentences = self._read_sentences(question, examined)
        features = models.with_unread(features) | sentence_features(sentences)
        confidence = self._confidence(question, examined, probabilities, sentences)
        if confidence >= models.answered.threshold:
            verdict = SearchVerdict.ANSWERED
        elif models.on_topic.probability(features) >= models.on_topic.threshold:
            verdict = SearchVerdict.ON_TOPIC
        else:
            verdict = SearchVerdict.NOTHING
        alone = (
            self._confidence(
                question, [passage], probabilities[place : place + 1], sentences[place : place + 1]
            )
            for place, passage in enumerate(passages)
        )
        each = tuple(min(confidence, one) for one in alone)
        is_refused = verdict is SearchVerdict.ON_TOPIC
        missing = missing_value(question, examined) if is_refused else ""
        return Assessment(verdict, confidence, each, models.answered.threshold, missing)

    def features(
        self, question: str, passages: Sequence[FoundPassage], probabilities: Sequence[float] = ()
    ) -> dict[str, float]:
        """Return the evidence features, those of the judge's probabilities included."""
        features = evidence_features(question, passages, self.idf)
        return {**features, **judge_features(probabilities)} if probabilities else features

    def _judge_passages(self, question: str, passages: Sequence[FoundPassage]) -> Sequence[float]:
        """Return the learned judge's probability for each passage, none without a judge."""
        if self._judge is None:
            return ()
        try:
            return self._judge.answer_probabilities(question, list(map(passage_text, passages)))
        except LibraryError:
            _log.exception("the judge can't be used; the search goes on without it")
            self._judge = None
            return ()

    def _read_sentences(
        self, question: str, passages: Sequence[FoundPassage]
    ) -> Sequence[SentenceReading]:
        """Return each passage's nearest sentence as it was judged, none where that can't be had."""
        if self._judge is None:
            return ()
        try:
            return self._judge.read_sentences(
                question, [(each.title, each.text) for each in passages]
            )
        except LibraryError:
            _log.exception("sentences can't be read; the search goes on without it")
            return ()

    def _confidence(
        self,
        question: str,
        passages: Sequence[FoundPassage],
        probabilities: Sequence[float],
        sentences: Sequence[SentenceReading],
    ) -> float:
        """Return the confidence that the passages answer.

        Of a question that asks for a value it is that of the passages which may hold one. Where the
        likeliest of all holds none, the others are of another subject.
        """
        found = self._weighed(question, passages, probabilities, sentences)
        held = holds_value(question, list(map(passage_text, passages)))
        if all(held):
            return found
        least = without_value(found)
        alone = [
            self._weighed(question, [passage], probabilities[n : n + 1], sentences[n : n + 1])
            for n, passage in enumerate(passages)
        ]
        if not held[alone.index(max(alone))]:
            return least
        chosen, said = list(compress(passages, held)), list(compress(probabilities, held))
        read = list(compress(sentences, held))
        return max(least, min(found, self._weighed(question, chosen, said, read)))

    def _weighed(
        self,
        question: str,
        passages: Sequence[FoundPassage],
        probabilities: Sequence[float],
        sentences: Sequence[SentenceReading],
    ) -> float:
        models = self._models_for(probabilities)
        features = self.features(question, passages, probabilities)
        return models.confidence(models.with_unread(features) | sentence_features(sentences))

    def _models_for(self, probabilities: Sequence[float]) -> EvidenceModels:
        judged = self._models.judged
        return judged if probabilities and judged is not None else self._models.plain

    def idf(self, word: str) -> float:
        """Return how rare a word is in this library, a large background counted in."""
        total = self._statistics.passage_count + BACKGROUND_PASSAGES
        return math.log(total / (self._statistics.document_frequency(word) + 1))


def _assess_foreign(
    question: str,
    examined: Sequence[FoundPassage],
    probabilities: Sequence[float],
    count: int,
) -> Assessment:
    """Judge the first of `count` passages by the learned judge's probabilities alone."""
    found = assess_by_judge(probabilities, count)
    held = holds_value(question, list(map(passage_text, examined)))
    if all(held) or found.verdict is SearchVerdict.NOTHING:
        return found
    is_elsewhere = not held[probabilities.index(max(probabilities))]  # as in `_confidence`
    lowered = [
        without_value(probability) if is_elsewhere or not holds else probability
        for probability, holds in zip(probabilities, held, strict=True)
    ]
    checked = assess_by_judge(lowered, count)
    if checked.verdict is SearchVerdict.ANSWERED:
        return checked
    missing = missing_value(question, examined)
    return checked._replace(verdict=SearchVerdict.ON_TOPIC, missing_value=missing)
