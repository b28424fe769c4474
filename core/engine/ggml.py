"""The functions of ggml's device list that llama-cpp-python leaves out, with their signatures."""

import ctypes
import os
import sys
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import llama_cpp


class InitParameters(ctypes.Structure):
    """ggml_init_params of ggml.h: where tensors are described, and that they get no memory."""

    _fields_ = (
        ("mem_size", ctypes.c_size_t),
        ("mem_buffer", ctypes.c_void_p),
        ("no_alloc", ctypes.c_bool),
    )


_POINTER, _TEXT, _SIZE, _INT = ctypes.c_void_p, ctypes.c_char_p, ctypes.c_size_t, ctypes.c_int
_SIGNATURES: dict[str, tuple[Any, list[Any]]] = {
    # ggml-backend.h
    "ggml_backend_load_all_from_path": (None, [_TEXT]),
    "ggml_backend_dev_count": (_SIZE, []),
    "ggml_backend_dev_get": (_POINTER, [_SIZE]),
    "ggml_backend_dev_by_name": (_POINTER, [_TEXT]),
    "ggml_backend_dev_name": (_TEXT, [_POINTER]),
    "ggml_backend_dev_description": (_TEXT, [_POINTER]),
    "ggml_backend_dev_type": (_INT, [_POINTER]),
    "ggml_backend_dev_memory": (None, [_POINTER, _POINTER, _POINTER]),
    "ggml_backend_dev_backend_reg": (_POINTER, [_POINTER]),
    "ggml_backend_dev_supports_op": (ctypes.c_bool, [_POINTER, _POINTER]),
    "ggml_backend_reg_name": (_TEXT, [_POINTER]),
    "ggml_backend_reg_get_proc_address": (_POINTER, [_POINTER, _TEXT]),
    "ggml_backend_cpu_buffer_type": (_POINTER, []),
    "ggml_backend_buffer_free": (None, [_POINTER]),
    # ggml-alloc.h
    "ggml_backend_alloc_ctx_tensors_from_buft": (_POINTER, [_POINTER, _POINTER]),
    # ggml.h
    "ggml_init": (_POINTER, [InitParameters]),
    "ggml_free": (None, [_POINTER]),
    "ggml_new_tensor_2d": (_POINTER, [_POINTER, _INT, ctypes.c_int64, ctypes.c_int64]),
    "ggml_mul_mat": (_POINTER, [_POINTER, _POINTER, _POINTER]),
}


@cache
def functions() -> Any:  # noqa: ANN401 - functions of C, each typed by its signature above
    """Return the functions by name, after loading the backends that lie beside llama.cpp.

    A build with dynamic backends registers none by itself: llama-cpp-python 0.3.36 never calls
    `ggml_backend_load_all` (abetlen/llama-cpp-python#2069). The path is explicit so that nothing
    is picked up from the working directory. In a static build there is nothing to load.
    """
    folder = Path(llama_cpp.__file__).parent / "lib"
    found = SimpleNamespace()
    libraries = _libraries(folder)
    for name, (result, arguments) in _SIGNATURES.items():
        function = next(getattr(library, name) for library in libraries if hasattr(library, name))
        function.restype, function.argtypes = result, arguments
        setattr(found, name, function)
    if found.ggml_backend_dev_count() == 0:
        found.ggml_backend_load_all_from_path(os.fsencode(folder))
    llama_cpp.llama_backend_init()
    return found


def _libraries(folder: Path) -> list[ctypes.CDLL]:
    """Return where to look. Not the binding's own handle of ggml.

    A wheel holds copies of it, and each copy has its own list of devices. Only on Windows a
    library's dependencies aren't searched with it.
    """
    if sys.platform == "win32":
        return [ctypes.CDLL(str(folder / name)) for name in ("ggml.dll", "ggml-base.dll")]
    return [llama_cpp.llama_cpp._lib]  # noqa: SLF001 - the binding exports no other handle
