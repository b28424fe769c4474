"""Speed of each tensor type: bytes of weights that a device multiplies in a second.

Decoding a token multiplies each weight once with a vector. The speed depends on the memory, and for
small types on the arithmetic as well; so it is measured with the functions that decode, in the kind
of memory that a model's weights would be in.
"""

import contextlib
import ctypes
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Self

from core.engine.devices.device_list import (
    can_multiply_from,
    choose_threads,
    device_handle,
    extra_buffer_types,
)
from core.engine.devices.ggml_functions import GgmlInitParameters, load_ggml_functions
from core.gguf.llama_tables import TENSOR_TYPES
from core.messages import TensorTypeSpeed, TensorTypesTimed, TimeTensorTypes

_WHOLE = 256  # columns, a multiple of every type's block size
_MOST_MATRICES = 900
"""The largest number of products in one graph."""
_BYTES = 128 << 20
"""Bytes of weights that are multiplied in one run: more than most caches hold."""
_ROUNDS = 5
_ARENA = 4 << 20
_F32 = 0
_SECONDS = 0.3
"""After so long, the fastest round so far counts: the machine may be busy."""
PROCESSOR = "CPU"


def measure_type_speeds(
    request: TimeTensorTypes, clock: Callable[[], float] = time.perf_counter
) -> TensorTypesTimed:
    """Measure each type on the processor and on the named cards."""
    threads = choose_threads(request.threads)
    wanted = {type_.label: id_ for id_, type_ in TENSOR_TYPES.items()}
    types = [(label, wanted[label]) for label in request.types if label in wanted]
    speeds: list[TensorTypeSpeed] = []
    for name in (PROCESSOR, *request.devices):
        with _DeviceTimer(
            device_handle(name), threads, (request.columns, request.rows), clock
        ) as timer:
            for label, type_id in types:
                if speed := timer.bytes_per_second(type_id):
                    speeds.append(TensorTypeSpeed(device=name, type=label, speed=speed))
    return TensorTypesTimed(request_id=request.request_id, speeds=tuple(speeds), threads=threads)


class _DeviceTimer:
    """One device, ready to compute; a `with` frees it."""

    def __init__(
        self, device: int, threads: int, shape: tuple[int, int], clock: Callable[[], float]
    ) -> None:
        self._shape = shape
        self._clock = clock
        self._ggml = load_ggml_functions()
        self._device = device
        self._backend = self._ggml.ggml_backend_dev_init(device, None)
        self._set_threads(threads)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._ggml.ggml_backend_free(self._backend)

    def bytes_per_second(self, type_id: int) -> float:
        """Return bytes per second, 0 if the type can't be multiplied or memory is missing."""
        type_ = TENSOR_TYPES[type_id]
        columns, rows = self._shape
        if columns % type_.block:  # llama.cpp uses another type for such a matrix
            columns = max(columns // _WHOLE, 1) * _WHOLE
        each = columns * rows // type_.block * type_.size
        count = min(max(_BYTES // each, 1), _MOST_MATRICES)
        with contextlib.ExitStack() as undo:
            weights = self._weights(undo, type_id, (columns, rows), count)
            if not weights:
                return 0.0
            graph = self._graph(undo, weights, columns)
            if not graph:
                return 0.0
            seconds = min(self._rounds(graph))
        return count * each / seconds if seconds > 0 else 0.0

    def _rounds(self, graph: int) -> Iterator[float]:
        end = self._clock() + _SECONDS
        for _round in range(_ROUNDS):
            started = self._clock()
            self._ggml.ggml_backend_graph_compute(self._backend, graph)
            stopped = self._clock()
            yield stopped - started
            if stopped > end:
                return

    def _weights(
        self, undo: contextlib.ExitStack, type_id: int, shape: tuple[int, int], count: int
    ) -> list[int]:
        for memory in self._memories(type_id):
            arena = self._arena(undo)
            tensors = [self._ggml.ggml_new_tensor_2d(arena, type_id, *shape) for _ in range(count)]
            if self._allocated(undo, arena, memory):
                return tensors
        return []

    def _memories(self, type_id: int) -> Iterator[int]:
        """Yield the buffer types for weights of a type, in the order in which llama.cpp tries."""
        ggml = self._ggml
        for memory in extra_buffer_types(ggml, self._device):
            if can_multiply_from(ggml, self._device, memory, type_id):
                yield memory
        plain = ggml.ggml_backend_dev_buffer_type(self._device)
        if can_multiply_from(ggml, self._device, plain, type_id):
            yield plain

    def _graph(self, undo: contextlib.ExitStack, weights: Iterable[int], columns: int) -> int:
        ggml = self._ggml
        arena = self._arena(undo)
        vector = ggml.ggml_new_tensor_2d(arena, _F32, columns, 1)
        graph = ggml.ggml_new_graph(arena)
        for tensor in weights:
            ggml.ggml_build_forward_expand(graph, ggml.ggml_mul_mat(arena, tensor, vector))
        plain = ggml.ggml_backend_dev_buffer_type(self._device)
        return int(graph) if self._allocated(undo, arena, plain) else 0

    def _arena(self, undo: contextlib.ExitStack) -> int:
        arena = self._ggml.ggml_init(GgmlInitParameters(_ARENA, None, True))  # noqa: FBT003 - a C structure
        undo.callback(self._ggml.ggml_free, arena)
        return int(arena)

    def _allocated(self, undo: contextlib.ExitStack, arena: int, memory: int) -> bool:
        buffer = self._ggml.ggml_backend_alloc_ctx_tensors_from_buft(arena, memory)
        if not buffer:
            return False
        undo.callback(self._ggml.ggml_backend_buffer_free, buffer)
        self._ggml.ggml_backend_buffer_clear(buffer, 0)  # so that every page is mapped
        return True

    def _set_threads(self, threads: int) -> None:
        """Set the threads; only a processor's backend has such a function."""
        ggml: Any = self._ggml
        registry = ggml.ggml_backend_dev_backend_reg(self._device)
        address = ggml.ggml_backend_reg_get_proc_address(registry, b"ggml_backend_set_n_threads")
        if address:
            ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_int)(address)(self._backend, threads)
