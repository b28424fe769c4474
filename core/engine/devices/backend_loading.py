"""Loading of llama.cpp's backend libraries, and the reasons why some are skipped.

A build with dynamic backends registers none by itself, and llama-cpp-python 0.3.36 never calls
`ggml_backend_load_all` (abetlen/llama-cpp-python#2069). That function would also search the working
directory and report no reason for what it skips, so each file is loaded here by its full path.
"""

import ctypes
import logging
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from core.engine.devices.backend_packs import (
    PACKS_VARIABLE,
    PROCESSOR_VARIABLE,
    BackendPackStore,
)
from core.messages.planner_messages import SkippedBackend

_PREFIX, _SUFFIX = {
    "win32": ("ggml-", ".dll"),
    "darwin": ("libggml-", ".so"),  # modules end so on macOS too
}.get(sys.platform, ("libggml-", ".so"))
_NO_BACKENDS = frozenset({"base"})
_PROCESSOR = "cpu"
_NAMES = {"cuda": "CUDA", "hip": "ROCm", "vulkan": "Vulkan", "metal": "MTL", "sycl": "SYCL"}
_log = logging.getLogger(__name__)


def load_backend_files(ggml: Any, folder: Path) -> tuple[SkippedBackend, ...]:  # noqa: ANN401 - functions of C
    """Load every backend this machine can use, once per process; return those it can't."""
    skipped: list[SkippedBackend] = []
    if os.environ.get(PROCESSOR_VARIABLE) == "1":
        skipped += [SkippedBackend(backend=_name(path), reason="off") for path in _graphics(folder)]
    else:
        skipped += _load_packs(ggml)
        for path in _graphics(folder):
            skipped += _load(ggml, path)
    best = _best_processor(folder)
    if best is not None:
        skipped += _load(ggml, best)
    for each in skipped:
        _log.info("backend %s is skipped: %s %s", each.backend, each.reason, each.detail)
    return tuple(skipped)


def _load_packs(ggml: Any) -> Iterator[SkippedBackend]:  # noqa: ANN401 - as above
    """Load installed packs; the libraries of a pack for another ggml version are not opened."""
    root = os.environ.get(PACKS_VARIABLE)
    if not root:
        return
    version = (ggml.ggml_version() or b"").decode()
    for pack in BackendPackStore(Path(root)).installed_packs():
        if pack.about.ggml != version:
            detail = f"{pack.about.ggml} {version}"
            yield SkippedBackend(backend=pack.about.name, reason="pack", detail=detail)
            continue
        for path in _graphics(pack.folder):
            yield from _load(ggml, path)


def _load(ggml: Any, path: Path) -> Iterator[SkippedBackend]:  # noqa: ANN401 - as above
    """Load one library; yields the reason if it can't be used."""
    try:
        library = ctypes.CDLL(str(path))
    except OSError as error:  # a driver's library is missing, which only the linker names
        yield SkippedBackend(backend=_name(path), reason="library", detail=_one_line(error))
        return
    if not _score(library):
        yield SkippedBackend(backend=_name(path), reason="machine")
        return
    registry = ggml.ggml_backend_load(os.fsencode(path))
    if not registry:
        yield SkippedBackend(backend=_name(path), reason="refused")
    elif ggml.ggml_backend_reg_dev_count(registry) == 0:
        yield SkippedBackend(backend=_name(path), reason="no_device")


def _best_processor(folder: Path) -> Path | None:
    """Return the variant for the newest instruction set of this processor."""
    scores = {
        path: _score(ctypes.CDLL(str(path)))
        for path in _files(folder)
        if _kind(path).startswith(_PROCESSOR)
    }
    return max(scores, key=lambda path: scores[path], default=None)


def _score(library: ctypes.CDLL) -> int:
    """Return the score that a backend gives itself here, 0: unusable; most give none (1)."""
    function = getattr(library, "ggml_backend_score", None)
    return int(function()) if function else 1


def _graphics(folder: Path) -> list[Path]:
    return [path for path in _files(folder) if not _kind(path).startswith(_PROCESSOR)]


def _files(folder: Path) -> list[Path]:
    found = folder.glob(f"{_PREFIX}*{_SUFFIX}")
    return sorted(path for path in found if _kind(path) not in _NO_BACKENDS)


def _kind(path: Path) -> str:
    return path.name.removeprefix(_PREFIX).removesuffix(_SUFFIX)


def _name(path: Path) -> str:
    kind = _kind(path)
    return _NAMES.get(kind, kind)


def _one_line(error: OSError) -> str:
    """Return the linker's message; in a frozen program PyInstaller wraps it in its own error."""
    return " ".join(str(error.__cause__ or error).split())
