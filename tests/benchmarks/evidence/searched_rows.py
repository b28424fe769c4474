"""Measured questions as the application's search returns them, for what is asked after it.

Scripts that use it run with PYTHONPATH=.:packaging/training.
"""

from core.chat.judging.chat_opinion import likeliest_passage
from core.library.search.evidence_features import (
    evidence_features,
    judge_features,
    sentence_features,
)
from core.library.search.evidence_weights import EvidenceModels, evidence_models
from core.library.search.relevance_judge import FoundPassage
from core.messages import SearchDone, SearchHit, SearchVerdict
from evidence_rows import EvidenceRow


def is_treated(row: EvidenceRow, embedder: str) -> bool:
    """Whether a search finds the documents to be about the question."""
    models = evidence_models(embedder).judged
    assert models is not None
    features = row.features
    if models.searched_confidence(features) >= models.answered.threshold:
        return True
    if not models.is_doubtful(features):
        features = models.with_unread(features)
    return models.on_topic.probability(features) >= models.on_topic.threshold


def asked_passage(row: EvidenceRow, embedder: str) -> FoundPassage:
    """Return the passage of which a chat model is asked."""
    hit = likeliest_passage(found_by(row, embedder))
    assert hit is not None
    return row.passages[hit.rank - 1]


def found_by(row: EvidenceRow, embedder: str) -> SearchDone:
    """Return the question's search."""
    models = evidence_models(embedder).judged
    assert models is not None
    confidence = models.searched_confidence(row.features)
    return SearchDone(
        request_id="",
        seconds=0.0,
        confidence=confidence,
        verdict=SearchVerdict.ON_TOPIC,
        threshold=models.answered.threshold,
        hits=tuple(_hit(row, place, confidence, models) for place in range(len(row.passages))),
    )


def _hit(row: EvidenceRow, place: int, most: float, models: EvidenceModels) -> SearchHit:
    passage = row.passages[place]
    features = evidence_features(row.question, [passage], row.idf.__getitem__)
    features |= judge_features(row.probabilities[place : place + 1])
    features = models.with_unread(features)
    if models.is_doubtful(row.features):
        features |= sentence_features(row.sentences[place : place + 1])
    return SearchHit(
        rank=place + 1,
        passage_id=place,
        section_id=place,
        folder_id="",
        file=passage.title,
        path="",
        page=None,
        heading="",
        text=passage.text,
        section=passage.text,
        content_hash="",
        score=0.0,
        confidence=min(most, models.confidence(features)),
    )
