"""Eight-bit layers: layers of a BERT encoder on ONNX Runtime, matrices multiplied in 8 bits.

Each row of weights and the numbers of each token have a scale of their own (as LLM.int8 without
its outliers, Dettmers et al. 2022): what is read of a text doesn't depend on others beside it. Sums
are exact; what differs from float32 is the rounding to 8 bits before each product. It takes a half
to a quarter of the time, and a quarter of the memory.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from core.library.embedding.bert_encoder import BertShape
from core.library.embedding.eight_bit_matrix import LARGEST_WEIGHT
from core.library.embedding.onnx_model import FLOAT, FUSED, INPUT, UINT8, OnnxModel
from core.library.embedding.vector_types import Vectors

_ZERO = 128
"""What stands for zero in a token's bytes."""

EightBitWeights = Mapping[str, Any]
"""Tensors by the names of `BertWeights`: EightBitMatrix for matrices, else arrays of float32."""
RunLayers = Callable[[Vectors], Vectors]
"""Makes rows of the rows of one text. Threads may call it side by side."""


def open_layers(weights: EightBitWeights, names: Sequence[str], shape: BertShape) -> RunLayers:
    """Return what runs the layers of these names, one after the other."""
    graph = _LayerGraph(weights, shape)
    rows = INPUT
    for name in names:
        rows = graph.add_layer(rows, name)
    return graph.open(rows)


def open_head(
    weights: EightBitWeights, names: Sequence[str], shape: BertShape, head: str
) -> RunLayers:
    """Return what runs layers and then a head of two linear layers on the first token."""
    graph = _LayerGraph(weights, shape)
    *others, last = names
    rows = INPUT
    for name in others:
        rows = graph.add_layer(rows, name)
    return graph.open(graph.add_head(graph.add_layer(rows, last, first_only=True), head))


