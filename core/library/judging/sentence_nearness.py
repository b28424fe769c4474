"""Sentence nearness: how near the nearest sentence of a passage is to a question, in meaning.

The multilingual embedding model reads both. A passage of several sentences has one vector in a
library, in which a single sentence hardly counts; and words need not be shared.
"""

from collections import OrderedDict
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from core.base.sentences import sentence_spans
from core.library.embedding.vector_types import Vectors
from core.library.judging.judge_network import BaseModel
from core.library.text.embedder_token_counter import EmbedderTokenCounter

QUESTION, PASSAGE = "query: ", "passage: "
"""What the model was trained to see before a question, and before what may answer it."""
MOST_SENTENCES = 24
"""Sentences of a passage that are read."""
MAX_TOKENS = 128
"""Longest part of a sentence or question that is read."""
_KEPT = 2000
"""Sentences whose vectors are kept: the next question is often about the same passages."""
_START, _END = 0, 2


class NearestSentence(NamedTuple):
    """The sentence of a passage that is nearest to a question; "" with 0 of an empty passage."""

    text: str
    cosine: float


class SentenceNearness:
    """Sentences read by the embedding model; its weights are read at the first question."""

    def __init__(self, model: BaseModel, counter: EmbedderTokenCounter) -> None:
        self._model = model
        self._counter = counter
        self._known: OrderedDict[str, Vectors] = OrderedDict()

    def nearest_sentences(self, question: str, passages: Sequence[str]) -> list[NearestSentence]:
        """Return one for each passage. Raises what damaged files raise."""
        sentences = [_sentences(passage) for passage in passages]
        wanted = dict.fromkeys(PASSAGE + each for some in sentences for each in some)
        asked = QUESTION + question
        vectors = self._vectors([asked, *wanted])
        return [
            max(
                (
                    NearestSentence(each, float(vectors[PASSAGE + each] @ vectors[asked]))
                    for each in some
                ),
                key=lambda nearest: nearest.cosine,
                default=NearestSentence("", 0.0),
            )
            for some in sentences
        ]

    def _vectors(self, texts: Sequence[str]) -> dict[str, Vectors]:
        new = [text for text in texts if text not in self._known]
        ids = [[_START, *self._counter.text_ids(t)[: MAX_TOKENS - 2], _END] for t in new]
        means = self._model.mean_vectors(ids) if ids else []
        self._known.update(zip(new, map(_unit, means), strict=True))
        found = {text: self._known[text] for text in texts}
        for text in texts:
            self._known.move_to_end(text)
        while len(self._known) > _KEPT:
            self._known.popitem(last=False)
        return found


def _unit(mean: Vectors) -> Vectors:
    return np.asarray(mean / max(float(np.linalg.norm(mean)), 1e-12))


def _sentences(passage: str) -> list[str]:
    spans = sentence_spans(passage) or [(0, len(passage))]
    found = [passage[start:end].strip() for start, end in spans]
    return [each for each in found if each][:MOST_SENTENCES]
