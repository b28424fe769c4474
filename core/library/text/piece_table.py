"""Piece table: the vocabulary of a Unigram tokenizer, mapped from a file in a few milliseconds.

`packaging/e5_pieces.py` writes such files beside tokenizer.json, and says how they are built.
"""

import hashlib
import struct
import sys
from itertools import accumulate, pairwise
from pathlib import Path
from typing import NamedTuple
from zlib import crc32

import numpy as np
import numpy.typing as npt

NAME = "tokenizer.pieces"
_MAGIC = b"PIECES\x00\x01"
_HEAD = struct.Struct("<8s32s7Q")
"""Magic, SHA-256 of tokenizer.json, longest piece, and how long the six parts are in bytes."""


class PieceTable:
    """Numbers of pieces, found by a hash of their bytes."""

    def __init__(self, slots: memoryview, starts: memoryview, pieces: bytes) -> None:
        """`slots` hold numbers plus 1, 0 where they are free; both are of 32 bits."""
        self._slots = slots
        self._starts = starts
        self._pieces = pieces
        self._size = len(slots)

    def find_piece(self, piece: str) -> int | None:
        """Return the number of a piece, None for what is none."""
        wanted = piece.encode("utf-8", "surrogatepass")
        place = crc32(wanted) % self._size
        while number := self._slots[place]:
            if self._pieces[self._starts[number - 1] : self._starts[number]] == wanted:
                return int(number) - 1
            place = (place + 1) % self._size
        return None

    def to_dict(self) -> dict[str, int]:
        """Return all pieces with their numbers: takes 0.15 s and 40 MB, and is faster asked."""
        found = sorted(number - 1 for number in self._slots if number)
        bounds = ((number, self._starts[number], self._starts[number + 1]) for number in found)
        return {self._pieces[first:last].decode(): number for number, first, last in bounds}


class StoredVocabulary(NamedTuple):
    """What a file holds: tokenizer.json without its pieces, these, and their characters."""

    outline: bytes
    characters: str
    longest: int
    pieces: PieceTable
    scores: memoryview


def read_vocabulary(path: Path, tokenizer: bytes) -> StoredVocabulary | None:
    """Return the vocabulary of a file; None if it is of another tokenizer.json, cut, or not there.

    `tokenizer` is the content of tokenizer.json.
    """
    try:
        content = np.memmap(path, np.uint8, "r")
    except (OSError, ValueError):  # not there; empty
        return None
    if len(content) < _HEAD.size or sys.byteorder != "little":
        return None
    magic, digest, longest, *sizes = _HEAD.unpack(content[: _HEAD.size].tobytes())
    if (magic, digest) != (_MAGIC, hashlib.sha256(tokenizer).digest()):
        return None
    ends = list(accumulate(sizes, initial=_HEAD.size))
    if ends[-1] != len(content):
        return None
    scores, slots, starts, *texts = (content[first:last] for first, last in pairwise(ends))
    pieces, characters, outline = (text.tobytes() for text in texts)
    table = PieceTable(_numbers(slots, np.uint32), _numbers(starts, np.uint32), pieces)
    return StoredVocabulary(
        outline, characters.decode(), longest, table, _numbers(scores, np.float64)
    )


def _numbers(part: npt.NDArray[np.uint8], kind: npt.DTypeLike) -> memoryview:
    return part.view(kind).data
