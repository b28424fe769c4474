"""ONNX model: a graph of operators written as the bytes that ONNX Runtime reads.

The few messages of onnx.proto3 (https://github.com/onnx/onnx) that such a graph needs are written
here in protobuf's wire form; the `onnx` package would be 17 MB more in every installer.
"""

import struct
from collections.abc import Sequence
from typing import Any

import numpy.typing as npt

INPUT = "input"
"""Name of the input of every model."""
FUSED = "com.microsoft"
"""Domain of the operators that are ONNX Runtime's own."""
FLOAT, UINT8, INT8, INT64 = 1, 2, 3, 7
"""Types of numbers."""
_TYPES = {"float32": FLOAT, "uint8": UINT8, "int8": INT8, "int64": INT64}
_IR_VERSION, _OPERATORS = 9, 19
"""Versions of the format and of its operators, as of ONNX 1.14."""
_A_FLOAT, _AN_INTEGER = 1, 2
"""Kinds of attributes."""


_Parts = list[bytes]
"""A message in parts, in their order: of weights no copy is made before the whole is joined."""


class OnnxModel:
    """A model under construction, with one input and one output, both of float32."""

    def __init__(self) -> None:
        self._nodes: list[_Parts] = []
        self._constants: dict[str, _Parts] = {}

    def add_constant(self, name: str, values: npt.NDArray[Any]) -> str:
        """Put in an array, once for each name, and return the name."""
        if name not in self._constants:
            sizes = [_number(1, size) for size in values.shape]
            kind = _number(2, _TYPES[values.dtype.name])
            self._constants[name] = [*sizes, kind, *_text(8, name), *_field(9, [values.tobytes()])]
        return name

    def add_node(
        self, operator: str, inputs: Sequence[str], domain: str = "", **attributes: float
    ) -> str:
        """Put in an operator with one output and return the output's name."""
        output = f"{operator}.{len(self._nodes)}"
        node = [part for each in inputs for part in _text(1, each)]
        node += [*_text(2, output), *_text(4, operator), *_text(7, domain)]
        for name, value in attributes.items():
            node += _field(5, _attribute(name, value))
        self._nodes.append(node)
        return output

    def to_bytes(self, output: str) -> bytes:
        """Return the model, which computes this output."""
        graph = [part for node in self._nodes for part in _field(1, node)]
        graph += _text(2, "graph")
        graph += [part for each in self._constants.values() for part in _field(5, each)]
        graph += [*_field(11, _floats(INPUT)), *_field(12, _floats(output))]
        operators = _field(8, [*_text(1, ""), _number(2, _OPERATORS)])
        fused = _field(8, [*_text(1, FUSED), _number(2, 1)])
        return b"".join([_number(1, _IR_VERSION), *operators, *fused, *_field(7, graph)])


def _floats(name: str) -> _Parts:
    """Return what says of an input or output that it is of float32; its shape is left open."""
    return [*_text(1, name), *_field(2, _field(1, [_number(1, FLOAT)]))]


def _attribute(name: str, value: float) -> _Parts:
    if isinstance(value, int):
        return [*_text(1, name), _number(3, value), _number(20, _AN_INTEGER)]
    content = _varint(2 << 3 | 5) + struct.pack("<f", value)
    return [*_text(1, name), content, _number(20, _A_FLOAT)]


def _number(field: int, value: int) -> bytes:
    return _varint(field << 3) + _varint(value)


def _text(field: int, text: str) -> _Parts:
    return _field(field, [text.encode()])


def _field(field: int, content: _Parts) -> _Parts:
    """Return a message or bytes as a field of the message around it."""
    return [_varint(field << 3 | 2) + _varint(sum(map(len, content))), *content]


def _varint(value: int) -> bytes:
    found = bytearray()
    while value > 127:
        found.append(value & 127 | 128)
        value >>= 7
    found.append(value)
    return bytes(found)
