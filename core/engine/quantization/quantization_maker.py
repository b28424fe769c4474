"""Making of a smaller quantization by llama.cpp, and the header it would have.

The file is written under another name, checked like any file from outside, flushed to the disk, and
only then renamed: if the process ends, there is a complete file or none.
"""

import contextlib
import ctypes
import os
import re
import shutil
import time
from collections.abc import Callable
from math import prod
from pathlib import Path
from typing import Any

import llama_cpp
from msgspec import structs

from core import gguf
from core.base.atomic_write import replace_file
from core.base.errors import ErrorCode, InglenookError, ModelError, StorageError
from core.base.i18n import _
from core.engine.devices.device_list import choose_threads, ensure_backends_loaded
from core.engine.llama import llama_log
from core.engine.quantization.importance_matrix import ColumnWeights, read_importance_matrix
from core.gguf import GgufHeader, TensorInfo
from core.gguf.llama_tables import FILE_TYPES, TENSOR_TYPES
from core.ipc.channel import ParentGone
from core.messages import ModelQuantized, Quantize

Progress = Callable[[int, int, str], None]
"""The number of the current tensor, the number of all, and the name of the current one."""

_BUFFER_BYTES = 512 << 20
"""Rows of a tensor that are in memory at once."""
_ALIGNMENT = 32  # GGUF_DEFAULT_ALIGNMENT, which llama.cpp writes with
_FULL_BYTES = 1 << 20
"""A disk with less free space counts as full."""
_WARNING, _ERROR = 3, 4
_TENSOR = re.compile(r"^\[ *(\d+)/ *(\d+)\] +(\S+)")
_NEW_TYPE = re.compile(r"-> +[\d.]+ MiB \((\w+)\)")
_TYPE_IDS = {type_.label.lower(): id_ for id_, type_ in TENSOR_TYPES.items()}


class _Listener:
    """Reads llama.cpp's log while it quantizes: progress, tensor types, and the last warning."""

    def __init__(self, progress: Progress | None = None) -> None:
        self.types: dict[str, int] = {}
        self.complaint = ""
        self.lacks_matrix = False
        self._progress = progress
        self._name = ""
        self.callback = llama_cpp.llama_log_callback(self._on_log_line)

    def _on_log_line(self, level: int, text: bytes, _data: ctypes.c_void_p) -> None:
        line = text.decode(errors="replace")
        if found := _TENSOR.match(line):
            self._name = found[3]
            if self._progress:
                with contextlib.suppress(ParentGone):  # the next send raises it again
                    self._progress(int(found[1]), int(found[2]), self._name)
        if found := _NEW_TYPE.search(line):
            self.types[self._name] = _TYPE_IDS[found[1].lower()]
        if level in {_WARNING, _ERROR} and line.strip(" =\n"):
            self.complaint = line.strip()
            self.lacks_matrix |= "imatrix" in line or "importance matrix" in line


