"""Eight-bit matrix: rows of int8 with a scale each, and how blocks of 4 bits become one."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from core.library.embedding.packed_weights import BLOCK_BYTES, BLOCK_WEIGHTS, Packed

LARGEST_WEIGHT = 127
"""Largest number of a row."""
_HALF = BLOCK_WEIGHTS // 2
_STEPS = 8
"""Largest weight of a block, in steps of its scale."""
_LEAST = 1e-8
"""Keeps rows of zeros from being divided by zero."""
_SHIFT = 8
"""Binary places of a step in units of its row: times a weight of 4 bits it still fits 16 bits."""


class EightBitMatrix(NamedTuple):
    """Weights, int8 (rows, columns), and the scale of each row."""

    rows: npt.NDArray[np.int8]
    scales: npt.NDArray[np.float32]

    def in_floats(self) -> npt.NDArray[np.float32]:
        """Return the weights themselves."""
        return np.asarray(self.rows * self.scales[:, None], np.float32)


def repack_matrix(packed: Packed) -> EightBitMatrix:
    """Return a matrix of `packed_weights` in 8 bits: in integers, a third of the time of floats."""
    blocks = np.ascontiguousarray(packed).reshape(len(packed), -1, BLOCK_BYTES)
    steps = np.ascontiguousarray(blocks[..., :2]).view("<f2").astype(np.float32)
    largest = np.abs(steps).max(axis=(1, 2)) * np.float32(_STEPS)
    scales = np.maximum(largest, np.float32(_LEAST)) / np.float32(LARGEST_WEIGHT)
    units = np.rint(steps / scales[:, None, None] * (1 << _SHIFT)).astype(np.int16)
    rows = np.empty((*blocks.shape[:2], BLOCK_WEIGHTS), np.int8)
    for half, weights in enumerate((blocks[..., 2:] & 15, blocks[..., 2:] >> 4)):
        products = np.multiply(weights.view(np.int8) - np.int8(_STEPS), units, dtype=np.int16)
        products += 1 << (_SHIFT - 1)
        rows[..., half * _HALF : (half + 1) * _HALF] = products >> _SHIFT
    return EightBitMatrix(rows.reshape(len(packed), -1), scales)
