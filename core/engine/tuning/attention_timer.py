"""Time of one batch's attention and weights on a device, computed as llama.cpp's graph does."""

import contextlib
import math
from typing import Any

import numpy as np

from core.engine.devices.graph_timer import GraphTimer
from core.engine.memory.attention_shape import AttentionShape, ModelShape
from core.engine.memory.compute_buffers import CONTEXT_STEP
from core.gguf.llama_tables import TENSOR_TYPES

_F32, _F16 = 0, 1  # enum ggml_type
_CACHE_TYPES = {"f16": 1, "q8_0": 8, "q4_0": 2}  # as above
_BLOCK = 32
"""Numbers of a block of the small types."""
_PRECISE = 10  # GGML_PREC_F32
_HALF = 2  # bytes of f16
_ROUNDS = 3
_SECONDS = 0.004
"""After so long, the fastest round so far counts; what is in doubt is timed again later."""
_COPIES = 4
"""Layers of a small batch that are computed in a row: their keys don't stay in the cache."""
_SMALL_BATCH = 8
_BYTES = 16 << 20
"""Bytes of weights that are multiplied in one run of a small batch."""


class AttentionTimer:
    """Times parts of a model's batches on one device. `cells` is the length of the context."""

    def __init__(self, timer: GraphTimer, shape: ModelShape, cells: int) -> None:
        self._timer = timer
        self._ggml: Any = timer.ggml
        self._shape = shape
        self._cells = cells
        type_ = TENSOR_TYPES[shape.type_id]
        self._matrix_bytes = shape.columns * shape.rows // type_.block * type_.size

    def attention_seconds(self, rows: int, depth: int, *, fused: bool, cache: str = "f16") -> float:
        """Return the seconds of all attention layers; 0 if the device can't, or memory lacks.

        Of a small type of the cache, the rotation of keys and values is left out: it doesn't grow
        with the depth.
        """
        total = 0.0
        for kind in self._shape.attention:
            if cache != "f16" and (kind.key_length % _BLOCK or kind.value_length % _BLOCK):
                return 0.0
            seconds = self._kind_seconds(kind, rows, depth, fused=fused, cache=cache)
            if not seconds:
                return 0.0
            total += seconds * kind.layers
        return total

    def weights_seconds(self, rows: int) -> float:
        """Return the seconds of the products with all weights; 0 if memory lacks."""
        shape, timer, ggml = self._shape, self._timer, self._ggml
        size = self._matrix_bytes
        count = max(1, _BYTES // size) if rows <= _SMALL_BATCH else 1
        with contextlib.ExitStack() as undo:
            for memory in timer.weight_memories(shape.type_id):
                arena = timer.new_arena(undo)
                matrices = [
                    ggml.ggml_new_tensor_2d(arena, shape.type_id, shape.columns, shape.rows)
                    for _ in range(count)
                ]
                if not timer.allocate(undo, arena, memory):
                    continue
                arena = timer.new_arena(undo)
                vectors = ggml.ggml_new_tensor_2d(arena, _F32, shape.columns, rows)
                graph = ggml.ggml_new_graph(arena)
                for matrix in matrices:
                    product = ggml.ggml_mul_mat(arena, matrix, vectors)
                    ggml.ggml_build_forward_expand(graph, product)
                if not timer.allocate(undo, arena, timer.plain_memory):
                    return 0.0
                seconds = min(timer.round_seconds(graph, _ROUNDS, _SECONDS))
                return seconds * shape.weight_bytes / (count * size)
        return 0.0

    @property
    def weights_share(self) -> float:
        """The part of all weights that is multiplied at a time."""
        return self._matrix_bytes / max(self._shape.weight_bytes, 1)

    def _kind_seconds(
        self, kind: AttentionShape, rows: int, depth: int, *, fused: bool, cache: str
    ) -> float:
        """Return the seconds of one layer."""
        used = -(-(depth + rows) // CONTEXT_STEP) * CONTEXT_STEP
        used = min(used, self._cells)
        copies = min(_COPIES, kind.layers) if rows <= _SMALL_BATCH else 1
        timer, ggml = self._timer, self._ggml
        with contextlib.ExitStack() as undo:
            arena = timer.new_arena(undo)
            mask = ggml.ggml_new_tensor_2d(arena, _F16 if fused else _F32, used, rows)
            graph = ggml.ggml_new_graph(arena)
            for _ in range(copies):
                if fused:
                    result = self._fused_layer(arena, kind, rows, used, mask, _CACHE_TYPES[cache])
                else:
                    result = self._separate_layer(arena, kind, rows, used, mask)
                if not timer.supports(result):
                    return 0.0
                ggml.ggml_build_forward_expand(graph, result)
            if not timer.allocate(undo, arena, timer.plain_memory):
                return 0.0
            seen = _visible(rows, depth, used, kind.window, np.float16 if fused else np.float32)
            ggml.ggml_backend_tensor_set(mask, seen.ctypes.data, 0, seen.nbytes)
            return min(timer.round_seconds(graph, _ROUNDS, _SECONDS)) / copies

    def _queries(self, arena: int, kind: AttentionShape, rows: int) -> int:
        made = self._ggml.ggml_new_tensor_3d(arena, _F32, kind.key_length, kind.heads, rows)
        return int(self._ggml.ggml_permute(arena, made, 0, 2, 1, 3))

    def _cached(self, arena: int, length: int, heads: int, used: int, type_id: int) -> int:
        """Return cached keys, or values for flash attention: a row of all heads per token."""
        made = self._ggml.ggml_new_tensor_3d(arena, type_id, length, heads, used)
        return int(self._ggml.ggml_permute(arena, made, 0, 2, 1, 3))

    def _fused_layer(
        self, arena: int, kind: AttentionShape, rows: int, used: int, mask: int, type_id: int
    ) -> int:
        ggml = self._ggml
        queries = self._queries(arena, kind, rows)
        keys = self._cached(arena, kind.key_length, kind.kv_heads, used, type_id)
        values = self._cached(arena, kind.value_length, kind.kv_heads, used, type_id)
        scale = 1 / math.sqrt(kind.key_length)
        result = ggml.ggml_flash_attn_ext(arena, queries, keys, values, mask, scale, 0.0, 0.0)
        ggml.ggml_prec_set_acc(result, _PRECISE)
        return int(result)

    def _separate_layer(
        self, arena: int, kind: AttentionShape, rows: int, used: int, mask: int
    ) -> int:
        ggml = self._ggml
        queries = self._queries(arena, kind, rows)
        keys = self._cached(arena, kind.key_length, kind.kv_heads, used, _F16)
        scores = ggml.ggml_mul_mat(arena, keys, queries)
        ggml.ggml_prec_set_acc(scores, _PRECISE)
        shares = ggml.ggml_soft_max_ext(arena, scores, mask, 1 / math.sqrt(kind.key_length), 0.0)
        # Values lie transposed in the cache, a row of all cells for each number.
        width = kind.kv_heads * kind.value_length
        stored = ggml.ggml_new_tensor_2d(arena, _F16, self._cells, width)
        row = self._cells * _HALF
        values = ggml.ggml_view_3d(
            arena, stored, used, kind.value_length, kind.kv_heads, row, row * kind.value_length, 0
        )
        sums = ggml.ggml_mul_mat(arena, values, shares)
        merged = ggml.ggml_permute(arena, sums, 0, 2, 1, 3)
        return int(ggml.ggml_cont_2d(arena, merged, kind.value_length * kind.heads, rows))


def _visible(rows: int, depth: int, used: int, window: int, type_: Any) -> Any:  # noqa: ANN401 - numpy
    """Return the mask of a batch: 0 for the tokens that a row sees, minus infinity for others."""
    place = np.arange(depth, depth + rows)[:, None]
    cell = np.arange(used)[None, :]
    seen = cell <= place
    if window:
        seen &= cell > place - window
    return np.where(seen, 0.0, -np.inf).astype(type_)
