"""Vocabulary of one model: text to tokens and back."""

import ctypes
from collections.abc import Sequence
from typing import Any, TypeAlias

import llama_cpp

Handle: TypeAlias = Any
"""A pointer of llama.cpp; the binding has no type for it at run time."""


class Vocabulary:
    """Converts text to tokens and back. Tokens are ids of the model's file."""

    def __init__(self, model: Handle) -> None:
        self.handle = llama_cpp.llama_model_get_vocab(model)
        self.adds_bos = bool(llama_cpp.llama_vocab_get_add_bos(self.handle))
        self.bos = int(llama_cpp.llama_vocab_bos(self.handle))
        self.eos = int(llama_cpp.llama_vocab_eos(self.handle))
        self.size = int(llama_cpp.llama_vocab_n_tokens(self.handle))
        self._ending: dict[int, bool] = {}
        self._bytes: dict[tuple[int, bool], bytes] = {}

    def tokenize(self, text: str, *, control: bool) -> list[int]:
        """Return the tokens of `text`; with `control`, spelled-out control tokens become tokens.

        `control` is on for the template's own text and off for text of people and documents.
        """
        data = text.encode()
        capacity = len(data) + 16
        while True:
            tokens = (llama_cpp.llama_token * capacity)()
            count = llama_cpp.llama_tokenize(
                self.handle,
                data,
                len(data),
                tokens,
                capacity,
                False,  # noqa: FBT003 - a C call; the caller adds the first token itself
                control,
            )
            if count >= 0:
                return list(tokens[:count])
            capacity = -count

    def token_bytes(self, token: int, *, control: bool = False) -> bytes:
        """Return the bytes of one token; those of control tokens only with `control`."""
        found = self._bytes.get((token, control))
        if found is None:
            found = self._bytes[token, control] = self._read_bytes(token, control=control)
        return found

    def _read_bytes(self, token: int, *, control: bool) -> bytes:
        capacity = 64
        while True:
            buffer = ctypes.create_string_buffer(capacity)
            count = llama_cpp.llama_token_to_piece(self.handle, token, buffer, capacity, 0, control)
            if count >= 0:
                return buffer.raw[:count]
            capacity = -count

    def detokenize(self, tokens: Sequence[int]) -> str:
        """Return the text of tokens, control tokens spelled out."""
        pieces = (self.token_bytes(token, control=True) for token in tokens)
        return b"".join(pieces).decode(errors="replace")

    def token_text(self, token: int) -> str:
        """Return the spelling of a token; "" for a token that the model lacks."""
        if token < 0:
            return ""
        return str(llama_cpp.llama_vocab_get_text(self.handle, token).decode(errors="replace"))

    def is_same_as(self, other: "Vocabulary") -> bool:
        """Return whether every token id has the same text in both."""
        return self.size == other.size and all(
            llama_cpp.llama_vocab_get_text(self.handle, token)
            == llama_cpp.llama_vocab_get_text(other.handle, token)
            for token in range(self.size)
        )

    def ends_answer(self, token: int) -> bool:
        """Return whether `token` ends an answer."""
        ending = self._ending.get(token)
        if ending is None:
            ending = bool(llama_cpp.llama_vocab_is_eog(self.handle, token))
            self._ending[token] = ending
        return ending
