"""Judge network: the embedding model's lower layers, with upper layers and heads of its own.

A BERT encoder (Devlin et al. 2018, post-norm, GELU) of twelve layers with 384 numbers a token.
Embeddings and the first six layers are those of multilingual-e5-small, unchanged, so that they need
not be shipped twice; the other six and two heads on the first token were trained
(`packaging/training`). A head may have the last layers for itself ("support.layers.N.*"), so
that what it learns costs the other nothing.
"""

import os
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from core.library.embedding.bert_encoder import (
    BertShape,
    embed_tokens,
    embedding_weights,
    layer_weights,
)
from core.library.embedding.eight_bit_layers import RunLayers, open_head, open_layers
from core.library.embedding.eight_bit_matrix import EightBitMatrix, repack_matrix
from core.library.embedding.packed_weights import read_packed_tensors
from core.library.embedding.vector_types import Vectors

HEADS, LAYERS, BASE_LAYERS = 12, 12, 6
"""Attention heads, layers in all, and those (the first) that are the embedding model's."""
_SHAPE = BertShape(LAYERS, HEADS)
_Item = TypeVar("_Item")
_Made = TypeVar("_Made")


class BaseModel:
    """The embedding model of a file: its lower layers for the judge, all of them for sentences.

    Weights are read at the first text, which raises what damaged files raise.
    """

    def __init__(self, file: Path) -> None:
        self._file = file

    @cached_property
    def run_lower(self) -> RunLayers:
        """Makes vectors of the tokens' first ones by the lower layers."""
        return self._open(range(BASE_LAYERS))

    def first_vectors(self, text: Sequence[int]) -> Vectors:
        """Return what the lower layers read of a text of token numbers."""
        return embed_tokens(self._embeddings, text, np.arange(len(text)), _SHAPE)

    def mean_vectors(self, texts: Sequence[Sequence[int]]) -> list[Vectors]:
        """Return the mean of what all layers make of each text's tokens."""
        lower, upper = self.run_lower, self._run_upper
        return in_threads(lambda text: upper(lower(self.first_vectors(text))).mean(axis=0), texts)

    @cached_property
    def _run_upper(self) -> RunLayers:
        return self._open(range(BASE_LAYERS, LAYERS))

    @cached_property
    def _stored(self) -> dict[str, npt.NDArray[Any]]:
        return read_packed_tensors(self._file)

    @cached_property
    def _embeddings(self) -> dict[str, npt.NDArray[Any]]:
        return embedding_weights(self._stored)

    def _open(self, layers: range) -> RunLayers:
        weights = layer_weights(self._stored, layers, _ready)
        return open_layers(weights, [f"layers.{layer}" for layer in layers], _SHAPE)


class JudgeNetwork:
    """The judge's own layers and heads, of a file, over those of the embedding model.

    The layers of a head are loaded when its first text is read. Raises what damaged files raise.
    """

    def __init__(self, base: BaseModel, file: Path) -> None:
        self._base = base
        self._weights = _own_weights(file)
        self._run_heads: dict[str, RunLayers] = {}

    def layers(self, head: str) -> tuple[RunLayers, RunLayers]:
        """Return what runs the lower layers, and what runs a head's; they are loaded once."""
        return self._base.run_lower, self._run_head(head)

    def score_texts(self, texts: Sequence[Sequence[int]], head: str) -> list[list[float]]:
        """Return the scores of a head for texts of token numbers."""
        lower, upper = self.layers(head)

        def score(text: Sequence[int]) -> list[float]:
            return [float(each) for each in upper(lower(self._base.first_vectors(text)))[0]]

        return in_threads(score, texts)

    def _run_head(self, head: str) -> RunLayers:
        if head not in self._run_heads:
            shared = [f"layers.{layer}" for layer in range(BASE_LAYERS, LAYERS)]
            own = [f"{head}.{name}" for name in shared]
            names = [
                mine if f"{mine}.qkv.weight" in self._weights else name
                for mine, name in zip(own, shared, strict=True)
            ]
            self._run_heads[head] = open_head(self._weights, names, _SHAPE, head)
        return self._run_heads[head]


def in_threads(function: Callable[[_Item], _Made], items: Sequence[_Item]) -> list[_Made]:
    """Return what a function makes of each item, several at a time where cores are there."""
    with ThreadPoolExecutor(_threads()) as threads:
        return list(threads.map(function, items))


def _ready(stored: npt.NDArray[Any]) -> Any:  # noqa: ANN401 - either kind
    return repack_matrix(stored) if stored.dtype == np.uint8 else stored.astype(np.float32)


def _own_weights(file: Path) -> dict[str, Any]:
    stored = read_packed_tensors(file)
    weights: dict[str, Any] = {}
    for name, tensor in stored.items():
        scale = stored.get(f"{name}.scale")
        if scale is None:
            weights[name] = tensor.astype(np.float32)
        else:
            matrix = EightBitMatrix(tensor, scale)
            weights[name] = matrix if ".layers." in f".{name}" else matrix.in_floats()
    return weights


def _threads() -> int:
    """Return one for each core that this process may use, four at most."""
    if sys.platform == "linux":
        return min(4, len(os.sched_getaffinity(0)))
    return min(4, os.cpu_count() or 1)
