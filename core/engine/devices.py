"""The processors and graphics cards llama.cpp sees, and how its backends are found."""

import ctypes
import os
import sys
from pathlib import Path

import llama_cpp
import psutil

_loaded = False


def load_backends() -> None:
    """Load the backends that lie beside llama.cpp; once per process, before the first model.

    A build with dynamic backends registers none by itself: llama-cpp-python 0.3.36 never calls
    `ggml_backend_load_all` (abetlen/llama-cpp-python#2069). The path is explicit so that nothing
    is picked up from the working directory. In a static build the call changes nothing.
    """
    global _loaded  # noqa: PLW0603 - the registry it fills is one per process as well
    if _loaded:
        return
    folder = Path(llama_cpp.__file__).parent / "lib"
    library = (
        ctypes.CDLL(str(folder / "ggml.dll"))
        if sys.platform == "win32"
        else llama_cpp.llama_cpp._lib  # noqa: SLF001 - the binding exports no other handle
    )
    library.ggml_backend_dev_count.restype = ctypes.c_size_t
    if library.ggml_backend_dev_count() == 0:
        library.ggml_backend_load_all_from_path.argtypes = [ctypes.c_char_p]
        library.ggml_backend_load_all_from_path.restype = None
        library.ggml_backend_load_all_from_path(os.fsencode(folder))
    llama_cpp.llama_backend_init()
    _loaded = True


def choose_threads(wanted: int = 0) -> int:
    """Return how many threads decode: as `wanted`, else one per physical core this process may use.

    More threads than cores make llama.cpp many times slower, because its threads spin.
    """
    logical = _usable_cores()
    if wanted > 0:
        return min(wanted, logical)
    physical = psutil.cpu_count(logical=False) or logical
    return max(1, min(physical, logical))


def _usable_cores() -> int:
    if sys.platform == "linux":
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
