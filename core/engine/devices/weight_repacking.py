"""Types of weights that a processor keeps a repacked copy of, found by asking its backend."""

import ctypes
from collections.abc import Iterator
from typing import Any

from core.engine.devices.ggml_functions import GgmlInitParameters
from core.gguf.llama_tables import TENSOR_TYPES

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
