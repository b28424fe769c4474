"""One GGUF model in native memory: its vocabulary, its weights and one context to decode in."""

import ctypes
import logging
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeAlias

import llama_cpp

from core.engine.devices import load_backends
from core.errors import Code, ModelError

Handle: TypeAlias = Any
"""A pointer of llama.cpp; the binding has no type for it at run time."""

BATCH = 512
"""Tokens of a prompt that are decoded in one call; between calls Stop is looked at."""

_log = logging.getLogger("llama.cpp")
_WARNING, _ERROR = 3, 4


@llama_cpp.llama_log_callback  # type: ignore[untyped-decorator]
def _keep_warnings(level: int, text: bytes, _data: ctypes.c_void_p) -> None:
    if level in {_WARNING, _ERROR}:
        _log.warning("%s", text.decode(errors="replace").rstrip())


class AbortFlag:
    """One byte that native code reads while it computes; any thread may set it.

    The callback is C's own `strlen` over that byte: it returns 0 for "go on" and 1 for "stop", and
    costs nothing, where a Python callback costs about 1 % of the speed. CPU and Metal look at it;
    other backends stop at the next slice of the prompt.
    """

    def __init__(self) -> None:
        self._byte = ctypes.create_string_buffer(2)
        library = ctypes.CDLL("msvcrt" if sys.platform == "win32" else None)
        self.callback = ctypes.cast(library.strlen, llama_cpp.ggml_abort_callback)
        self.address = ctypes.cast(self._byte, ctypes.c_void_p)

    def raise_(self) -> None:
        """Ask native code to stop."""
        self._byte[0] = b"\x01"

    def lower(self) -> None:
        """Let native code run again."""
        self._byte[0] = b"\x00"

    @property
    def raised(self) -> bool:
        """Whether a stop was asked for."""
        return self._byte[0] != b"\x00"


class Aborted(Exception):  # noqa: N818 - being stopped is not an error
    """Decoding stopped because the flag was raised."""


class Vocabulary:
    """Text to tokens and back. Tokens are the ids the model's file gives them."""

    def __init__(self, model: Handle) -> None:
        self.handle = llama_cpp.llama_model_get_vocab(model)
        self.adds_bos = bool(llama_cpp.llama_vocab_get_add_bos(self.handle))
        self.bos = int(llama_cpp.llama_vocab_bos(self.handle))
        self.eos = int(llama_cpp.llama_vocab_eos(self.handle))
        self.size = int(llama_cpp.llama_vocab_n_tokens(self.handle))

    def tokenize(self, text: str, *, control: bool) -> list[int]:
        """Return the tokens of `text`; `control` lets spelled-out control tokens become tokens.

        `control` is on for the template's own pieces and off for what people and documents say.
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

    def piece(self, token: int, *, control: bool = False) -> bytes:
        """Return the bytes of one token; control tokens are empty unless asked for."""
        capacity = 64
        while True:
            buffer = ctypes.create_string_buffer(capacity)
            count = llama_cpp.llama_token_to_piece(self.handle, token, buffer, capacity, 0, control)
            if count >= 0:
                return buffer.raw[:count]
            capacity = -count

    def text_of(self, token: int) -> str:
        """Return how the template spells a token; empty for a token the model lacks."""
        if token < 0:
            return ""
        return str(llama_cpp.llama_vocab_get_text(self.handle, token).decode(errors="replace"))

    def ends(self, token: int) -> bool:
        """Return whether `token` ends an answer."""
        return bool(llama_cpp.llama_vocab_is_eog(self.handle, token))


class Model:
    """Weights and one context of `context` tokens. One thread uses it; `close` frees it."""

    def __init__(
        self,
        path: Path,
        *,
        context: int,
        threads: int,
        gpu_layers: int,
        flag: AbortFlag,
        progress: Callable[[float], None] | None = None,
    ) -> None:
        load_backends()
        llama_cpp.llama_log_set(_keep_warnings, ctypes.c_void_p(0))
        self._flag = flag
        self._model = self._load(path, gpu_layers, progress)
        self.vocabulary = Vocabulary(self._model)
        self._context = self._make_context(path, context, threads)
        self.context = int(llama_cpp.llama_n_ctx(self._context))
        self._memory = llama_cpp.llama_get_memory(self._context)

    def _load(
        self, path: Path, gpu_layers: int, progress: Callable[[float], None] | None
    ) -> Handle:
        @llama_cpp.llama_progress_callback  # type: ignore[untyped-decorator]
        def on_progress(share: float, _data: ctypes.c_void_p) -> bool:
            if progress:
                progress(share)
            return not self._flag.raised

        parameters = llama_cpp.llama_model_default_params()
        parameters.n_gpu_layers = gpu_layers if gpu_layers >= 0 else 999
        parameters.progress_callback = on_progress
        model = llama_cpp.llama_model_load_from_file(str(path).encode(), parameters)
        if not model:
            if self._flag.raised:
                raise Aborted
            raise ModelError(Code.MODEL_LOAD_FAILED, file=path.name)
        return model

    def _make_context(self, path: Path, context: int, threads: int) -> Handle:
        parameters = llama_cpp.llama_context_default_params()
        parameters.n_ctx = context
        parameters.n_batch = min(BATCH, context)
        parameters.n_ubatch = min(BATCH, context)
        parameters.n_threads = threads
        parameters.n_threads_batch = threads
        # A sliding window's cells are kept whole: else a follow-up can't go back to its prefix.
        parameters.swa_full = True
        parameters.abort_callback = self._flag.callback
        parameters.abort_callback_data = self._flag.address
        made = llama_cpp.llama_init_from_model(self._model, parameters)
        if not made:
            llama_cpp.llama_model_free(self._model)
            raise ModelError(Code.MODEL_LOAD_FAILED, file=path.name)
        return made

    @property
    def native_context(self) -> Handle:
        """The context as samplers need it."""
        return self._context

    def decode(self, tokens: Sequence[int]) -> None:
        """Evaluate up to BATCH tokens after what is in the cache; logits are of the last one.

        Raises Aborted when the flag was raised, MemoryError when the cache has no room.
        """
        array = (llama_cpp.llama_token * len(tokens))(*tokens)
        result = llama_cpp.llama_decode(
            self._context, llama_cpp.llama_batch_get_one(array, len(tokens))
        )
        if result == 0:
            return
        if self._flag.raised:
            raise Aborted
        if result == 1:
            raise MemoryError("no room in the cache")
        raise RuntimeError(f"llama_decode returned {result}")

    def keep(self, count: int) -> int:
        """Drop all but the first `count` cached tokens; return how many are really left.

        Recurrent models can't drop a tail, and a sliding window may have lost the beginning:
        `seq_rm` then says so or keeps a gap, so the positions are read back. What can't be used is
        cleared.
        """
        kept = llama_cpp.llama_memory_seq_rm(self._memory, 0, count, -1)
        first = llama_cpp.llama_memory_seq_pos_min(self._memory, 0)
        last = llama_cpp.llama_memory_seq_pos_max(self._memory, 0)
        if kept and (count == 0 or (first == 0 and last == count - 1)):
            return count
        llama_cpp.llama_memory_clear(self._memory, True)  # noqa: FBT003 - a C call
        return 0

    def close(self) -> None:
        """Free the native memory."""
        llama_cpp.llama_free(self._context)
        llama_cpp.llama_model_free(self._model)
