"""Table of a vocabulary's pieces, which `core/library/text/piece_table.py` maps into memory.

A Unigram vocabulary of 250,000 pieces takes a third of a second to read from tokenizer.json. Here
it is a hash table, the scores, and the pieces behind each other, with the rest of tokenizer.json,
whose SHA-256 stands first. The same input gives the same bytes on any system.
"""

import hashlib
import json
import struct
from collections.abc import Collection, Mapping, Sequence
from typing import Any
from zlib import crc32

NAME = "tokenizer.pieces"
_MAGIC = b"PIECES\x00\x01"


def piece_table(tokenizer: Mapping[str, Any], encoded: bytes) -> bytes:
    """Return the content of such a file; `encoded` is the tokenizer as tokenizer.json holds it."""
    model = tokenizer["model"]
    pieces = [piece for piece, _score in model["vocab"]]
    scores = [score for _piece, score in model["vocab"]]
    specials = {token["content"] for token in tokenizer["added_tokens"]}
    known = [piece for piece in pieces if piece not in specials]
    outline = {**tokenizer, "model": {**model, "vocab": []}}
    texts = [piece.encode() for piece in pieces]
    parts = [
        struct.pack(f"<{len(scores)}d", *scores),
        _numbers(_slots(texts, {special.encode() for special in specials})),
        _numbers(_starts(texts)),
        b"".join(texts),
        "".join(sorted(set("".join(known)))).encode(),
        json.dumps(outline, ensure_ascii=False).encode(),
    ]
    head = _MAGIC + hashlib.sha256(encoded).digest()
    head += struct.pack(f"<{len(parts) + 1}Q", max(map(len, known)), *map(len, parts))
    return head + b"".join(parts)


def _slots(texts: Sequence[bytes], left_out: Collection[bytes]) -> list[int]:
    """Return a table by CRC-32 with linear probing: a piece's number plus 1, and 0 for a free slot.

    At least half of it is free, so that a search ends soon.
    """
    size = 1 << (2 * len(texts) - 1).bit_length()
    slots = [0] * size
    for number, text in enumerate(texts):
        if text in left_out:
            continue
        place = crc32(text) % size
        while slots[place]:
            place = (place + 1) % size
        slots[place] = number + 1
    return slots


def _starts(texts: Sequence[bytes]) -> list[int]:
    """Return where each piece starts, and where the last one ends."""
    starts = [0]
    for text in texts:
        starts.append(starts[-1] + len(text))
    return starts


def _numbers(values: Sequence[int]) -> bytes:
    return struct.pack(f"<{len(values)}I", *values)
