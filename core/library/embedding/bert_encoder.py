"""BERT encoder in NumPy: reads a text or a few without torch, whose import takes seconds.

Post-norm layers and GELU (Devlin et al. 2018), one text at a time, in float32. A question is read
as fast as with torch; for whole folders torch is faster.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import numpy as np
import numpy.typing as npt

from core.library.embedding.packed_weights import read_packed_tensors, unpack_matrix
from core.library.embedding.vector_types import Vectors

_Converted = TypeVar("_Converted")
BertWeights = Mapping[str, npt.NDArray[Any]]
"""Tensors by name: `words` (perhaps packed), `positions`, `types`, `norm.*`, and of each layer N
`layers.N.qkv.*`, `out`, `norm1`, `up`, `down`, `norm2`; each with `weight` and `bias`."""
_ATTENTION_PARTS = ("query", "key", "value")
_PARTS = {
    "out": "attention.output.dense",
    "norm1": "attention.output.LayerNorm",
    "up": "intermediate.dense",
    "down": "output.dense",
    "norm2": "output.LayerNorm",
}
_ERF = (0.254829592, -0.284496736, 1.421413741, -1.453152027, 1.061405429)
_ERF_SCALE = 0.3275911
"""Abramowitz and Stegun 7.1.26, off by 1.5e-7 at most."""
_GELU_VALUES = 32_768
"""Values of which it is computed at a time: in the processor's cache that takes half as long."""


class BertShape(NamedTuple):
    """How an encoder computes: its layers, the heads of each, and what keeps norms from zero."""

    layers: int
    heads: int
    epsilon: float = 1e-12


def read_bert_weights(file: Path, layers: int) -> dict[str, npt.NDArray[Any]]:
    """Return the first `layers` layers of a safetensors file; its words stay mapped, and packed.

    Raises OSError, ValueError or KeyError for a file that holds no such model.
    """
    stored = read_packed_tensors(file)
    names = range(layers)
    return {**embedding_weights(stored), **layer_weights(stored, names, _in_floats)}


def embedding_weights(stored: BertWeights) -> dict[str, npt.NDArray[Any]]:
    """Return what makes the first vectors of tokens, from the tensors of a model's file."""
    place = "embeddings"
    return {
        "words": stored[f"{place}.word_embeddings.weight"],
        "positions": _in_floats(stored[f"{place}.position_embeddings.weight"]),
        "types": _in_floats(stored[f"{place}.token_type_embeddings.weight"]),
        "norm.weight": _in_floats(stored[f"{place}.LayerNorm.weight"]),
        "norm.bias": _in_floats(stored[f"{place}.LayerNorm.bias"]),
    }


def layer_weights(
    stored: BertWeights, layers: Iterable[int], convert: Callable[[npt.NDArray[Any]], _Converted]
) -> dict[str, _Converted]:
    """Return the tensors of layers from those of a model's file, each as `convert` returns it."""
    weights: dict[str, _Converted] = {}
    for layer in layers:
        theirs, ours = f"encoder.layer.{layer}", f"layers.{layer}"
        for kind in ("weight", "bias"):
            parts = [stored[f"{theirs}.attention.self.{part}.{kind}"] for part in _ATTENTION_PARTS]
            weights[f"{ours}.qkv.{kind}"] = convert(np.concatenate(parts))
            for name, part in _PARTS.items():
                weights[f"{ours}.{name}.{kind}"] = convert(stored[f"{theirs}.{part}.{kind}"])
    return weights


def _in_floats(stored: npt.NDArray[Any]) -> Vectors:
    return unpack_matrix(stored) if stored.dtype == np.uint8 else stored.astype(np.float32)


def encode_text(
    weights: BertWeights, ids: Sequence[int], shape: BertShape, *, first_only: bool = False
) -> Vectors:
    """Return a vector for each token of a text, or for its first one alone."""
    vectors = embed_tokens(weights, ids, np.arange(len(ids)), shape)
    for layer in range(shape.layers):
        is_last = layer == shape.layers - 1
        vectors = _layer(
            vectors, weights, f"layers.{layer}", shape, first_only=first_only and is_last
        )
    return vectors


