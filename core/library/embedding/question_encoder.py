"""Question encoder: reads questions, and a few passages, before torch is there."""

from typing import Any

import numpy as np

from core.library.embedding.bert_encoder import (
    BertShape,
    encode_text,
    encode_texts,
    read_bert_weights,
)
from core.library.embedding.sentence_transformers_folder import SentenceTransformersFolder
from core.library.embedding.vector_types import Vectors

_MEAN = "pooling_mode_mean_tokens"
_SHAPES_OF_BERT = {
    "model_type": "bert",
    "hidden_act": "gelu",
    "position_embedding_type": "absolute",
}
_DEFAULTS = {"position_embedding_type": "absolute"}


class QuestionEncoder:
    """The model of a folder in NumPy; unit vectors as those of torch, but for rounding."""

    def __init__(self, folder: SentenceTransformersFolder) -> None:
        """Raises ValueError for a model that isn't computed here.

        A damaged folder raises LibraryError, KeyError, TypeError or OSError.
        """
        config = folder.read_settings("config.json")
        if not _is_plain_bert(config) or not _pools_means(folder):
            raise ValueError("another kind of model")
        self._shape = BertShape(
            layers=int(config["num_hidden_layers"]),
            heads=int(config["num_attention_heads"]),
            epsilon=float(config["layer_norm_eps"]),
        )
        self._weights = read_bert_weights(folder.weights_file, self._shape.layers)
        self._window = folder.window_tokens
        self._counter = folder.token_counter

    def embed(self, texts: list[str]) -> Vectors:
        """Return one unit vector per text, its prompt included, in order; keep it small."""
        ids = [self._cut(each) for each in self._counter.token_ids(texts)]
        if len(ids) == 1:
            found = [encode_text(self._weights, ids[0], self._shape)]
        else:
            found = encode_texts(self._weights, ids, self._shape)
        return np.stack([_unit_mean(vectors) for vectors in found]).astype(np.float32)

    def _cut(self, ids: list[int]) -> list[int]:
        return ids if len(ids) <= self._window else [*ids[: self._window - 1], ids[-1]]


def _unit_mean(vectors: Vectors) -> Vectors:
    mean = vectors.mean(axis=0)
    return np.asarray(mean / max(float(np.linalg.norm(mean)), 1e-12), np.float32)


def _is_plain_bert(config: dict[str, Any]) -> bool:
    return all(
        config.get(name, _DEFAULTS.get(name)) == value for name, value in _SHAPES_OF_BERT.items()
    )


def _pools_means(folder: SentenceTransformersFolder) -> bool:
    """Whether a vector is the mean of its tokens' and nothing else."""
    pooling = folder.read_settings("1_Pooling/config.json")
    modes = {name for name, on in pooling.items() if name.startswith("pooling_mode_") and on}
    return modes == {_MEAN}
