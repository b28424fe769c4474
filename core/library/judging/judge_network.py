"""Judge network: the embedding model's lower layers, with upper layers and heads of its own.

A BERT encoder (Devlin et al. 2018, post-norm, GELU) of twelve layers with 384 numbers a token.
Embeddings and the first six layers are those of multilingual-e5-small, unchanged, so that they need
not be shipped twice; the other six and two heads on the first token were trained. A head may have
the last layers for itself ("support.layers.N.*"), so that what it learns costs the other nothing.
Used by the judge and by its training, so that both compute the same.
"""

import os
import platform
import sys
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np

from core.library.embedding.bert_encoder import (
    BertShape,
    encode_text,
    linear,
    read_bert_weights,
)
from core.library.embedding.packed_weights import read_packed_tensors, unpack_matrix
from core.library.embedding.vector_types import Vectors

HIDDEN, HEADS, LAYERS, OWN_LAYERS = 384, 12, 12, 6
"""Numbers a token, attention heads, layers in all, and those (the last) that are the judge's: a
head may have its own of some or all of them."""
PADDING = 1
"""Token number of padding."""
_EPSILON = 1e-12
_BLOCKS_TRIED = frozenset({"x86_64", "AMD64"})

Weights: TypeAlias = Mapping[str, Any]
"""Tensors by name: `words`, `positions`, `types`, `norm.*`, `layers.N.*`, `answer.*`,
`support.*`, `span.*`."""


def base_weights(base_file: Path) -> dict[str, Any]:
    """Return all twelve layers of the embedding model, under this module's names.

    The table of words stays packed and mapped from its file: of a quarter million rows a text needs
    a hundred. Raises OSError, ValueError or KeyError for a file that isn't the model's.
    """
    import torch  # noqa: PLC0415 - the import takes seconds; the front end never makes it

    return {
        name: tensor if name == "words" else torch.from_numpy(tensor)
        for name, tensor in read_bert_weights(base_file, LAYERS).items()
    }


def load_numpy_network(base_file: Path, own_file: Path) -> dict[str, Any]:
    """Return the same weights for `score_in_numpy`, in float32. Raises what damaged files raise."""
    weights: dict[str, Any] = read_bert_weights(base_file, LAYERS - OWN_LAYERS)
    stored = read_packed_tensors(own_file)
    for name, tensor in stored.items():
        if not name.endswith(".scale"):
            plain = tensor.astype(np.float32)
            scale = stored.get(f"{name}.scale")
            weights[name] = plain if scale is None else plain * scale[:, None]
    return weights


def score_in_numpy(
    weights: Weights, texts: Sequence[Sequence[int]], head: str
) -> list[list[float]]:
    """Return what `score_texts` does, but for rounding, without torch: its import takes seconds."""
    shape = BertShape(LAYERS, HEADS, _EPSILON)
    own = f"{head}.layers."
    weights = {
        **weights,
        **{n.removeprefix(f"{head}."): each for n, each in weights.items() if n.startswith(own)},
    }

    def score(text: Sequence[int]) -> list[float]:
        first = encode_text(weights, text, shape, first_only=True)
        hidden = np.tanh(linear(first, weights, f"{head}.0"))
        return [float(each) for each in linear(hidden, weights, f"{head}.3")[0]]

    with ThreadPoolExecutor(_threads()) as threads:  # NumPy lets go of the interpreter
        return list(threads.map(score, texts))


def load_network(base_file: Path, own_file: Path) -> dict[str, Any]:
    """Return the weights of the embedding model's file and of the judge's own.

    They are bfloat16 where the processor computes it fast, else float32. Raises what damaged files
    raise.
    """
    from safetensors.torch import load_file  # noqa: PLC0415

    weights = base_weights(base_file)
    stored = load_file(own_file)
    for name, tensor in stored.items():
        if name.endswith(".scale"):
            continue
        scale = stored.get(f"{name}.scale")
        weights[name] = tensor.float() * scale[:, None] if scale is not None else tensor
    return _ready(weights)


def load_base(base_file: Path) -> dict[str, Any]:
    """Return the embedding model's own twelve layers, as `load_network` returns the judge's."""
    return _ready(base_weights(base_file))


