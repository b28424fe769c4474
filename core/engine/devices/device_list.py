"""Processors and graphics cards that llama.cpp sees, and the number of threads to use."""

import ctypes
import os
import sys
from collections.abc import Iterator
from typing import Any

import psutil

from core.base.errors import EngineError, ErrorCode
from core.engine.devices.ggml_functions import (
    GgmlDeviceProperties,
    GgmlInitParameters,
    load_ggml_functions,
)
from core.engine.memory.free_memory import available_memory
from core.gguf.llama_tables import TENSOR_TYPES
from core.messages import Device
from core.messages.planner_messages import SkippedBackend

_ROWS = 64  # a multiple of the 4, 8 or 16 rows that are interleaved
_COLUMNS = 256  # a multiple of every block size
_F32 = 0
_ARENA = 64 << 10


def repacked_types(ggml: Any, device: int) -> tuple[str, ...]:  # noqa: ANN401 - functions of C
    """Return the labels of the tensor types of which `device` keeps a copy of its own.

    It makes the same test as llama.cpp for the buffer of a weight (llama-model-loader.cpp,
    `weight_buft_supported`): can the device multiply a matrix in its extra buffer type?
    """
    matrices = [
        id_
        for id_, type_ in TENSOR_TYPES.items()
        if type_.block > 1 or type_.label in {"F16", "BF16"}  # AMX rearranges F16 as well
    ]
    extra = tuple(extra_buffer_types(ggml, device))
    return tuple(
        TENSOR_TYPES[type_id].label
        for type_id in matrices
        if any(can_multiply_from(ggml, device, memory, type_id) for memory in extra)
    )


def extra_buffer_types(ggml: Any, device: int) -> Iterator[int]:  # noqa: ANN401 - as above
    """Yield the buffer types in which `device` keeps rearranged weights."""
    registry = ggml.ggml_backend_dev_backend_reg(device)
    address = ggml.ggml_backend_reg_get_proc_address(registry, b"ggml_backend_dev_get_extra_bufts")
    if not address:
        return
    signature = ctypes.CFUNCTYPE(ctypes.POINTER(ctypes.c_void_p), ctypes.c_void_p)
    kinds = signature(address)(device)
    index = 0
    while kinds and kinds[index]:
        yield kinds[index]
        index += 1


def can_multiply_from(ggml: Any, device: int, memory: int, type_id: int) -> bool:  # noqa: ANN401 - as above
    """Return whether `device` multiplies weights of a type in the buffer type `memory`."""
    arena = ggml.ggml_init(GgmlInitParameters(_ARENA, None, True))  # noqa: FBT003 - a C structure
    try:
        weights = ggml.ggml_new_tensor_2d(arena, type_id, _COLUMNS, _ROWS)
        buffer = ggml.ggml_backend_alloc_ctx_tensors_from_buft(arena, memory)
        if not buffer:
            return False
        vector = ggml.ggml_new_tensor_2d(arena, _F32, _COLUMNS, 1)
        product = ggml.ggml_mul_mat(arena, weights, vector)
        able = bool(ggml.ggml_backend_dev_supports_op(device, product))
        ggml.ggml_backend_buffer_free(buffer)
        return able
    finally:
        ggml.ggml_free(arena)


_KINDS = ("cpu", "gpu", "igpu", "accel")
"""In the order of enum ggml_backend_dev_type (ggml-backend.h); later kinds are not used."""


def ensure_backends_loaded() -> None:
    """Load the backend libraries; once per process, before the first model."""
    load_ggml_functions()


def list_devices() -> tuple[Device, ...]:
    """Return every device, in llama.cpp's order, with the memory that is free now."""
    ggml = load_ggml_functions()
    found = []
    cards: set[str] = set()
    for index in range(ggml.ggml_backend_dev_count()):
        handle = ggml.ggml_backend_dev_get(index)
        kind = ggml.ggml_backend_dev_type(handle)
        card = _identity(ggml, handle)
        # The same card seen through two backends, as CUDA0 and Vulkan0, is one: the first.
        if kind < len(_KINDS) and card not in cards:
            cards |= {card} - {""}
            found.append(_described(ggml, handle, _KINDS[kind]))
    return tuple(found)


def skipped_backends() -> tuple[SkippedBackend, ...]:
    """Return the backends that are installed but can't be used on this machine."""
    skipped: tuple[SkippedBackend, ...] = load_ggml_functions().skipped
    return skipped


def device_handle(name: str) -> int:
    """Return llama.cpp's handle of a device. Raises EngineError when it is gone."""
    handle = load_ggml_functions().ggml_backend_dev_by_name(name.encode())
    if not handle:
        raise EngineError(ErrorCode.DEVICE_UNKNOWN, name=name)
    return int(handle)


def cpu_buffer_type() -> int:
    """Return llama.cpp's handle of plain main memory."""
    return int(load_ggml_functions().ggml_backend_cpu_buffer_type())


def choose_threads(wanted: int = 0) -> int:
    """Return the number of threads: `wanted`, else one per physical core this process may use.

    More threads than cores make llama.cpp many times slower, because its threads spin.
    """
    logical = _usable_cores()
    if wanted > 0:
        return min(wanted, logical)
    physical = psutil.cpu_count(logical=False) or logical
    return max(1, min(physical, logical))


def _described(ggml: Any, handle: int, kind: str) -> Device:  # noqa: ANN401 - functions of C
    free, total = _memory(ggml, handle, kind)
    backend = _text(ggml.ggml_backend_reg_name(ggml.ggml_backend_dev_backend_reg(handle)))
    return Device(
        name=_text(ggml.ggml_backend_dev_name(handle)),
        description=_text(ggml.ggml_backend_dev_description(handle)),
        backend=backend,
        # Apple's graphics share main memory as well, but Metal calls them a card of its own.
        kind="igpu" if kind == "gpu" and backend == "MTL" else kind,
        total=total,
        free=free,
        repacks=repacked_types(ggml, handle) if kind == "cpu" else (),
    )


def _identity(ggml: Any, handle: int) -> str:  # noqa: ANN401 - as above
    properties = GgmlDeviceProperties()
    ggml.ggml_backend_dev_get_props(handle, ctypes.byref(properties))
    return _text(properties.identity)


def _memory(ggml: Any, handle: int, kind: str) -> tuple[int, int]:  # noqa: ANN401 - as above
    """Return the free and the total bytes; of main memory llama.cpp reports all as free."""
    free, total = ctypes.c_size_t(), ctypes.c_size_t()
    ggml.ggml_backend_dev_memory(handle, ctypes.byref(free), ctypes.byref(total))
    return (available_memory() if kind == "cpu" else free.value), total.value


def _text(value: bytes | None) -> str:
    return (value or b"").decode(errors="replace").strip()


def _usable_cores() -> int:
    if sys.platform == "linux":
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
