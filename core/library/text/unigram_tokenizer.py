"""Unigram tokenizer: the pieces of a multilingual vocabulary in a seventh of the memory.

`tokenizers` keeps the 250,000 pieces of such a vocabulary in a tree of hash maps, 290 MB. Here it
only prepares a text (normalization, words, places of its characters), as single characters; the
most likely pieces of each word (Kudo 2018) are found here, in a dictionary. The tokens are the
same.
"""

import gc
import re
import sys
from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import numpy as np
from tokenizers import Encoding, Tokenizer

from core.library.text.piece_table import NAME as PIECES_FILE
from core.library.text.piece_table import PieceTable, read_vocabulary

_UNKNOWN_PENALTY = 10.0
"""What an unknown character costs beside the least likely piece, as in SentencePiece."""
_KEPT_WORDS = 20_000
_MANY_WORDS = 20_000
"""Words after which a dictionary is worth its making; a search reads some hundred."""
_SPACE = "▁"
_FIRST_SPECIAL = 0xF0000
"""Private characters stand for special tokens while words are looked for."""


class TokenizedText(NamedTuple):
    """Numbers of a text's tokens, and the characters of the text that each stands for."""

    ids: list[int]
    offsets: list[tuple[int, int]]


class _AddedToken(msgspec.Struct):
    id: int
    content: str


class _Model(msgspec.Struct, gc=False):
    """A model; its vocabulary is left as it stands: reading that takes most of the time."""

    type: str = ""
    vocab: msgspec.Raw = msgspec.Raw(b"[]")
    unk_id: int | None = None
    byte_fallback: bool = False


class _Outline(msgspec.Struct):
    """tokenizer.json, as far as it is looked at here."""

    model: _Model
    pre_tokenizer: dict[str, Any] | None = None
    added_tokens: list[_AddedToken] = []


class _ReadVocabulary(NamedTuple):
    """A vocabulary that was read from tokenizer.json; as StoredVocabulary."""

    characters: str
    longest: int
    pieces: dict[str, int]
    scores: list[float]


class UnigramTokenizer:
    """A tokenizer.json of a Unigram model whose words begin with "▁"; see `is_unigram`.

    Raises ValueError for a file that isn't one, OSError for none.
    """

    def __init__(self, path: Path) -> None:
        data = path.read_bytes()
        stored = read_vocabulary(path.with_name(PIECES_FILE), data)
        if stored is not None:
            data = stored.outline
        outline = msgspec.json.decode(data, type=_Outline)
        if outline.model.unk_id is None:
            raise ValueError("a Unigram vocabulary without an unknown piece")
        specials = [token.content for token in outline.added_tokens]
        found = _read_here(outline.model, specials) if stored is None else stored
        self._unknown = outline.model.unk_id
        self._pieces: PieceTable | dict[str, int] = found.pieces
        self._scores: Sequence[float] | memoryview = found.scores
        self._words_read = 0
        self._longest = found.longest
        self._unknown_score = float(np.min(self._scores)) - _UNKNOWN_PENALTY
        self._special_ids = {
            chr(_FIRST_SPECIAL + place): token.id
            for place, token in enumerate(outline.added_tokens)
        }
        self._characters, self._reader = _character_reader(data, specials, found.characters)
        marks = "".join(self._special_ids)
        self._words = re.compile(f"[{marks}]|{_SPACE}?[^{_SPACE}{marks}]+|{_SPACE}")
        self._tokens_of = lru_cache(_KEPT_WORDS)(self._find_tokens)

    def encode(self, text: str, *, add_special_tokens: bool = False) -> TokenizedText:
        """Return the tokens of a text, of any length."""
        return self._joined(self._reader.encode(text, add_special_tokens=add_special_tokens))

    def encode_batch(self, texts: Sequence[str]) -> list[TokenizedText]:
        """Return the tokens of several texts, with the special ones around each."""
        return [self._joined(each) for each in self._reader.encode_batch(list(texts))]

    def _joined(self, read: Encoding) -> TokenizedText:
        """Return the tokens of a text that was read as characters."""
        places = read.offsets
        letters = "".join(map(self._characters.__getitem__, read.ids))
        ids: list[int] = []
        offsets: list[tuple[int, int]] = []
        for word in self._words.finditer(letters):
            start = word.start()
            numbers, ends = self._tokens_of(word[0])
            ids += numbers
            for end in ends:
                last = word.start() + end
                offsets.append((places[start][0], places[last - 1][1]))
                start = last
        return TokenizedText(ids, offsets)

    def _find_tokens(self, word: str) -> tuple[list[int], list[int]]:
        """Return the most likely pieces of a word by number, and where each ends."""
        if word in self._special_ids:
            return [self._special_ids[word]], [1]
        size, find_piece, scores = len(word), self._piece_finder(), self._scores
        best: list[tuple[float, int, int] | None] = [None] * (size + 1)
        best[0] = (0.0, 0, 0)
        for start in range(size):
            so_far = best[start]
            assert so_far is not None
            for end in range(start + 1, min(size, start + self._longest) + 1):
                number = find_piece(word[start:end])
                if number is not None:
                    score = so_far[0] + scores[number]
                elif end == start + 1:
                    number, score = self._unknown, so_far[0] + self._unknown_score
                else:
                    continue
                known = best[end]
                if known is None or score > known[0]:
                    best[end] = (score, start, number)
        return self._traced_back(best)

    def _piece_finder(self) -> Callable[[str], int | None]:
        """Return what finds a piece's number: a dictionary's once many words were read."""
        self._words_read += 1
        if isinstance(self._pieces, PieceTable):
            if self._words_read <= _MANY_WORDS:
                return self._pieces.find_piece
            self._pieces = self._pieces.to_dict()
        return self._pieces.get

    def _traced_back(
        self, best: list[tuple[float, int, int] | None]
    ) -> tuple[list[int], list[int]]:
        """Return the pieces of the best path; unknown ones side by side are one."""
        numbers: list[int] = []
        ends: list[int] = []
        end = len(best) - 1
        while end and (step := best[end]) is not None:
            _score, start, number = step
            if number != self._unknown or not numbers or numbers[-1] != self._unknown:
                numbers.append(number)
                ends.append(end)
            end = start
        return numbers[::-1], ends[::-1]


