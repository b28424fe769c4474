"""Layers in eight bits, beside the same in float32."""

from typing import Any

import numpy as np
import pytest

from core.library.embedding import eight_bit_layers
from core.library.embedding.bert_encoder import BertShape, encode_text, linear
from core.library.embedding.eight_bit_layers import open_head, open_layers
from core.library.embedding.eight_bit_matrix import EightBitMatrix, repack_matrix
from core.library.embedding.packed_weights import BLOCK_BYTES, unpack_matrix
from core.library.embedding.vector_types import Vectors

SHAPE = BertShape(layers=2, heads=4)
NAMES = ["layers.0", "layers.1"]
HIDDEN = 64
TEXT = [3, 1, 4, 1, 5, 9, 2, 6]


def _weights(seed: int = 5) -> dict[str, Any]:
    """Return a small encoder with a head; matrices as EightBitMatrix."""
    random = np.random.default_rng(seed)

    def matrix(rows: int, columns: int) -> EightBitMatrix:
        scales = np.full(rows, 0.003, np.float32)
        return EightBitMatrix(random.integers(-127, 128, (rows, columns), np.int8), scales)

    def row(length: int) -> Vectors:
        return random.standard_normal(length).astype(np.float32)

    weights: dict[str, Any] = {"words": row(10 * HIDDEN).reshape(10, HIDDEN)}
    weights |= {"positions": weights["words"] * 0.1, "types": np.zeros((1, HIDDEN), np.float32)}
    for name in ("norm", *(f"{each}.{norm}" for each in NAMES for norm in ("norm1", "norm2"))):
        weights |= {f"{name}.weight": 1 + 0.1 * row(HIDDEN), f"{name}.bias": 0.1 * row(HIDDEN)}
    sizes = {"qkv": (3, 1), "out": (1, 1), "up": (4, 1), "down": (1, 4)}
    for name in NAMES:
        for part, (rows, columns) in sizes.items():
            weights[f"{name}.{part}.weight"] = matrix(rows * HIDDEN, columns * HIDDEN)
            weights[f"{name}.{part}.bias"] = 0.1 * row(rows * HIDDEN)
    for name, rows in (("head.0", HIDDEN), ("head.3", 3)):
        weights[f"{name}.weight"] = 0.1 * row(rows * HIDDEN).reshape(rows, HIDDEN)
        weights[f"{name}.bias"] = row(rows)
    return weights


def _in_floats(weights: dict[str, Any]) -> dict[str, Any]:
    return {
        name: each.in_floats() if isinstance(each, EightBitMatrix) else each
        for name, each in weights.items()
    }


def _first_vectors(weights: dict[str, Any]) -> Vectors:
    return encode_text(_in_floats(weights), TEXT, SHAPE._replace(layers=0))


def test_layers_make_what_they_make_in_float32() -> None:
    weights = _weights()
    exact = encode_text(_in_floats(weights), TEXT, SHAPE)
    found = open_layers(weights, NAMES, SHAPE)(_first_vectors(weights))
    assert found.shape == exact.shape
    assert float(np.linalg.norm(found - exact) / np.linalg.norm(exact)) < 0.05


def test_a_head_reads_the_first_token_as_in_float32() -> None:
    weights = _weights()
    floats = _in_floats(weights)
    first = encode_text(floats, TEXT, SHAPE, first_only=True)
    exact = linear(np.tanh(linear(first, floats, "head.0")), floats, "head.3")
    found = open_head(weights, NAMES, SHAPE, "head")(_first_vectors(weights))
    assert found.shape == (1, 3)
    assert np.allclose(found, exact, atol=0.1)


def test_processors_that_round_sums_to_16_bits_find_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    weights = _weights()
    found = []
    for overflows in (eight_bit_layers._overflows(), True):
        monkeypatch.setattr(eight_bit_layers, "_overflows", lambda told=overflows: told)
        found.append(open_layers(weights, NAMES, SHAPE)(_first_vectors(weights)))
    assert np.allclose(found[0], found[1], atol=1e-4)


def test_a_row_of_zeros_is_read() -> None:
    rows = np.zeros((3, HIDDEN), np.float32)
    assert np.isfinite(open_layers(_weights(), NAMES, SHAPE)(rows)).all()


def test_blocks_of_four_bits_become_rows_of_eight_within_half_a_step() -> None:
    random = np.random.default_rng(7)
    packed = random.integers(0, 256, (6, 3, BLOCK_BYTES), np.uint8)
    scales = random.uniform(-0.1, 0.1, (6, 3, 1)).astype(np.float16)
    scales[5] = 0
    packed[..., :2] = scales.view(np.uint8).reshape(6, 3, 2)
    packed = packed.reshape(6, -1)
    exact, found = unpack_matrix(packed), repack_matrix(packed)
    assert np.abs(found.rows.astype(int)).max() <= 127
    assert (np.abs(found.in_floats() - exact).max(axis=1) <= found.scales * 0.52).all()
    assert not found.in_floats()[5].any()
