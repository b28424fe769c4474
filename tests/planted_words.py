"""Rare words planted in what a person has, and the raw search for them in everything on disk.

A word is looked for as UTF-8 and UTF-16, whole and without its beginning (the terms of a word
index share theirs) and without its end (which a stemmer takes), in files as they are and in what
zlib, gzip and zip streams in them unpack to.
"""

import random
import re
import zlib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

_LETTERS = "bcdfghjklmnpqrstvwxz"
_VOWELS = "aeiou"
_HEADERS = re.compile(rb"x[\x01\x5e\x9c\xda]|\x1f\x8b\x08|PK\x03\x04", re.DOTALL)
_MOST_UNPACKED = 4_000_000


def rare_words(count: int, seed: int = 17) -> list[str]:
    """Return words of fourteen letters that no text has."""
    chance = random.Random(seed)
    return [
        "".join(chance.choice(_LETTERS if place % 2 else _VOWELS) for place in range(14))
        for _number in range(count)
    ]


def files_below(folders: Iterable[Path]) -> Iterator[Path]:
    for folder in folders:
        yield from (path for path in sorted(folder.rglob("*")) if path.is_file())


def find_words(folders: Iterable[Path], words: Sequence[str]) -> dict[str, list[str]]:
    """Return the words that can be read below the folders, by the file that shows them.

    A file's name counts as its content.
    """
    cores = {word: word[3:11] for word in words}
    found: dict[str, list[str]] = {}
    for path in files_below(folders):
        try:
            content = path.read_bytes()
        except FileNotFoundError:
            continue
        seen = _words_in([str(path).encode(), content, *_unpacked(content)], cores)
        if seen:
            found[str(path)] = seen
    return found


def _words_in(parts: Sequence[bytes], cores: dict[str, str]) -> list[str]:
    lowered = [part.lower() for part in parts]
    return [
        word
        for word, core in cores.items()
        if any(
            core.encode(coding) in part
            for part in lowered
            for coding in ("utf-8", "utf-16-le", "utf-16-be")
        )
    ]


def _unpacked(content: bytes) -> Iterator[bytes]:
    """Yield what compressed streams hold, wherever they begin; a torn one as far as it goes."""
    for match in _HEADERS.finditer(content):
        start, head = match.start(), match.group()
        if head == b"PK\x03\x04":
            names = int.from_bytes(content[start + 26 : start + 28], "little")
            extra = int.from_bytes(content[start + 28 : start + 30], "little")
            unpack, start = zlib.decompressobj(-15), start + 30 + names + extra
        else:
            unpack = zlib.decompressobj(47)
        try:
            unpacked = bytearray()
            for at in range(start, len(content), 512):  # a page of a database may end it
                unpacked += unpack.decompress(content[at : at + 512], _MOST_UNPACKED)
                if unpack.eof or len(unpacked) > _MOST_UNPACKED:
                    break
        except zlib.error:
            pass
        if len(unpacked) > 8:
            yield bytes(unpacked)