def encode_texts(
    weights: BertWeights, texts: Sequence[Sequence[int]], shape: BertShape
) -> list[Vectors]:
    """Return the vectors of each text's tokens; matrices are read once for all of them.

    So short texts cost a third of what they cost one by one.
    """
    ids = [id_ for text in texts for id_ in text]
    places = np.concatenate([np.arange(len(text)) for text in texts])
    ends = np.cumsum([len(text) for text in texts])[:-1]
    vectors = embed_tokens(weights, ids, places, shape)
    for layer in range(shape.layers):
        vectors = _layer(vectors, weights, f"layers.{layer}", shape, first_only=False, ends=ends)
    return np.split(vectors, ends)


def embed_tokens(
    weights: BertWeights, ids: Sequence[int], places: npt.NDArray[np.int64], shape: BertShape
) -> Vectors:
    """Return the vectors that the first layer reads, of tokens at their places in a text."""
    rows = weights["words"][list(ids)]
    words = unpack_matrix(rows) if rows.dtype == np.uint8 else rows.astype(np.float32)
    vectors = words + weights["positions"][places] + weights["types"][0]
    return _norm(vectors, weights, "norm", shape)


def linear(vectors: Vectors, weights: BertWeights, name: str) -> Vectors:
    """Return what a linear layer makes of rows."""
    return np.asarray(vectors @ weights[f"{name}.weight"].T + weights[f"{name}.bias"], np.float32)


def _layer(
    vectors: Vectors,
    weights: BertWeights,
    name: str,
    shape: BertShape,
    *,
    first_only: bool,
    ends: Sequence[int] | npt.NDArray[np.int64] = (),
) -> Vectors:
    """Return a layer's vectors; `ends` are where one text ends and the next begins."""
    tokens, hidden = vectors.shape
    parts = linear(vectors, weights, f"{name}.qkv").reshape(tokens, 3, shape.heads, -1)
    mixed = np.concatenate(
        [_mixed(part, first_only=first_only).reshape(-1, hidden) for part in np.split(parts, ends)]
    )
    if first_only:  # nothing else is read of the last layer
        vectors = vectors[:1]
    vectors = _norm(
        vectors + linear(mixed, weights, f"{name}.out"), weights, f"{name}.norm1", shape
    )
    inner = linear(_gelu(linear(vectors, weights, f"{name}.up")), weights, f"{name}.down")
    return _norm(vectors + inner, weights, f"{name}.norm2", shape)


def _mixed(parts: Vectors, *, first_only: bool) -> Vectors:
    """Return the values that the tokens of one text attend to, (tokens, heads, width)."""
    query, key, value = parts.transpose(1, 2, 0, 3)
    if first_only:
        query = query[:, :1]
    scores = (query * np.float32(parts.shape[-1] ** -0.5)) @ key.transpose(0, 2, 1)
    scores -= scores.max(axis=-1, keepdims=True)
    np.exp(scores, out=scores)
    scores /= scores.sum(axis=-1, keepdims=True)
    return np.asarray((scores @ value).transpose(1, 0, 2), np.float32)


def _norm(vectors: Vectors, weights: BertWeights, name: str, shape: BertShape) -> Vectors:
    centred = vectors - vectors.mean(axis=-1, keepdims=True)
    spread = np.sqrt((centred * centred).mean(axis=-1, keepdims=True) + np.float32(shape.epsilon))
    scaled = centred / spread * weights[f"{name}.weight"] + weights[f"{name}.bias"]
    return np.asarray(scaled, np.float32)


def _gelu(values: Vectors) -> Vectors:
    """Return x * Phi(x), with the error function and no approximation by tanh."""
    found = np.empty(values.shape, np.float32)
    rows = max(1, _GELU_VALUES // values.shape[-1])
    for start in range(0, len(values), rows):
        found[start : start + rows] = _gelu_of_rows(values[start : start + rows])
    return found


def _gelu_of_rows(values: Vectors) -> Vectors:
    """Return it for rows that fit the processor's cache with all that is computed on the way."""
    size = np.abs(values)
    size *= np.float32(0.5**0.5)
    step = size * np.float32(_ERF_SCALE)
    step += 1
    np.divide(1, step, out=step)
    power = np.zeros_like(step)
    for factor in reversed(_ERF):
        power += np.float32(factor)
        power *= step
    size *= size
    np.negative(size, out=size)
    power *= np.exp(size, out=size)
    erf = np.copysign(np.subtract(1, power, out=power), values, out=power)
    erf += 1
    erf *= values * np.float32(0.5)
    return erf
