"""llama.cpp context and token batch: tokens of many sequences go in, logits come out."""

import ctypes
from collections.abc import Sequence

import llama_cpp
import numpy as np

from core.base.errors import ErrorCode, ModelError
from core.engine.devices.fitting_threads import FittingThreads
from core.engine.llama.abort_flag import Aborted, AbortFlag
from core.engine.llama.llama_model import LlamaModel
from core.engine.llama.llama_parameters import context_parameters, gpu_names
from core.engine.llama.model_vocabulary import Handle
from core.engine.llama.token_candidates import Logits, read_logits
from core.engine.memory.compute_buffers import batch_tokens
from core.messages import Adapter

UNDIVIDED_CELLS = 256
"""Fused attention divides cells from 512 on (ops.cpp, `use_split_kv_path`), counted in 256s."""


class KvCacheFull(Exception):  # noqa: N818 - the scheduler frees cells and continues
    """The KV cache has no free cells; nothing of the batch was evaluated."""


class TokenBatch:
    """Tokens that are evaluated together: each has its sequence and its position in it.

    The arrays are created once and written through numpy: filling 512 tokens one by one through
    ctypes takes longer than a graphics card takes to read them.
    """

    def __init__(self, capacity: int) -> None:
        self.capacity = capacity
        self._tokens = np.zeros(capacity, dtype=np.int32)
        self._positions = np.zeros(capacity, dtype=np.int32)
        self._sequences = np.zeros(capacity, dtype=np.int32)
        self._logits = np.zeros(capacity, dtype=np.int8)
        self._counts = np.ones(capacity, dtype=np.int32)
        first = self._sequences.ctypes.data
        width = self._sequences.itemsize
        self._pointers = (ctypes.POINTER(ctypes.c_int32) * capacity)(
            *(
                ctypes.cast(first + width * place, ctypes.POINTER(ctypes.c_int32))
                for place in range(capacity)
            )
        )
        integers = ctypes.POINTER(ctypes.c_int32)
        self._native = llama_cpp.llama_batch(
            token=self._tokens.ctypes.data_as(integers),
            embd=None,
            pos=self._positions.ctypes.data_as(integers),
            n_seq_id=self._counts.ctypes.data_as(integers),
            seq_id=self._pointers,
            logits=self._logits.ctypes.data_as(ctypes.POINTER(ctypes.c_int8)),
        )
        self.size = 0

    def clear(self) -> None:
        """Start a new batch."""
        self.size = 0

    @property
    def free_places(self) -> int:
        """Tokens that may still be added."""
        return self.capacity - self.size

    def add_tokens(self, tokens: Sequence[int], *, start: int, sequence: int, outputs: int) -> int:
        """Add `tokens` of a sequence, the first at position `start` of it.

        The last `outputs` of them get logits; returns the index of the first that does.
        """
        if len(tokens) == 1:
            return self._add_token(tokens[0], start, sequence, outputs)
        begin, end = self.size, self.size + len(tokens)
        self._tokens[begin:end] = tokens
        self._positions[begin:end] = range(start, start + len(tokens))
        self._sequences[begin:end] = sequence
        self._logits[begin:end] = 0
        self._logits[end - outputs : end] = 1
        self.size = end
        return end - outputs

    def _add_token(self, token: int, position: int, sequence: int, outputs: int) -> int:
        """Add one token, as while answers are written: slices of arrays would take 5 µs each."""
        place = self.size
        self._tokens[place] = token
        self._positions[place] = position
        self._sequences[place] = sequence
        self._logits[place] = outputs
        self.size = place + 1
        return place + 1 - outputs

    def native_batch(self) -> llama_cpp.llama_batch:
        """Return llama.cpp's structure; valid until the batch changes."""
        self._native.n_tokens = self.size
        return self._native


