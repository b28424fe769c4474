"""Speed of each tensor type: bytes of weights that a device multiplies in a second.

Decoding a token multiplies each weight once with a vector. The speed depends on the memory, and for
small types on the arithmetic as well; so it is measured with the functions that decode, in the kind
of memory that a model's weights would be in.
"""

import contextlib
import time
from collections.abc import Iterable

from core.base.clock import Clock
from core.engine.devices.device_list import choose_threads
from core.engine.devices.graph_timer import GraphTimer
from core.engine.devices.quiet_check import QuietCheck
from core.gguf.llama_tables import TENSOR_TYPES
from core.messages import TensorTypeSpeed, TensorTypesTimed, TimeTensorTypes

_WHOLE = 256  # columns, a multiple of every type's block size
_MOST_MATRICES = 900
"""The largest number of products in one graph."""
_BYTES = 128 << 20
"""Bytes of weights that are multiplied in one run: more than most caches hold."""
_ROUNDS = 5
_F32 = 0
_SECONDS = 0.3
"""After so long, the fastest round so far counts: the machine may be busy."""
_WATCHED_SECONDS = 0.2
"""How long other programs are watched before."""
PROCESSOR = "CPU"


def measure_type_speeds(
    request: TimeTensorTypes,
    clock: Clock = time.perf_counter,
    quiet: QuietCheck | None = None,
) -> TensorTypesTimed:
    """Measure each type on the processor and on the named cards."""
    threads = choose_threads(request.threads)
    if quiet is None:
        quiet = QuietCheck()
        time.sleep(_WATCHED_SECONDS)
    # Beside busy programs threads that wait for each other stand still: answers have one then.
    was_quiet = quiet.is_quiet()
    on_processor = _device_speeds(request, PROCESSOR, threads if was_quiet else 1, clock)
    if was_quiet and not quiet.is_quiet():
        for label, speed in _device_speeds(request, PROCESSOR, 1, clock).items():
            on_processor[label] = max(speed, on_processor.get(label, 0.0))
    found = {PROCESSOR: on_processor}
    found |= {name: _device_speeds(request, name, threads, clock) for name in request.devices}
    speeds = tuple(
        TensorTypeSpeed(device=name, type=label, speed=speed)
        for name, by_label in found.items()
        for label, speed in by_label.items()
    )
    return TensorTypesTimed(request_id=request.request_id, speeds=speeds, threads=threads)


def _device_speeds(
    request: TimeTensorTypes, device: str, threads: int, clock: Clock
) -> dict[str, float]:
    """Return the bytes a second by type, without those that can't be measured there."""
    wanted = {type_.label: id_ for id_, type_ in TENSOR_TYPES.items()}
    with GraphTimer(device, threads, clock) as timer:
        types_timer = _TypeTimer(timer, (request.columns, request.rows))
        speeds = {
            label: types_timer.bytes_per_second(wanted[label])
            for label in request.types
            if label in wanted
        }
    return {label: speed for label, speed in speeds.items() if speed}


class _TypeTimer:
    """Products of matrices of a model's shape on one device."""

    def __init__(self, timer: GraphTimer, shape: tuple[int, int]) -> None:
        self._timer = timer
        self._shape = shape

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
            seconds = min(self._timer.round_seconds(graph, _ROUNDS, _SECONDS))
        return count * each / seconds if seconds > 0 else 0.0

    def _weights(
        self, undo: contextlib.ExitStack, type_id: int, shape: tuple[int, int], count: int
    ) -> list[int]:
        timer = self._timer
        for memory in timer.weight_memories(type_id):
            arena = timer.new_arena(undo)
            tensors = [timer.ggml.ggml_new_tensor_2d(arena, type_id, *shape) for _ in range(count)]
            if timer.allocate(undo, arena, memory):
                return tensors
        return []

    def _graph(self, undo: contextlib.ExitStack, weights: Iterable[int], columns: int) -> int:
        timer, ggml = self._timer, self._timer.ggml
        arena = timer.new_arena(undo)
        vector = ggml.ggml_new_tensor_2d(arena, _F32, columns, 1)
        graph = ggml.ggml_new_graph(arena)
        for tensor in weights:
            ggml.ggml_build_forward_expand(graph, ggml.ggml_mul_mat(arena, tensor, vector))
        return int(graph) if timer.allocate(undo, arena, timer.plain_memory) else 0
