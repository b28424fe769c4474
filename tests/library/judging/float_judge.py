"""The judge that ships, computed in float32: what its eight bits are compared with."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from core.base.paths import judge_model, multilingual_embedding_model
from core.library.embedding.bert_encoder import (
    BertShape,
    encode_text,
    linear,
    read_bert_weights,
)
from core.library.embedding.packed_weights import read_packed_tensors
from core.library.judging.judge_network import HEADS, LAYERS

BASE_FILE = multilingual_embedding_model() / "model.safetensors"
JUDGE_FILE = judge_model() / "judge.safetensors"


def float_scores(text: Sequence[int], head: str) -> list[float]:
    """Return a head's scores of a text of token numbers."""
    weights: dict[str, Any] = read_bert_weights(BASE_FILE, LAYERS)
    stored = read_packed_tensors(JUDGE_FILE)
    own = {n: _floats(n, stored) for n in stored if not n.endswith(".scale")}
    weights.update(own)
    layers = f"{head}.layers."
    weights.update({n.removeprefix(f"{head}."): own[n] for n in own if n.startswith(layers)})
    first = encode_text(weights, text, BertShape(LAYERS, HEADS), first_only=True)
    scores = linear(np.tanh(linear(first, weights, f"{head}.0")), weights, f"{head}.3")
    return [float(each) for each in scores[0]]


def float_mean(text: Sequence[int]) -> Any:
    """Return the mean of what the embedding model makes of a text's tokens."""
    weights = read_bert_weights(BASE_FILE, LAYERS)
    return encode_text(weights, text, BertShape(LAYERS, HEADS)).mean(axis=0)


def _floats(name: str, stored: dict[str, Any]) -> Any:
    scale = stored.get(f"{name}.scale")
    plain = stored[name].astype(np.float32)
    return plain if scale is None else plain * scale[:, None]
