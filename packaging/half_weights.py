"""Store a safetensors file's weights as bfloat16: half the room, the same vectors to 4 digits."""

import json
from pathlib import Path
from typing import Any

import numpy as np

_LENGTH = 8  # bytes of the header's length, which opens the file


def convert(path: Path) -> None:
    """Rewrite the file with every float32 tensor as bfloat16; others stay as they are."""
    content = path.read_bytes()
    start = _LENGTH + int.from_bytes(content[:_LENGTH], "little")
    header: dict[str, Any] = json.loads(content[_LENGTH:start])
    metadata = header.pop("__metadata__", None)
    pieces: list[bytes] = []
    end = 0
    for tensor in sorted(header.values(), key=lambda each: int(each["data_offsets"][0])):
        first, last = tensor["data_offsets"]
        piece = content[start + first : start + last]
        if tensor["dtype"] == "F32":
            tensor["dtype"], piece = "BF16", _halved(piece)
        tensor["data_offsets"] = [end, end + len(piece)]
        end += len(piece)
        pieces.append(piece)
    told = {"__metadata__": metadata, **header} if metadata else header
    encoded = json.dumps(told, separators=(",", ":")).encode()
    encoded += b" " * (-len(encoded) % 8)  # the format wants tensors at multiples of 8
    path.write_bytes(len(encoded).to_bytes(_LENGTH, "little") + encoded + b"".join(pieces))


def _halved(piece: bytes) -> bytes:
    """Round float32 to the nearest bfloat16, ties to even."""
    bits = np.frombuffer(piece, "<u4")
    rounded = bits + 0x7FFF + ((bits >> 16) & 1)
    return bytes((rounded >> 16).astype("<u2").tobytes())
