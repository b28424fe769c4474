"""Similarity scoring: BERTScore of texts, by the token vectors of the library's embedding model.

Each token of one text is matched with the nearest one of the other, by cosine, without weights and
without a baseline: precision over the tokens of the reply, recall over those of the reference, and
their F1. Values depend on the model and compare within one; a text longer than the model's window
is cut off there.
"""

import time
from collections.abc import Iterator

from core.library.embedding.vector_types import Vectors
from core.library.tasks.task_context import TaskContext
from core.messages import EvaluationProgress, ScoreSimilarity, SimilarityScored

_PROGRESS_SECONDS = 0.2


def score_similarity(request: ScoreSimilarity, context: TaskContext) -> Iterator[bool]:
    """Send EvaluationProgress and at last SimilarityScored; yields after each pair.

    The embedder is loaded. Raises LibraryError.
    """
    scores: list[float] = []
    last = 0.0
    for pair in request.pairs:
        reply, *references = context.embedder.token_vectors([pair.reply, *pair.references])
        scores.append(max((bert_f1(reply, each) for each in references), default=0.0))
        if time.monotonic() - last >= _PROGRESS_SECONDS:
            last = time.monotonic()
            context.send(
                EvaluationProgress(
                    request_id=request.request_id,
                    step="comparing",
                    done=len(scores),
                    total=len(request.pairs),
                )
            )
        yield True
    name = context.embedder.model_folder.name
    context.send(SimilarityScored(request_id=request.request_id, scores=tuple(scores), model=name))


def bert_f1(reply: Vectors, reference: Vectors) -> float:
    """Return the F1 of greedy matching of unit vectors, one row a token; 0 for an empty text."""
    if not len(reply) or not len(reference):
        return 0.0
    cosines = reply @ reference.T
    precision, recall = float(cosines.max(axis=1).mean()), float(cosines.max(axis=0).mean())
    total = precision + recall
    return max(0.0, 2 * precision * recall / total) if total > 0 else 0.0
