"""Judge network in torch, for its training: layers of the embedding model, then its own.

A BERT encoder (Devlin et al. 2018, post-norm, GELU). Embeddings and the lower six layers keep no
gradients. What ships is computed by `core/library/judging/judge_network.py`.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeAlias

import torch
from torch.nn import functional

from core.library.embedding.bert_encoder import read_bert_weights
from core.library.embedding.packed_weights import unpack_matrix
from core.library.judging.judge_network import BASE_LAYERS, HEADS, LAYERS

HIDDEN, OWN_LAYERS = 384, LAYERS - BASE_LAYERS
"""Numbers a token, and layers that are the judge's: a head may have its own of some of them."""
PADDING = 1
"""Token number of padding."""
_EPSILON = 1e-12

Weights: TypeAlias = Mapping[str, Any]
"""Tensors by name: `words`, `positions`, `types`, `norm.*`, `layers.N.*`, `answer.*`,
`support.*`, `span.*`."""


def base_weights(base_file: Path) -> dict[str, Any]:
    """Return all twelve layers of the embedding model, under this module's names.

    The table of words stays packed and mapped from its file: of a quarter million rows a text needs
    a hundred. Raises OSError, ValueError or KeyError for a file that isn't the model's.
    """
    return {
        name: tensor if name == "words" else torch.from_numpy(tensor)
        for name, tensor in read_bert_weights(base_file, LAYERS).items()
    }


def encode_tokens(
    weights: Weights,
    ids: Any,  # noqa: ANN401 - tensors of an untyped library
    mask: Any,  # noqa: ANN401
    dropout: float = 0.0,
    *,
    head: str = "answer",
    first_only: bool = False,
) -> Any:  # noqa: ANN401
    """Return a vector for each token, (texts, tokens, HIDDEN), or for the first one of each text.

    `ids` are int64 (texts, tokens), `mask` is true for tokens and false for padding. `dropout` is
    applied in the layers that are trained: the judge's own, or those of `head` where it has some.
    The ones below keep no gradients.
    """
    attended = None if bool(mask.all()) else mask[:, None, None, :]
    with torch.no_grad():
        vectors = _word_vectors(ids, weights)
        vectors = vectors + weights["positions"][: ids.shape[1]] + weights["types"][0]
        vectors = _norm(vectors, weights, "norm")
        for name in _below(weights, head):
            vectors = _layer(vectors, attended, weights, name, 0.0)
    *names, last = _trained(weights, head)
    for name in names:
        vectors = _layer(vectors, attended, weights, name, dropout)
    return _layer(vectors, attended, weights, last, dropout, first_only=first_only)


def _below(weights: Weights, head: str) -> list[str]:
    return [f"layers.{layer}" for layer in range(LAYERS - len(_trained(weights, head)))]


def _trained(weights: Weights, head: str) -> list[str]:
    """Return the layers that belong to a head, or to both where it has none for itself."""
    shared = [f"layers.{layer}" for layer in range(LAYERS - OWN_LAYERS, LAYERS)]
    own = [f"{head}.{name}" for name in shared if f"{head}.{name}.qkv.weight" in weights]
    return own or shared


def head_scores(first: Any, weights: Weights, head: str, dropout: float = 0.0) -> Any:  # noqa: ANN401
    """Return the scores of a head for the vectors of the first tokens, (texts, scores)."""
    hidden = torch.tanh(_linear(first, weights, f"{head}.0"))
    return _linear(functional.dropout(hidden, dropout, dropout > 0), weights, f"{head}.3")


def _word_vectors(ids: Any, weights: Weights) -> Any:  # noqa: ANN401
    used, places = torch.unique(ids, return_inverse=True)
    rows = torch.from_numpy(unpack_matrix(weights["words"][used.numpy()]))
    return functional.embedding(places, rows.to(weights["norm.weight"].dtype))


def _layer(
    vectors: Any,  # noqa: ANN401
    attended: Any,  # noqa: ANN401 - None where no text has padding
    weights: Weights,
    name: str,
    dropout: float,
    *,
    first_only: bool = False,
) -> Any:  # noqa: ANN401
    texts, tokens, _hidden = vectors.shape
    heads = _linear(vectors, weights, f"{name}.qkv").view(texts, tokens, 3, HEADS, HIDDEN // HEADS)
    query, key, value = heads.permute(2, 0, 3, 1, 4)
    if first_only:  # the heads read nothing else of the last layer
        tokens, vectors, query = 1, vectors[:, :1], query[:, :, :1]
    training = dropout > 0
    if training:  # its gradient is three times as fast spelt out
        scores = (query * (HIDDEN // HEADS) ** -0.5) @ key.transpose(-1, -2)
        scores = scores if attended is None else scores.masked_fill(~attended, -1e4)
        mixed = scores.softmax(-1).to(value.dtype) @ value
    else:
        mixed = functional.scaled_dot_product_attention(query, key, value, attn_mask=attended)
    mixed = _linear(mixed.transpose(1, 2).reshape(texts, tokens, HIDDEN), weights, f"{name}.out")
    vectors = _norm(
        vectors + functional.dropout(mixed, dropout, training), weights, f"{name}.norm1"
    )
    inner = functional.gelu(_linear(vectors, weights, f"{name}.up"))
    inner = functional.dropout(_linear(inner, weights, f"{name}.down"), dropout, training)
    return _norm(vectors + inner, weights, f"{name}.norm2")


def _linear(vectors: Any, weights: Weights, name: str) -> Any:  # noqa: ANN401
    return functional.linear(vectors, weights[f"{name}.weight"], weights[f"{name}.bias"])


def _norm(vectors: Any, weights: Weights, name: str) -> Any:  # noqa: ANN401
    return functional.layer_norm(
        vectors, (HIDDEN,), weights[f"{name}.weight"], weights[f"{name}.bias"], _EPSILON
    )
