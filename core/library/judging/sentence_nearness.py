"""Sentence nearness: how near the nearest sentence of a passage is to a question, in meaning.

The multilingual embedding model reads both. A passage of several sentences has one vector in a
library, in which a single sentence hardly counts; and words need not be shared.
"""

from collections import OrderedDict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from core.base.sentences import sentence_spans
from core.library.embedding.bert_encoder import BertShape, encode_texts, read_bert_weights
from core.library.embedding.vector_types import Vectors
from core.library.judging.judge_network import HEADS, LAYERS, load_base, mean_vectors
from core.library.text.embedder_token_counter import EmbedderTokenCounter

QUESTION, PASSAGE = "query: ", "passage: "
"""What the model was trained to see before a question, and before what may answer it."""
MOST_SENTENCES = 24
"""Sentences of a passage that are read."""
MAX_TOKENS = 128
"""Longest part of a sentence or question that is read."""
_BATCH = 16
_KEPT = 2000
"""Sentences whose vectors are kept: the next question is often about the same passages."""
_START, _END = 0, 2


class SentenceNearness:
    """The embedding model of one file; its weights are read at the first question."""

    def __init__(self, weights_file: Path, counter: EmbedderTokenCounter) -> None:
        self._file = weights_file
        self._counter = counter
        self._weights: dict[str, Any] = {}
        self._is_torch = False
        self._known: OrderedDict[str, Vectors] = OrderedDict()

    def cosines(self, question: str, passages: Sequence[str], *, with_torch: bool) -> list[float]:
        """Return one for each passage, 0 for an empty one. Raises what damaged files raise."""
        sentences = [_sentences(passage) for passage in passages]
        wanted = dict.fromkeys(PASSAGE + each for some in sentences for each in some)
        asked = QUESTION + question
        vectors = self._vectors([asked, *wanted], with_torch=with_torch)
        return [
            max((float(vectors[PASSAGE + each] @ vectors[asked]) for each in some), default=0.0)
            for some in sentences
        ]

    def _vectors(self, texts: Sequence[str], *, with_torch: bool) -> dict[str, Vectors]:
        new = sorted((text for text in texts if text not in self._known), key=len)
        for start in range(0, len(new), _BATCH):
            batch = new[start : start + _BATCH]
            ids = [[_START, *self._counter.text_ids(t)[: MAX_TOKENS - 2], _END] for t in batch]
            self._known.update(zip(batch, self._encode(ids, with_torch=with_torch), strict=True))
        found = {text: self._known[text] for text in texts}
        for text in texts:
            self._known.move_to_end(text)
        while len(self._known) > _KEPT:
            self._known.popitem(last=False)
        return found

    def _encode(self, ids: Sequence[Sequence[int]], *, with_torch: bool) -> list[Vectors]:
        if not self._weights or self._is_torch is not with_torch:
            load = load_base if with_torch else lambda file: read_bert_weights(file, LAYERS)
            self._weights, self._is_torch = load(self._file), with_torch
        means = mean_vectors(self._weights, ids) if with_torch else self._means(ids)
        return [np.asarray(mean / max(float(np.linalg.norm(mean)), 1e-12)) for mean in means]

    def _means(self, ids: Sequence[Sequence[int]]) -> list[Vectors]:
        shape = BertShape(LAYERS, HEADS)
        return [text.mean(axis=0) for text in encode_texts(self._weights, ids, shape)]


def _sentences(passage: str) -> list[str]:
    spans = sentence_spans(passage) or [(0, len(passage))]
    found = [passage[start:end].strip() for start, end in spans]
    return [each for each in found if each][:MOST_SENTENCES]
