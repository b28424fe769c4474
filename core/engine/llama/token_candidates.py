"""Logits of one batch position, and llama.cpp's list of candidates for the next token."""

import ctypes
from functools import lru_cache
from typing import Any, TypeAlias

import llama_cpp
import numpy as np
from numpy.typing import NDArray

from core.engine.llama.model_vocabulary import Handle

Logits: TypeAlias = NDArray[np.float32]
Tokens: TypeAlias = NDArray[np.intp]

_ENTRY = np.dtype([("token", np.int32), ("logit", np.float32), ("p", np.float32)])
"""One `llama_token_data`."""
_BLOCKS = 512
"""Blocks whose maxima bound the best logits from below; each holds every 512th token."""


_row_address = ctypes.CFUNCTYPE(ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int32)(
    ("llama_get_logits_ith", llama_cpp.llama_cpp._lib)  # noqa: SLF001 - the one handle there is
)
"""The binding's function, but with the address as result: creating a pointer takes 20 µs."""


def read_logits(context: Handle, index: int, size: int) -> Logits:
    """Return the logits of the batch's token `index`, a view of the context's memory."""
    return _row_at(_row_address(context, index), size)


@lru_cache(maxsize=64)
def _row_at(address: int, size: int) -> Logits:
    """Return a view of llama.cpp's memory; valid as `_row_address` has just returned it."""
    row: Any = (ctypes.c_float * size).from_address(address)
    logits: Logits = np.frombuffer(row, dtype=np.float32)
    return logits


class TopTokens:
    """Finds the likeliest tokens of a vocabulary; its arrays are used again for each token.

    After a batch, code and data have left the processor's caches, so that each call of numpy takes
    some 20 µs, whatever it does: there are as few as possible, and none makes a large array.
    """

    def __init__(self, size: int) -> None:
        self._is_large = size >= 8 * _BLOCKS
        self._maxima = np.zeros(_BLOCKS, np.float32)
        self._is_above = np.zeros(size, np.bool_)
        self._row: Logits | None = None
        self._blocks: Logits = self._maxima

    def find_tokens(self, logits: Logits, count: int) -> tuple[Tokens, float] | None:
        """Return the tokens whose logit is `bound` or more, and `bound`; at least `count` of them.

        None if that saves no time: for a small vocabulary, or a large `count`. Not sorted: the
        `count` greatest maxima of blocks are `count` tokens, so the least of these maxima is the
        bound. That takes 35 µs for 49,000 tokens, while partial sorting takes 470 µs.
        """
        if count > _BLOCKS // 2 or not self._is_large:
            return None
        if logits is not self._row:
            self._row = logits
            self._blocks = logits[: len(logits) // _BLOCKS * _BLOCKS].reshape(-1, _BLOCKS)
        maxima = self._maxima
        np.maximum.reduce(self._blocks, axis=0, out=maxima)
        maxima.partition(_BLOCKS - count)
        bound = float(maxima[_BLOCKS - count])
        np.greater_equal(logits, bound, out=self._is_above)
        return self._is_above.nonzero()[0], bound


class TokenCandidates:
    """A `llama_token_data_array` that is reused for each token; samplers change it in place."""

    def __init__(self, size: int) -> None:
        self._entries = np.zeros(size, _ENTRY)
        self._tokens = self._entries["token"]
        self._logits = self._entries["logit"]
        data = ctypes.cast(self._entries.ctypes.data, llama_cpp.llama_token_data_p)
        self._array = llama_cpp.llama_token_data_array(data=data, size=0, selected=-1, sorted=False)
        self._reference = ctypes.byref(self._array)

    def set_tokens(self, tokens: Tokens, logits: Logits) -> None:
        """Set `tokens`, in order of their ids, with their logits."""
        count = len(tokens)
        self._tokens[:count] = tokens
        self._logits[:count] = logits[tokens]
        self._array.size = count
        self._array.selected = -1
        self._array.sorted = False

    def apply_sampler(self, sampler: Handle) -> None:
        """Apply a sampler of llama.cpp, which changes the candidates or selects one."""
        llama_cpp.llama_sampler_apply(sampler, self._reference)

    def count_at_least(self, bound: float) -> int:
        """Return how many have a logit of `bound` or more."""
        return int(np.count_nonzero(self._logits[: self._array.size] >= bound))

    def drop_excluded(self) -> None:
        """Remove those with a logit of minus infinity, which not every sampler supports."""
        entries = self._entries[: self._array.size]
        kept = entries[entries["logit"] > -np.inf]
        self._entries[: len(kept)] = kept
        self._array.size = len(kept)

    def __len__(self) -> int:
        return int(self._array.size)

    @property
    def selected_token(self) -> int:
        """The token that the last sampler of the chain has chosen."""
        return int(self._tokens[self._array.selected])