class _LayerGraph:
    """Layers under construction; constants are named as their weights."""

    def __init__(self, weights: EightBitWeights, shape: BertShape) -> None:
        self._weights = weights
        self._shape = shape
        self._model = OnnxModel()
        self._add = self._model.add_node
        self._bytes_of: dict[str, tuple[str, str]] = {}
        self._zeros = ""
        self._overflows = _overflows()

    def open(self, output: str) -> RunLayers:
        """Load what was added, for one thread of each caller."""
        session = _open_session(self._model.to_bytes(output))

        def run(rows: Vectors) -> Vectors:
            return np.asarray(session.run([output], {INPUT: rows[None]})[0][0], np.float32)

        return run

    def add_layer(self, rows: str, name: str, *, first_only: bool = False) -> str:
        """Add a layer, which returns the first token alone if nothing else is read of it."""
        key, value = (self._product(rows, f"{name}.qkv", part) for part in (1, 2))
        if first_only:
            places = [self._integers(each) for each in (0, 1, 1)]  # from, to, of which axis
            rows = self._add("Slice", [rows, *places])
            self._zeros = self._constant("zeros of one", np.array([_ZERO], np.uint8))
        query = self._product(rows, f"{name}.qkv", 0)
        inputs = [query, key, value, self._plain(f"{name}.qkv.bias")]
        mixed = self._add("MultiHeadAttention", inputs, FUSED, num_heads=self._shape.heads)
        product = self._product(mixed, f"{name}.out")
        rows = self._norm(product, rows, f"{name}.out", f"{name}.norm1")
        inner = [self._product(rows, f"{name}.up"), self._plain(f"{name}.up.bias")]
        inner_rows = self._add("BiasGelu", inner, FUSED)
        outer = self._product(inner_rows, f"{name}.down")
        return self._norm(outer, rows, f"{name}.down", f"{name}.norm2")

    def add_head(self, rows: str, name: str) -> str:
        """Add two linear layers with tanh between them, in float32."""
        first = self._add("Squeeze", [rows, self._integers(0)])
        inner = self._add("Tanh", [self._linear(first, f"{name}.0")])
        return self._add("Unsqueeze", [self._linear(inner, f"{name}.3"), self._integers(0)])

    def _linear(self, rows: str, name: str) -> str:
        inputs = [rows, self._plain(f"{name}.weight"), self._plain(f"{name}.bias")]
        return self._add("Gemm", inputs, transB=1)

    def _norm(self, product: str, rows: str, linear: str, norm: str) -> str:
        """Add the sum of a product, its bias and what it was made of, and its normalization."""
        constants = (f"{norm}.weight", f"{norm}.bias", f"{linear}.bias")
        inputs = [product, rows, *map(self._plain, constants)]
        return self._add("SkipLayerNormalization", inputs, FUSED, epsilon=self._shape.epsilon)

    def _product(self, rows: str, name: str, part: int | None = None) -> str:
        """Add a product with a matrix, or with one of its three parts, without its bias."""
        matrix, scales = self._weights[f"{name}.weight"]
        if part is not None:
            third = len(scales) // 3
            those = slice(part * third, (part + 1) * third)
            matrix, scales, name = matrix[those], scales[those], f"{name}.{part}"
        zeros = [self._constant("zero", np.array(_ZERO, np.uint8))]
        if self._overflows:
            matrix, zeros = matrix.view(np.uint8) ^ np.uint8(_ZERO), zeros * 2
        in_bytes, row_scales = self._quantize(rows)
        inputs = [
            in_bytes,
            self._constant(f"{name}.weight", matrix.T),
            self._constant("one", np.array(1, np.float32)),
            self._constant(f"{name}.scale", scales),
            *zeros,
        ]
        return self._add("Mul", [self._add("MatMulIntegerToFloat", inputs, FUSED), row_scales])

    def _quantize(self, rows: str) -> tuple[str, str]:
        """Add the rounding of rows to bytes, once for each; return these and the scales."""
        if rows not in self._bytes_of:
            largest = self._add("ReduceMax", [self._add("Abs", [rows]), self._integers(2)])
            share = self._constant("share", np.array(1 / LARGEST_WEIGHT, np.float32))
            scales = self._add("Mul", [largest, share])  # of a row of zeros it is 0, as its product
            each = self._add("Squeeze", [scales, self._integers(0, 2)])
            if not self._zeros:
                zero = self._constant("zeros of one", np.array([_ZERO], np.uint8))
                self._zeros = self._add("Expand", [zero, self._add("Shape", [each])])
            in_bytes = self._add("QuantizeLinear", [rows, each, self._zeros], axis=1)
            self._bytes_of[rows] = in_bytes, scales
        return self._bytes_of[rows]

    def _plain(self, name: str) -> str:
        return self._constant(name, self._weights[name])

    def _integers(self, *values: int) -> str:
        return self._constant(f"integers {values}", np.array(values, np.int64))

    def _constant(self, name: str, values: npt.NDArray[Any]) -> str:
        return self._model.add_constant(name, values)


@cache
def _overflows() -> bool:
    """Whether the processor adds two products of a byte and a signed one in 16 bits.

    Those without VNNI do; both as bytes are as fast there, and exact.
    """
    model = OnnxModel()
    in_bytes = model.add_node("Cast", [INPUT], to=UINT8)
    weights = model.add_constant("weights", np.full((64, 64), LARGEST_WEIGHT, np.int8))
    sums = model.add_node("Cast", [model.add_node("MatMulInteger", [in_bytes, weights])], to=FLOAT)
    read = np.full((8, 64), 255, np.float32)
    [found] = _open_session(model.to_bytes(sums)).run([sums], {INPUT: read})
    return bool((found != 255 * LARGEST_WEIGHT * 64).any())


def _open_session(model: bytes) -> Any:  # noqa: ANN401 - an untyped library
    import onnxruntime  # noqa: PLC0415 - takes a tenth of a second; a child that only reads needs none

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    options.enable_cpu_mem_arena = False  # memory is given back after each text
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
