"""Graphs of ggml operations on one device: memory for their tensors, and the time they take."""

import contextlib
import ctypes
import time
from collections.abc import Iterator
from typing import Any, Self

from core.base.clock import Clock
from core.engine.devices.device_list import (
    can_multiply_from,
    device_handle,
    extra_buffer_types,
)
from core.engine.devices.ggml_functions import GgmlInitParameters, load_ggml_functions

_ARENA = 4 << 20
_PROCESSOR = "CPU"
_LEAST_CARD_ROUNDS = 2
"""However long they take: others use a card as well, and its clock doesn't stop for them."""


class GraphTimer:
    """One device, ready to compute; a `with` frees it."""

    def __init__(self, name: str, threads: int, clock: Clock = time.perf_counter) -> None:
        """Raises EngineError for a device that is not there."""
        self.ggml = load_ggml_functions()
        self.clock = clock
        self.device = device_handle(name)
        self.is_card = name != _PROCESSOR
        self._backend = self.ggml.ggml_backend_dev_init(self.device, None)
        self._set_threads(threads)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Free the device."""
        self.ggml.ggml_backend_free(self._backend)

    def new_arena(self, undo: contextlib.ExitStack) -> int:
        """Return a context of ggml for tensors without memory."""
        arena = self.ggml.ggml_init(GgmlInitParameters(_ARENA, None, True))  # noqa: FBT003 - a C structure
        undo.callback(self.ggml.ggml_free, arena)
        return int(arena)

    @property
    def plain_memory(self) -> int:
        """The device's usual buffer type."""
        return int(self.ggml.ggml_backend_dev_buffer_type(self.device))

    def weight_memories(self, type_id: int) -> Iterator[int]:
        """Yield the buffer types for weights of a type, in the order in which llama.cpp tries."""
        for memory in extra_buffer_types(self.ggml, self.device):
            if can_multiply_from(self.ggml, self.device, memory, type_id):
                yield memory
        if can_multiply_from(self.ggml, self.device, self.plain_memory, type_id):
            yield self.plain_memory

    def allocate(self, undo: contextlib.ExitStack, arena: int, memory: int) -> bool:
        """Give the tensors of `arena` zeroed memory; returns whether there is enough."""
        buffer = self.ggml.ggml_backend_alloc_ctx_tensors_from_buft(arena, memory)
        if not buffer:
            return False
        undo.callback(self.ggml.ggml_backend_buffer_free, buffer)
        self.ggml.ggml_backend_buffer_clear(buffer, 0)  # so that every page is mapped
        return True

    def supports(self, tensor: int) -> bool:
        """Return whether the device computes the operation of `tensor`."""
        return bool(self.ggml.ggml_backend_dev_supports_op(self.device, tensor))

    def round_seconds(self, graph: int, rounds: int, limit: float) -> Iterator[float]:
        """Compute `graph` up to `rounds` times, and yield the seconds of each.

        After `limit` seconds none begins, but on a card the second: the fastest round so far
        counts, since the machine may be busy.
        """
        if self.is_card:  # which makes its kernels ready, and leaves its rest, at first
            self.ggml.ggml_backend_graph_compute(self._backend, graph)
        least = _LEAST_CARD_ROUNDS if self.is_card else 1
        end = self.clock() + limit
        for count in range(1, rounds + 1):
            started = self.clock()
            self.ggml.ggml_backend_graph_compute(self._backend, graph)
            stopped = self.clock()
            yield stopped - started
            if stopped > end and count >= least:
                return

    def _set_threads(self, threads: int) -> None:
        """Set the threads; only a processor's backend has such a function."""
        ggml: Any = self.ggml
        registry = ggml.ggml_backend_dev_backend_reg(self.device)
        address = ggml.ggml_backend_reg_get_proc_address(registry, b"ggml_backend_set_n_threads")
        if address:
            ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_int)(address)(self._backend, threads)