class LlamaContext:
    """A context of llama.cpp with the KV cache of all sequences; `close` frees it.

    `size` is the most tokens of all sequences together. One thread uses it.
    """

    def __init__(self, model: LlamaModel, flag: AbortFlag) -> None:
        """Raises ModelError(MODEL_LOAD_FAILED) if memory is insufficient."""
        self._model = model
        self.flag = flag
        self._attached: tuple[Adapter, ...] = ()
        self.computes_later = bool(gpu_names(model.placement))
        """Whether a graphics card still computes after `decode`."""
        parameters = context_parameters(model.placement)
        parameters.abort_callback = flag.callback
        parameters.abort_callback_data = flag.address
        self.handle: Handle = llama_cpp.llama_init_from_model(model.handle, parameters)
        if not self.handle:
            raise ModelError(ErrorCode.MODEL_LOAD_FAILED, file=model.path.name)
        self._threads = FittingThreads(parameters.n_threads)
        self._used_threads = parameters.n_threads
        self.size = int(llama_cpp.llama_n_ctx(self.handle))
        self.sequences = int(llama_cpp.llama_n_seq_max(self.handle))
        self.batch = TokenBatch(min(batch_tokens(model.placement), self.size))
        self._memory = llama_cpp.llama_get_memory(self.handle)
        self._window_sizes = self._measure_window() if model.placement.short_windows else (0, 0)

    def decode(self) -> None:
        """Evaluate `batch`. Raises Aborted (part of it may have been evaluated) or KvCacheFull."""
        if self.computes_later or self._threads.most == 1:  # a card has no cores to share
            result = llama_cpp.llama_decode(self.handle, self.batch.native_batch())
        else:
            threads = self._threads.begin_batch()
            if threads < self._threads.most and not self._is_same_with_fewer():
                threads = self._threads.most
            if threads != self._used_threads:
                llama_cpp.llama_set_n_threads(self.handle, threads, threads)
                self._used_threads = threads
            result = llama_cpp.llama_decode(self.handle, self.batch.native_batch())
            self._threads.end_batch()
        if result == 0:
            return
        if self.flag.is_set:
            raise Aborted
        if result == 1:
            raise KvCacheFull
        raise RuntimeError(f"llama_decode returned {result}")

    def _is_same_with_fewer(self) -> bool:
        """Whether the batch gives the same bits with any number of threads.

        Fused attention of a single token divides many cells among the threads.
        """
        if self.batch.size > 1 or self._model.placement.flash_attention == "off":
            return True
        cells = sum(map(self.cached_count, range(self.sequences)))
        return cells < UNDIVIDED_CELLS

    def synchronize(self) -> None:
        """Wait until everything is evaluated: a graphics card still computes after `decode`."""
        llama_cpp.llama_synchronize(self.handle)

    def logits(self, index: int) -> Logits:
        """Return the logits of the batch's token `index`; valid until the next decode."""
        return read_logits(self.handle, index, self._model.vocabulary.size)

    # ------------------------------------------------------------ KV cache

    def cached_count(self, sequence: int) -> int:
        """Return the number of tokens of `sequence` in the KV cache."""
        return int(llama_cpp.llama_memory_seq_pos_max(self._memory, sequence)) + 1

    def truncate(self, sequence: int, count: int) -> int:
        """Drop all but the first `count` tokens of a sequence; return how many are left.

        A recurrent state can't be rewound, and a sliding window may have lost the beginning:
        `seq_rm` then fails or leaves a gap, so the positions are checked. A sequence without an
        unbroken beginning, or without the window before `count`, is dropped whole.
        """
        if self.cached_count(sequence) <= count:
            return self.cached_count(sequence)
        dropped = count > 0 and llama_cpp.llama_memory_seq_rm(self._memory, sequence, count, -1)
        first = llama_cpp.llama_memory_seq_pos_min(self._memory, sequence)
        needed = max(count - self._model.window + 1, 0) if self._model.window else 0
        is_whole = dropped and 0 <= first <= needed and self.cached_count(sequence) == count
        if is_whole and self._has_whole_window(sequence, count):
            return count
        llama_cpp.llama_memory_seq_rm(self._memory, sequence, -1, -1)
        return 0

    def _measure_window(self) -> tuple[int, int]:
        """Return the bytes of a window's state: without any cell, and for each."""
        sizes = []
        for place in range(2):
            self.batch.clear()
            self.batch.add_tokens([0], start=place, sequence=0, outputs=0)
            self.decode()
            sizes.append(self._window_size(0))
        self.batch.clear()
        llama_cpp.llama_memory_seq_rm(self._memory, 0, -1, -1)
        return 2 * sizes[0] - sizes[1], sizes[1] - sizes[0]

    def _window_size(self, sequence: int) -> int:
        flags = llama_cpp.LLAMA_STATE_SEQ_FLAGS_PARTIAL_ONLY
        return int(llama_cpp.llama_state_seq_get_size_ext(self.handle, sequence, flags))

    def _has_whole_window(self, sequence: int, count: int) -> bool:
        """Whether the window before `count` has no hole where another's tokens took a cell."""
        if not self._model.placement.short_windows:
            return True
        least, each = self._window_sizes
        cells = min(count, self._model.window)
        return self._window_size(sequence) == least + each * cells

    def share_prefix(self, source: int, target: int, count: int) -> int:
        """Share the first `count` tokens of a sequence with an empty one, without copying.

        Returns how many it has now: 0 if a recurrent state would have to be cut.
        """
        if self._model.is_recurrent and self.cached_count(source) != count:
            return 0
        llama_cpp.llama_memory_seq_cp(self._memory, source, target, 0, count)
        return self.truncate(target, count)

    def export_state(self, sequence: int) -> bytearray:
        """Return the state of a sequence in llama.cpp's format; empty if that fails."""
        size = llama_cpp.llama_state_seq_get_size(self.handle, sequence)
        data = bytearray(size)
        view = (ctypes.c_uint8 * size).from_buffer(data)
        written = llama_cpp.llama_state_seq_get_data(self.handle, view, size, sequence)
        return data if written == size else bytearray()

    def import_state(self, sequence: int, data: bytearray, count: int) -> bool:
        """Load a state of `count` tokens from `export_state` into an empty sequence."""
        view = (ctypes.c_uint8 * len(data)).from_buffer(data)
        if (
            llama_cpp.llama_state_seq_set_data(self.handle, view, len(data), sequence) > 0
            and self.cached_count(sequence) == count
        ):
            return True
        self.truncate(sequence, 0)
        return False

    def attach_adapters(self, adapters: tuple[Adapter, ...]) -> None:
        """Apply these adapters from the next decode on. Raises ModelError."""
        if adapters == self._attached:
            return
        handles = [self._model.load_adapter(adapter.path) for adapter in adapters]
        native = (llama_cpp.llama_adapter_lora_p_ctypes * len(handles))(*handles)
        scales = (ctypes.c_float * len(handles))(*(adapter.scale for adapter in adapters))
        if llama_cpp.llama_set_adapters_lora(self.handle, native, len(handles), scales) != 0:
            raise RuntimeError("llama_set_adapters_lora failed")
        self._attached = adapters

    def close(self) -> None:
        """Free the context."""
        llama_cpp.llama_free(self.handle)
