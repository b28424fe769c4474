"""Copies a model file with other names for some tokens and another chat template."""

import struct
from collections.abc import Mapping
from pathlib import Path

from core.gguf import read_header
from tests.gguf.writing import text

CONTROL = 3


def rewritten(source: Path, target: Path, *, tokens: Mapping[str, str], template: str) -> Path:
    """Write `source` anew to `target`: `tokens` by their new names, as control tokens."""
    data = source.read_bytes()
    data_start = read_header(source).data_offset
    header = bytearray(data[:data_start])
    for old, new in tokens.items():
        index = _rename(header, old, new)
        _mark_control(header, index)
    key = text("tokenizer.chat_template") + struct.pack("<I", 8)
    place = header.index(key) + len(key)
    (length,) = struct.unpack_from("<Q", header, place)
    # A comment fills it up, so that the tensors stay aligned.
    longer = len(header) - data_start + len(template.encode()) + 4 - length
    header[place : place + 8 + length] = text(template + "{#" + " " * (-longer % 32) + "#}")
    target.write_bytes(bytes(header) + data[data_start:])
    return target


def _array(header: bytearray, key: str) -> int:
    """Return where the values of an array begin."""
    return header.index(text(key) + struct.pack("<I", 9)) + 8 + len(key) + 4 + 4 + 8


def _rename(header: bytearray, old: str, new: str) -> int:
    place, index = _array(header, "tokenizer.ggml.tokens"), 0
    while True:
        (length,) = struct.unpack_from("<Q", header, place)
        if header[place + 8 : place + 8 + length] == old.encode():
            header[place : place + 8 + length] = text(new)
            return index
        place += 8 + length
        index += 1


def _mark_control(header: bytearray, index: int) -> None:
    place = _array(header, "tokenizer.ggml.token_type") + 4 * index
    struct.pack_into("<i", header, place, CONTROL)
