"""Functions of ggml that llama-cpp-python leaves out, with their C signatures."""

import ctypes
import sys
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import llama_cpp

from core.engine.devices.backend_loading import load_backend_files


class GgmlDeviceProperties(ctypes.Structure):
    """ggml_backend_dev_props of ggml-backend.h; `identity` is a card's place on the PCI bus."""

    _fields_ = (
        ("name", ctypes.c_char_p),
        ("description", ctypes.c_char_p),
        ("memory_free", ctypes.c_size_t),
        ("memory_total", ctypes.c_size_t),
        ("type", ctypes.c_int),
        ("identity", ctypes.c_char_p),
        ("capabilities", ctypes.c_bool * 8),
    )


class GgmlInitParameters(ctypes.Structure):
    """ggml_init_params of ggml.h."""

    _fields_ = (
        ("mem_size", ctypes.c_size_t),
        ("mem_buffer", ctypes.c_void_p),
        ("no_alloc", ctypes.c_bool),
    )


_POINTER, _TEXT, _SIZE, _INT = ctypes.c_void_p, ctypes.c_char_p, ctypes.c_size_t, ctypes.c_int
_LONG = ctypes.c_int64
_SIGNATURES: dict[str, tuple[Any, list[Any]]] = {
    # ggml-backend.h
    "ggml_backend_load": (_POINTER, [_TEXT]),
    "ggml_backend_dev_count": (_SIZE, []),
    "ggml_backend_dev_get": (_POINTER, [_SIZE]),
    "ggml_backend_dev_by_name": (_POINTER, [_TEXT]),
    "ggml_backend_dev_name": (_TEXT, [_POINTER]),
    "ggml_backend_dev_description": (_TEXT, [_POINTER]),
    "ggml_backend_dev_type": (_INT, [_POINTER]),
    "ggml_backend_dev_get_props": (None, [_POINTER, _POINTER]),
    "ggml_backend_dev_memory": (None, [_POINTER, _POINTER, _POINTER]),
    "ggml_backend_dev_backend_reg": (_POINTER, [_POINTER]),
    "ggml_backend_dev_supports_op": (ctypes.c_bool, [_POINTER, _POINTER]),
    "ggml_backend_reg_name": (_TEXT, [_POINTER]),
    "ggml_backend_reg_dev_count": (_SIZE, [_POINTER]),
    "ggml_backend_reg_get_proc_address": (_POINTER, [_POINTER, _TEXT]),
    "ggml_backend_cpu_buffer_type": (_POINTER, []),
    "ggml_backend_buffer_free": (None, [_POINTER]),
    "ggml_backend_buffer_clear": (None, [_POINTER, ctypes.c_uint8]),
    "ggml_backend_dev_buffer_type": (_POINTER, [_POINTER]),
    "ggml_backend_dev_init": (_POINTER, [_POINTER, _TEXT]),
    "ggml_backend_free": (None, [_POINTER]),
    "ggml_backend_tensor_set": (None, [_POINTER, _POINTER, _SIZE, _SIZE]),
    "ggml_backend_graph_compute": (_INT, [_POINTER, _POINTER]),
    # ggml-alloc.h
    "ggml_backend_alloc_ctx_tensors_from_buft": (_POINTER, [_POINTER, _POINTER]),
    # ggml.h
    "ggml_version": (_TEXT, []),
    "ggml_init": (_POINTER, [GgmlInitParameters]),
    "ggml_free": (None, [_POINTER]),
    "ggml_new_tensor_2d": (_POINTER, [_POINTER, _INT, _LONG, _LONG]),
    "ggml_new_tensor_3d": (_POINTER, [_POINTER, _INT, _LONG, _LONG, _LONG]),
    "ggml_view_3d": (
        _POINTER,
        [_POINTER, _POINTER, _LONG, _LONG, _LONG, _SIZE, _SIZE, _SIZE],
    ),
    "ggml_permute": (_POINTER, [_POINTER, _POINTER, _INT, _INT, _INT, _INT]),
    "ggml_cont_2d": (_POINTER, [_POINTER, _POINTER, _LONG, _LONG]),
    "ggml_mul_mat": (_POINTER, [_POINTER, _POINTER, _POINTER]),
    "ggml_prec_set_acc": (ctypes.c_bool, [_POINTER, _INT]),
    "ggml_soft_max_ext": (
        _POINTER,
        [_POINTER, _POINTER, _POINTER, ctypes.c_float, ctypes.c_float],
    ),
    "ggml_flash_attn_ext": (_POINTER, [_POINTER] * 5 + [ctypes.c_float] * 3),
    "ggml_new_graph": (_POINTER, [_POINTER]),
    "ggml_build_forward_expand": (None, [_POINTER, _POINTER]),
}


@cache
def load_ggml_functions() -> Any:  # noqa: ANN401 - functions of C, each typed by its signature above
    """Return the functions by name, after loading the backend libraries.

    `skipped` holds the backends that can't be used here. In a static build, which has devices from
    the start, there is nothing to load.
    """
    folder = Path(llama_cpp.__file__).parent / "lib"
    found = SimpleNamespace()
    libraries = _libraries(folder)
    for name, (result, arguments) in _SIGNATURES.items():
        function = next(getattr(library, name) for library in libraries if hasattr(library, name))
        function.restype, function.argtypes = result, arguments
        setattr(found, name, function)
    static = found.ggml_backend_dev_count() > 0
    found.skipped = () if static else load_backend_files(found, folder)
    llama_cpp.llama_backend_init()
    return found


def _libraries(folder: Path) -> list[ctypes.CDLL]:
    """Return the libraries to search. Not the binding's own handle of ggml.

    A wheel contains copies of ggml, and each copy has its own list of devices. On Windows, a
    lookup doesn't search a library's dependencies.
    """
    if sys.platform == "win32":
        return [ctypes.CDLL(str(folder / name)) for name in ("ggml.dll", "ggml-base.dll")]
    return [llama_cpp.llama_cpp._lib]  # noqa: SLF001 - the binding exports no other handle
