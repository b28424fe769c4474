"""Edits of bytes: wrong input made out of right input, and made small when it shows a fault."""

import struct
from collections.abc import Callable, Iterator, Sequence
from random import Random
from typing import NamedTuple

_WORDS = (
    *(b"\0", b"\xff", b"\x7f", b"\x80", b"\xff\xff\xff\xff", b"\0\0\0\x80", b"\xff\xff\xff\x7f"),
    *(struct.pack("<Q", 2**63), struct.pack("<Q", 2**64 - 1), struct.pack(">I", 2**31)),
    *(b"null", b"-1", b"1e999", b"NaN", b"true", b'""', b"[]", b"{}", b'{"a":', b"[" * 8),
    *(b"[", b"]", b"{", b"}", b'"', b"\\", b"\\ud800", b",", b":", b"\n", b"\r\n"),
    *(b"\xed\xa0\x80", b"\xc3\x28", b"\xf4\x90\x80\x80", "\u202e".encode(), "\ufeff".encode()),
    *(b"`", b"```", b"~~~", b"|", b"[^1]", b"$$", b"\\(", b"](", b"](javascript:", b"!["),
    *(b"<", b"&#x", b"%s", b"*" * 9, b"> " * 9),
)
"""What breaks readers: limits of numbers, brackets, escapes, marks of Markdown, broken UTF-8."""
_MOST_COPIES = 64
_MOST_EDITS = 8


class Edit(NamedTuple):
    """One change: how, where (share of 65,536 of the text), how far, and with which word."""

    kind: int
    place: int
    length: int
    word: int


class WrongInput(NamedTuple):
    """A text of the corpus and what is changed of it, so that a fault can be made small."""

    text: bytes
    other: bytes
    edits: tuple[Edit, ...]

    def encode(self) -> bytes:
        """Return the text after its edits."""
        text = self.text
        for edit in self.edits:
            start = edit.place * (len(text) + 1) >> 16
            most = 97 if edit.length & 1 else 7
            end = min(len(text), start + edit.length % most)
            text = _KINDS[edit.kind](text, start, end, _WORDS[edit.word], self.other)
        return text


def wrong_inputs(corpus: Sequence[bytes], seed: int) -> Iterator[WrongInput]:
    """Yield inputs without end, the same ones for the same seed."""
    rng = Random(seed)
    while True:
        edits = tuple(
            Edit(
                rng.randrange(len(_KINDS)),
                rng.randrange(1 << 16),
                rng.randrange(1 << 16),
                rng.randrange(len(_WORDS)),
            )
            for _ in range(rng.randint(1, _MOST_EDITS))
        )
        yield WrongInput(rng.choice(corpus), rng.choice(corpus), edits)


def smallest(found: WrongInput, is_fault: Callable[[bytes], bool]) -> WrongInput:
    """Return the input with as few of its edits as still make the fault."""
    for place in reversed(range(len(found.edits))):
        fewer = found._replace(edits=found.edits[:place] + found.edits[place + 1 :])
        if is_fault(fewer.encode()):
            return smallest(fewer, is_fault)
    return found


def _replaced(text: bytes, start: int, end: int, word: bytes, _other: bytes) -> bytes:
    return text[:start] + word + text[start + min(len(word), end - start) :]


def _inserted(text: bytes, start: int, _end: int, word: bytes, _other: bytes) -> bytes:
    return text[:start] + word + text[start:]


def _removed(text: bytes, start: int, end: int, _word: bytes, _other: bytes) -> bytes:
    return text[:start] + text[end:]


def _repeated(text: bytes, start: int, end: int, word: bytes, _other: bytes) -> bytes:
    return text[:end] + text[start:end] * (len(word) * _MOST_COPIES // 8) + text[end:]


def _flipped(text: bytes, start: int, end: int, _word: bytes, _other: bytes) -> bytes:
    return text[:start] + bytes(byte ^ 1 << (end & 7) for byte in text[start:end]) + text[end:]


def _cut(text: bytes, start: int, _end: int, _word: bytes, _other: bytes) -> bytes:
    return text[:start]


def _spliced(text: bytes, start: int, end: int, _word: bytes, other: bytes) -> bytes:
    return text[:start] + other[end * len(other) // (len(text) + 1) :]


_KINDS = (_replaced, _inserted, _removed, _repeated, _flipped, _cut, _spliced)