def is_unigram(path: Path) -> bool:
    """Return whether a tokenizer.json is one that UnigramTokenizer reads like `tokenizers`."""
    try:
        outline = msgspec.json.decode(path.read_bytes(), type=_Outline)
    except (OSError, msgspec.MsgspecError):
        return False
    kind = outline.model
    return kind.type == "Unigram" and not kind.byte_fallback and _marks_words(outline.pre_tokenizer)


def _marks_words(pre_tokenizer: dict[str, Any] | None) -> bool:
    """Return whether each word gets a "▁" before it, so that pieces never reach over words."""
    steps = (pre_tokenizer or {}).get("pretokenizers", [pre_tokenizer or {}])
    last = steps[-1]
    return (
        last.get("type") == "Metaspace"
        and last.get("prepend_scheme") == "always"
        and bool(last.get("split"))
        and last.get("replacement") == _SPACE
    )


def _read_here(model: _Model, specials: Sequence[str]) -> _ReadVocabulary:
    """Return the vocabulary of tokenizer.json itself."""
    names, scores = _vocabulary(model)
    pieces = dict(zip(names, range(len(names)), strict=True))
    for special in specials:
        pieces.pop(special, None)
    longest = max(map(len, pieces), default=0)
    return _ReadVocabulary("".join(_characters_of("".join(pieces))), longest, pieces, scores)


def _vocabulary(model: _Model) -> tuple[list[str], list[float]]:
    """Return the pieces in their order, and their scores."""
    was_on = gc.isenabled()
    gc.disable()  # all of it stays, and looking through it takes a third of the time
    try:
        pairs = msgspec.json.decode(model.vocab, type=list[tuple[str, float]])
        return [piece for piece, _score in pairs], [score for _piece, score in pairs]
    finally:
        if was_on:
            gc.enable()


def _characters_of(text: str) -> list[str]:
    """Return the characters of a text, each once and in order; a set of them is slow to fill."""
    is_there = np.zeros(sys.maxunicode + 1, np.bool_)
    is_there[np.frombuffer(text.encode("utf-32-le", "surrogatepass"), "<u4")] = True
    return list(map(chr, np.flatnonzero(is_there)))


def _character_reader(
    data: bytes, specials: Sequence[str], characters: Sequence[str]
) -> tuple[list[str], Tokenizer]:
    """Return the characters by their numbers, and a Tokenizer that finds them in a text."""
    raw = msgspec.json.decode(data, type=dict[str, msgspec.Raw])
    whole = {name: msgspec.json.decode(part) for name, part in raw.items() if name != "model"}
    names = [*specials, *characters]
    unknown = "<characters of no piece>"
    for place, token in enumerate(whole["added_tokens"]):
        token["id"] = place
    for token in (whole["post_processor"] or {}).get("special_tokens", {}).values():
        token["ids"] = [specials.index(name) for name in token["tokens"]]
    whole["model"] = {
        "type": "BPE",
        "vocab": {name: number for number, name in enumerate((*names, unknown))},
        "merges": [],
        "unk_token": unknown,
        "fuse_unk": False,
    }
    reader = Tokenizer.from_str(msgspec.json.encode(whole).decode())
    reader.no_truncation()
    reader.no_padding()
    marks = [chr(_FIRST_SPECIAL + place) for place in range(len(specials))]
    return [*marks, *characters, "\uffff"], reader
