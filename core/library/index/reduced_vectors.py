"""Reduced vectors: the same vectors by fewer numbers, which tell the few that are worth comparing.

The numbers are those along the directions in which the vectors of this library lie farthest (their
principal components). To read all of them takes a fraction of the time, since memory limits it; the
best by these numbers are then compared whole. Only in memory: nothing of it is kept.
"""

from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from core.library.embedding.vector_types import Ids, Vectors

AnyVectors: TypeAlias = npt.NDArray[np.floating[Any]]
"""Vectors as they are kept: float16 or float32."""
REDUCED_FROM = 32_000
"""Vectors from which reducing is worth it: up to here all are compared in some milliseconds."""
_SAMPLE = 20_000
_BLOCK = 8_192
_SHARE = 4
"""One number of so many is kept."""
_COMPARED = 8
"""Times as many as are wanted are compared whole."""


class ReducedVectors:
    """Reduced copies of rows of vectors, in their order."""

    def __init__(self, vectors: AnyVectors) -> None:
        """Find the directions by a sample of the vectors, and reduce all."""
        step = -(-len(vectors) // _SAMPLE)
        sample = vectors[::step].astype(np.float32)
        _lengths, directions = np.linalg.eigh(sample.T @ sample)
        kept = max(1, vectors.shape[1] // _SHARE)
        self._directions = np.ascontiguousarray(directions[:, -kept:], np.float32)
        self._rows = self._reduce(vectors)
        self.fitted_count = len(vectors)
        """How many vectors there were when the directions were found."""

    def add_rows(self, vectors: AnyVectors) -> None:
        """Append rows; the directions stay."""
        self._rows = np.concatenate([self._rows, self._reduce(vectors)])

    def keep_rows(self, chosen: npt.NDArray[np.bool_]) -> None:
        """Drop all rows but the chosen."""
        self._rows = self._rows[chosen]

    def promising_rows(self, query: Vectors, count: int, allowed: Ids | None) -> Ids:
        """Return, in no order, rows among which about all of the `count` nearest lie.

        `allowed`: only these rows are looked at, which are ascending.
        """
        scores = self._rows @ (query @ self._directions)
        wanted = _COMPARED * count
        if allowed is not None:
            best = _highest_rows(scores[allowed], wanted)
            return allowed[best]
        return _highest_rows(scores, wanted)

    def _reduce(self, vectors: AnyVectors) -> Vectors:
        reduced = np.empty((len(vectors), self._directions.shape[1]), np.float32)
        for start in range(0, len(vectors), _BLOCK):
            block = vectors[start : start + _BLOCK].astype(np.float32)
            reduced[start : start + _BLOCK] = block @ self._directions
        return reduced


def _highest_rows(scores: Vectors, count: int) -> Ids:
    if len(scores) <= count:
        return np.arange(len(scores))
    return np.argpartition(-scores, count)[:count]
