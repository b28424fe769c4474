"""Packed weights: a safetensors file with matrices in blocks of 4 bits, read into NumPy arrays.

A block is 18 bytes for 32 weights in a row: a float16 scale, then 16 bytes; weight n stands in the
low half of byte n, weight n + 16 in its high half, each less 8 and times the scale.
`packaging/e5_folder.py` writes such files.
"""

import json
from pathlib import Path
from typing import Any, cast

import numpy as np
import numpy.typing as npt

BLOCK_BYTES = 18
BLOCK_WEIGHTS = 32
_HALF = BLOCK_WEIGHTS // 2
_LENGTH = 8
"""Bytes of the header's length, which opens a safetensors file."""
_MOST_HEADER = 16 * 1024 * 1024
_TYPES = {"U8": "u1", "I8": "i1", "I64": "<i8", "F16": "<f2", "F32": "<f4"}

Packed = npt.NDArray[np.uint8]
"""Blocks of a matrix, shape (rows, columns / 32 * 18)."""


def is_packed(path: Path) -> bool:
    """Return whether a safetensors file says that its matrices are packed; False if it is none."""
    try:
        metadata = _read_header(path)[0].get("__metadata__")
    except (OSError, ValueError):
        return False
    return isinstance(metadata, dict) and metadata.get("packing") == "q4_0"


def is_whole(path: Path) -> bool:
    """Return whether a safetensors file, packed or not, has all the bytes that its header tells."""
    try:
        header, start = _read_header(path)
        ends = [told["data_offsets"][1] for name, told in header.items() if name != "__metadata__"]
        return path.stat().st_size >= start + max(ends, default=0)
    except (OSError, ValueError, TypeError, LookupError, RecursionError):
        return False


def read_packed_tensors(path: Path) -> dict[str, npt.NDArray[Any]]:
    """Return the tensors by name, matrices still packed, mapped from the file.

    Raises OSError or ValueError for a file that can't be read.
    """
    header, start = _read_header(path)
    content = np.memmap(path, np.uint8, "r")
    tensors: dict[str, npt.NDArray[Any]] = {}
    for name, told in header.items():
        if name == "__metadata__":
            continue
        first, last = told["data_offsets"]
        data = content[start + first : start + last].view(_TYPES[told["dtype"]])
        tensors[name] = data.reshape(told["shape"])
    return tensors


def unpack_matrix(packed: Packed) -> npt.NDArray[np.float32]:
    """Return the weights, shape (rows, columns)."""
    blocks = np.ascontiguousarray(packed).reshape(len(packed), -1, BLOCK_BYTES)
    scales = np.ascontiguousarray(blocks[..., :2]).view("<f2").astype(np.float32)
    halves = blocks[..., 2:]
    weights = np.empty((*blocks.shape[:2], BLOCK_WEIGHTS), np.float32)
    weights[..., :_HALF] = halves & 15
    weights[..., _HALF:] = halves >> 4
    weights -= 8
    weights *= scales
    return weights.reshape(len(packed), -1)


def _read_header(path: Path) -> tuple[dict[str, Any], int]:
    """Return the header and where the tensors begin."""
    with path.open("rb") as file:
        length = int.from_bytes(file.read(_LENGTH), "little")
        if length > _MOST_HEADER:
            raise ValueError("no safetensors file")
        header = json.loads(file.read(length))
    if not isinstance(header, dict):
        raise ValueError("no safetensors file")
    return cast("dict[str, Any]", header), _LENGTH + length