def _ready(weights: Mapping[str, Any]) -> dict[str, Any]:
    """Return the weights in the format and order that this processor computes fastest."""
    import torch  # noqa: PLC0415

    # Builds of torch for Apple's chips are without oneDNN.
    is_fast = (
        torch.backends.mkldnn.is_available() and torch.ops.mkldnn._is_mkldnn_bf16_supported()  # noqa: SLF001 - there is no public one
    )
    number_format = torch.bfloat16 if is_fast else torch.float32
    ready = {
        name: tensor if name == "words" else tensor.to(number_format)
        for name, tensor in weights.items()
    }
    # Tried on this kind of processor only.
    return _with_blocks(ready) if is_fast and platform.machine() in _BLOCKS_TRIED else ready


def _with_blocks(weights: dict[str, Any]) -> dict[str, Any]:
    """Lay the layers' matrices out in the blocks that the processor multiplies by.

    Else that is done again for each text: a third of the time of short ones.
    """
    import torch  # noqa: PLC0415

    reorder = torch.ops.mkldnn._reorder_linear_weight  # noqa: SLF001 - there is no public one
    return {
        name: reorder(tensor) if _is_layer_matrix(name) else tensor
        for name, tensor in weights.items()
    }


def _is_layer_matrix(name: str) -> bool:
    return name.endswith((".qkv.weight", ".out.weight", ".up.weight", ".down.weight"))


def score_texts(weights: Weights, texts: Sequence[Sequence[int]], head: str) -> list[list[float]]:
    """Return the scores of a head for texts of token numbers; one forward pass."""
    import torch  # noqa: PLC0415

    ids, mask = _padded(texts)
    with torch.inference_mode():
        first = encode_tokens(weights, ids, mask, head=head, first_only=True)[:, 0]
        scores: list[list[float]] = head_scores(first, weights, head).float().tolist()
    return scores


def mean_vectors(weights: Weights, texts: Sequence[Sequence[int]]) -> list[Vectors]:
    """Return the mean vector of each text's tokens; one forward pass."""
    import torch  # noqa: PLC0415

    ids, mask = _padded(texts)
    with torch.inference_mode():
        vectors = encode_tokens(weights, ids, mask).float() * mask[..., None]
        means = vectors.sum(dim=1) / mask.sum(dim=1, keepdim=True)
    return list(means.numpy())


def _padded(texts: Sequence[Sequence[int]]) -> tuple[Any, Any]:
    """Return texts of token numbers as one tensor, and which of its places are tokens."""
    import torch  # noqa: PLC0415

    longest = max(len(text) for text in texts)
    ids = torch.full((len(texts), longest), PADDING)
    mask = torch.zeros((len(texts), longest), dtype=torch.bool)
    for row, text in enumerate(texts):
        ids[row, : len(text)] = torch.tensor(text)
        mask[row, : len(text)] = True
    return ids, mask


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
    import torch  # noqa: PLC0415 - the import takes seconds; the front end never makes it

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
    import torch  # noqa: PLC0415
    from torch.nn import functional  # noqa: PLC0415

    hidden = torch.tanh(_linear(first, weights, f"{head}.0"))
    return _linear(functional.dropout(hidden, dropout, dropout > 0), weights, f"{head}.3")


def _word_vectors(ids: Any, weights: Weights) -> Any:  # noqa: ANN401
    import torch  # noqa: PLC0415
    from torch.nn import functional  # noqa: PLC0415

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
    from torch.nn import functional  # noqa: PLC0415

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
    inner = _linear(vectors, weights, f"{name}.up", then_gelu=True)
    inner = functional.dropout(_linear(inner, weights, f"{name}.down"), dropout, training)
    return _norm(vectors + inner, weights, f"{name}.norm2")


def _linear(vectors: Any, weights: Weights, name: str, *, then_gelu: bool = False) -> Any:  # noqa: ANN401
    import torch  # noqa: PLC0415
    from torch.nn import functional  # noqa: PLC0415

    matrix, bias = weights[f"{name}.weight"], weights[f"{name}.bias"]
    if matrix.is_mkldnn:
        then, kind = ("gelu", "none") if then_gelu else ("none", "")
        return torch.ops.mkldnn._linear_pointwise(  # noqa: SLF001
            vectors, matrix, bias, then, [], kind
        )
    product = functional.linear(vectors, matrix, bias)
    return functional.gelu(product) if then_gelu else product


def _norm(vectors: Any, weights: Weights, name: str) -> Any:  # noqa: ANN401
    from torch.nn import functional  # noqa: PLC0415

    return functional.layer_norm(
        vectors, (HIDDEN,), weights[f"{name}.weight"], weights[f"{name}.bias"], _EPSILON
    )


def _threads() -> int:
    """Return one for each core that this process may use, four at most."""
    if sys.platform == "linux":
        return min(4, len(os.sched_getaffinity(0)))
    return min(4, os.cpu_count() or 1)
