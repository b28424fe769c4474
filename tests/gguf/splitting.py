"""Cuts a model file into parts, as llama-gguf-split does."""

import struct
from pathlib import Path

from core.gguf import TensorInfo, read_header
from tests.gguf.writing import I32, U16, fact, text


def split(source: Path, folder: Path, stem: str, count: int) -> list[Path]:
    """Write `source` as `count` parts of about as many tensors each; returns their paths."""
    header = read_header(source)
    raw = source.read_bytes()
    table = text(header.tensors[0].name) + struct.pack("<I", len(header.tensors[0].shape))
    own = raw[24 : raw.index(table)]
    (known,) = struct.unpack_from("<Q", raw, 16)
    step = -(-len(header.tensors) // count)
    paths = []
    for number in range(count):
        tensors = header.tensors[number * step : (number + 1) * step]
        facts = (
            fact("split.no", U16, number),
            fact("split.count", U16, count),
            fact("split.tensors.count", I32, len(header.tensors)),
        )
        whole, keys = (own, known) if number == 0 else (b"", 0)
        head = b"GGUF" + struct.pack("<IQQ", 3, len(tensors), keys + len(facts))
        head += whole + b"".join(facts)
        path = folder / f"{stem}-{number + 1:05}-of-{count:05}.gguf"
        path.write_bytes(head + _body(raw, tensors, len(head)))
        paths.append(path)
    return paths


def _body(raw: bytes, tensors: tuple[TensorInfo, ...], before: int) -> bytes:
    table, data = b"", b""
    for tensor in tensors:
        table += text(tensor.name) + struct.pack("<I", len(tensor.shape))
        table += struct.pack(f"<{len(tensor.shape)}Q", *tensor.shape)
        table += struct.pack("<IQ", tensor.type_id, len(data))
        weights = raw[tensor.offset : tensor.offset + tensor.size]
        data += weights + bytes(-len(weights) % 32)
    return table + bytes(-(before + len(table)) % 32) + data