def predict_header(path: Path, header: GgufHeader, file_type: int) -> tuple[GgufHeader, bool]:
    """Return the header of a quantization of `header`'s model, and whether it lacks a matrix.

    llama.cpp decides the types in a dry run; nothing is written. Raises ModelError.
    """
    listener = _Listener()
    parameters = _parameters(file_type, threads=1)
    parameters.dry_run = True
    if _quantize(path, Path(os.devnull), parameters, listener) != 0:
        raise _failed(path, path, FILE_TYPES.get(file_type, ""), listener)
    offset, tensors = header.data_offset, []
    for tensor in header.tensors:
        type_id = listener.types.get(tensor.name, tensor.type_id)
        type_ = TENSOR_TYPES[type_id]
        count = tensor.size // TENSOR_TYPES[tensor.type_id].size
        size = count * TENSOR_TYPES[tensor.type_id].block // type_.block * type_.size
        tensors.append(TensorInfo(tensor.name, tensor.shape, type_id, offset, size))
        offset += -(-size // _ALIGNMENT) * _ALIGNMENT
    metadata = {**header.metadata, "general.file_type": file_type}
    made = structs.replace(
        header, metadata=metadata, tensors=tuple(tensors), size=offset, later_parts=()
    )
    return made, listener.lacks_matrix


def make_quantization(request: Quantize, progress: Progress) -> ModelQuantized:
    """Quantize a file. Raises ModelError or StorageError, and leaves no unfinished file."""
    started = time.perf_counter()
    source, partial, target = (Path(request.path), Path(request.partial), Path(request.target))
    header = gguf.read_header(source)
    gguf.check_architecture(header, anyway=True)
    matrix = _matrix(Path(request.matrix), header) if request.matrix else {}
    if target.exists():
        raise ModelError(ErrorCode.LEVEL_THERE, path=str(target))
    listener = _Listener(progress)
    parameters = _parameters(request.file_type, threads=request.threads)
    entries = _native(matrix)
    if matrix:
        parameters.imatrix = entries
    try:
        if _quantize(source, partial, parameters, listener) != 0:
            raise _failed(source, partial, request.level, listener)
        size = _finish(partial, target)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise
    seconds = time.perf_counter() - started
    return ModelQuantized(
        request_id=request.request_id, path=str(target), bytes=size, seconds=seconds
    )


def _matrix(path: Path, header: GgufHeader) -> ColumnWeights:
    """Read an importance matrix of this model. Raises ModelError(MATRIX_REFUSED)."""
    matrix = read_importance_matrix(path)
    for tensor in header.tensors:
        weights = matrix.get(tensor.name)
        if weights is not None and weights.size != tensor.shape[0] * prod(tensor.shape[2:]):
            break
    else:
        if any(tensor.name in matrix for tensor in header.tensors):
            return matrix
    detail = _("it was made for another model")
    raise ModelError(ErrorCode.MATRIX_REFUSED, file=path.name, detail=detail)


def _finish(partial: Path, target: Path) -> int:
    """Check the file, flush it to the disk and rename it; returns its size in bytes."""
    size = gguf.read_header(partial).size
    try:
        with partial.open("r+b") as file:
            os.fsync(file.fileno())
        replace_file(partial, target)
        if os.name != "nt":
            folder = os.open(target.parent, os.O_RDONLY)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)
    except OSError as error:
        detail = error.strerror or str(error)
        raise StorageError(ErrorCode.ROOT_UNWRITABLE, path=str(target), detail=detail) from error
    return size


def _quantize(
    source: Path,
    target: Path,
    parameters: llama_cpp.llama_model_quantize_params,
    listener: _Listener,
) -> int:
    ensure_backends_loaded()
    llama_cpp.llama_log_set(listener.callback, ctypes.c_void_p(0))
    try:
        return int(
            llama_cpp.llama_model_quantize(
                os.fsencode(source), os.fsencode(target), ctypes.byref(parameters)
            )
        )
    finally:
        llama_log.start_capture()  # the listener is deleted, so nothing may call it


def _parameters(file_type: int, *, threads: int) -> llama_cpp.llama_model_quantize_params:
    parameters = llama_cpp.llama_model_quantize_default_params()
    parameters.ftype = file_type
    parameters.nthread = choose_threads(threads)
    parameters.allow_requantize = True  # the person was warned before
    parameters.max_buf_size = _BUFFER_BYTES
    return parameters


def _native(matrix: ColumnWeights) -> Any:  # noqa: ANN401 - an array of C structures
    """Return the matrix as a C array, which ends with an entry without a name."""
    entries = (llama_cpp.llama_model_imatrix_data * (len(matrix) + 1))()
    for entry, (name, weights) in zip(entries, matrix.items(), strict=False):
        entry.name = name.encode()
        entry.data = weights.ctypes.data_as(ctypes.POINTER(ctypes.c_float))
        entry.size = weights.size
    return entries


def _failed(source: Path, partial: Path, level: str, listener: _Listener) -> InglenookError:
    if listener.lacks_matrix:
        return ModelError(ErrorCode.LEVEL_NEEDS_MATRIX, level=level)
    if shutil.disk_usage(partial.parent).free < _FULL_BYTES:
        return StorageError(ErrorCode.DISK_FULL, path=str(partial.parent))
    detail = listener.complaint or _("it gave no reason")
    return ModelError(ErrorCode.QUANTIZE_FAILED, file=source.name, level=level, detail=detail)
