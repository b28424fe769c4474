"""Adapter file: the trained halves as a GGUF adapter, named and laid out as llama.cpp expects.

The package gguf writes to a path alone; this content may have to be encrypted before it is written.
"""

import struct
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from core.gguf import GgufHeader
from core.training.lora_layers import LoraLinear
from core.training.network_weights import PAIRED, head_counts, pair_rows

_VERSION, _ALIGNMENT = 3, 32
_STRING, _FLOAT = 8, 6
_HALF = 1
"""Type of the tensors, F16: a trained weight has far less precision than that."""


def adapter_content(header: GgufHeader, layers: Mapping[str, LoraLinear], name: str) -> bytes:
    """Return the file of trained layers, by llama.cpp's names of their weights.

    llama.cpp multiplies by alpha / rank, which is the layers' scale then.
    """
    rank, scale = next((each.lora_a.shape[0], each.scale) for each in layers.values())
    facts = [
        _text_fact("general.type", "adapter"),
        _text_fact("general.architecture", header.architecture),
        _text_fact("general.name", name),
        _text_fact("adapter.type", "lora"),
        _text("adapter.lora.alpha") + struct.pack("<If", _FLOAT, scale * rank),
    ]
    return _file(facts, _halves(header, layers))


def _halves(header: GgufHeader, layers: Mapping[str, LoraLinear]) -> dict[str, NDArray[np.float16]]:
    heads, cached = head_counts(header)
    halves = {}
    for name, layer in layers.items():
        one, other = layer.lora_a.detach(), layer.lora_b.detach()
        if header.architecture in PAIRED and ".attn_q." in name:
            other = pair_rows(other, heads)
        elif header.architecture in PAIRED and ".attn_k." in name:
            other = pair_rows(other, cached)
        halves[f"{name}.lora_a"] = one.numpy().astype("<f2")
        halves[f"{name}.lora_b"] = other.contiguous().numpy().astype("<f2")
    return halves


def _file(facts: list[bytes], tensors: Mapping[str, NDArray[np.float16]]) -> bytes:
    table, data = bytearray(), bytearray()
    for name, values in tensors.items():
        table += _text(name) + struct.pack("<I", values.ndim)
        table += struct.pack(f"<{values.ndim}Q", *reversed(values.shape))
        table += struct.pack("<IQ", _HALF, len(data))
        data += values.tobytes()
        data += bytes(-len(data) % _ALIGNMENT)
    head = b"GGUF" + struct.pack("<IQQ", _VERSION, len(tensors), len(facts))
    head += b"".join(facts) + bytes(table)
    return head + bytes(-len(head) % _ALIGNMENT) + bytes(data)


def _text_fact(key: str, value: str) -> bytes:
    return _text(key) + struct.pack("<I", _STRING) + _text(value)


def _text(value: str) -> bytes:
    content = value.encode()
    return struct.pack("<Q", len(content)) + content
