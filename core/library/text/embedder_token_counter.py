"""Token counter and token map: the embedder's own tokenizer, without loading the embedder."""

import bisect
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol
from weakref import WeakValueDictionary

from tokenizers import Tokenizer

from core.base.errors import ErrorCode, LibraryError
from core.library.text.unigram_tokenizer import UnigramTokenizer, is_unigram

SPECIAL_TOKENS = 2
"""[CLS] and [SEP] around each embedded text."""
_SLICE = 10_000
"""Characters tokenized at once: at most 0.05 s."""


@dataclass(frozen=True, slots=True)
class InsertedCopy:
    """A copy of the span `start` to `end`, inserted at `place` between `before` and `after`."""

    place: int
    start: int
    end: int
    before: str
    after: str

    @property
    def length(self) -> int:
        """Characters that the text becomes longer offset."""
        return len(self.before) + self.end - self.start + len(self.after)


class TokenMap:
    """Start of each token of one text: the tokens of any span are counted by two look-ups."""

    def __init__(self, starts: list[int], length: int) -> None:
        self._starts = starts
        self._length = length

    def with_inserted_copies(self, copies: Sequence[InsertedCopy]) -> "TokenMap":
        """Return the map of the text with `copies` inserted; they are in order of their places."""
        if not copies:
            return self
        starts: list[int] = []
        copied = shift = 0
        for copy in copies:
            upto = bisect.bisect_left(self._starts, copy.place)
            starts += [start + shift for start in self._starts[copied:upto]]
            first = bisect.bisect_left(self._starts, copy.start)
            last = bisect.bisect_left(self._starts, copy.end)
            offset = copy.place + shift + len(copy.before) - copy.start
            starts += [start + offset for start in self._starts[first:last]]
            copied, shift = upto, shift + copy.length
        starts += [start + shift for start in self._starts[copied:]]
        return TokenMap(starts, self._length + shift)

    def count_tokens(self, start: int, end: int) -> int:
        """Return how many tokens begin in the characters from `start` to `end`."""
        return bisect.bisect_left(self._starts, end) - bisect.bisect_left(self._starts, start)

    def position_after(self, start: int, tokens: int) -> int:
        """Return the character position `tokens` tokens after `start`, at most the text's end."""
        index = bisect.bisect_left(self._starts, start) + tokens
        return self._starts[index] if index < len(self._starts) else self._length

    def position_before(self, end: int, tokens: int) -> int:
        """Return the character position `tokens` tokens before `end`, at least 0."""
        index = bisect.bisect_left(self._starts, end) - tokens
        return self._starts[index] if index > 0 else 0


def _end_of_slice(text: str, start: int) -> int:
    """Return the end of a slice: between two words, so that no token is cut."""
    end = start + _SLICE
    if end >= len(text):
        return len(text)
    space = max(text.rfind(" ", start, end), text.rfind("\n", start, end))
    return space if space > start else end


class TokenCounter(Protocol):
    """The tokenizer of an embedder, as texts are cut by it; special tokens aside."""

    def map_in_steps(self, text: str) -> Iterator[TokenMap | None]:
        """Yield None after each short step, and at last where the tokens of `text` begin."""

    def count_tokens(self, text: str) -> int:
        """Return the number of tokens of `text`."""

    def truncate_text(self, text: str, tokens: int) -> str:
        """Return the beginning of `text`, at most `tokens` tokens long."""


class EmbedderTokenCounter:
    """The tokenizer of an embedding model's folder. Raises LibraryError if there is none."""

    def __init__(self, model: Path) -> None:
        path = model / "tokenizer.json"
        try:
            self._tokenizer = UnigramTokenizer(path) if is_unigram(path) else _plain(path)
        except Exception as error:  # tokenizers raises bare Exception for a missing file
            raise LibraryError(ErrorCode.EMBEDDER_MISSING, path=str(model)) from error

    def map_in_steps(self, text: str) -> Iterator[TokenMap | None]:
        """Yield None after each short step, and at last where the tokens of `text` begin.

        In one piece, the text of a manual of 3,000 pages took 20 seconds; in slices it takes 5.
        """
        starts: list[int] = []
        first = 0
        while first < len(text):
            last = _end_of_slice(text, first)
            encoding = self._tokenizer.encode(text[first:last], add_special_tokens=False)
            starts.extend(first + start for start, _ in encoding.offsets)
            first = last
            yield None
        yield TokenMap(starts, len(text))

    def count_tokens(self, text: str) -> int:
        """Return the number of tokens of `text`, without the special ones."""
        return len(self._tokenizer.encode(text, add_special_tokens=False).ids)

    def text_ids(self, text: str) -> list[int]:
        """Return the tokens of a text by number, without the special ones."""
        return list(self._tokenizer.encode(text, add_special_tokens=False).ids)

    def token_ids(self, texts: list[str]) -> list[list[int]]:
        """Return the tokens of each text by number, with the special ones."""
        return [encoding.ids for encoding in self._tokenizer.encode_batch(texts)]

    def truncate_text(self, text: str, tokens: int) -> str:
        """Return the beginning of `text`, at most `tokens` tokens long."""
        offsets = self._tokenizer.encode(text, add_special_tokens=False).offsets
        return text if len(offsets) <= tokens else text[: offsets[tokens][0]].rstrip()


def shared_token_counter(model: Path) -> EmbedderTokenCounter:
    """Return the one counter of a model's folder in this process: a vocabulary takes up to 80 MB.

    It goes with the last that holds it. Raises LibraryError if there is none.
    """
    try:
        changed = (model / "tokenizer.json").stat().st_mtime_ns
    except OSError as error:
        raise LibraryError(ErrorCode.EMBEDDER_MISSING, path=str(model)) from error
    with _lock:
        counter = _shared.get((model, changed))
        if counter is None:
            counter = _shared[model, changed] = EmbedderTokenCounter(model)
        return counter


_lock = threading.Lock()  # `_shared`; held while a vocabulary is read, so that none is read twice
_shared: "WeakValueDictionary[tuple[Path, int], EmbedderTokenCounter]" = WeakValueDictionary()


def _plain(path: Path) -> Tokenizer:
    tokenizer = Tokenizer.from_file(str(path))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer
