"""Copy of a model into the app's own folder: complete under its name, or not there at all."""

import contextlib
import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path

from core.base.errors import ErrorCode, ModelError, StorageError, storage_error_from_os
from core.models.info.model_facts import display_path, read_stamp

PIECE = 8 << 20
TELL_SECONDS = 0.2
SUFFIX = ".copying"
"""Not what a fetch calls its half files: both may be at work on one name."""
SPARE = 256 << 20
"""Bytes that stay free on the disk: databases need room too."""

Tell = Callable[[tuple[int, int]], None]


def copy_model_files(
    files: tuple[Path, ...], folder: Path, tell: Tell, check: Callable[[], None]
) -> Path:
    """Copy all files of a model; return where the first one lies now.

    Raises ModelError or StorageError, and leaves nothing behind then; so does what `check` raises.
    """
    targets = [folder / file.name for file in files]
    for target in targets:
        if target.exists():
            raise ModelError(ErrorCode.MODEL_COPY_EXISTS, file=target.name)
    sizes = [_size(file) for file in files]
    total = sum(sizes)
    if shutil.disk_usage(folder).free < total + SPARE:
        raise StorageError(ErrorCode.DISK_FULL, path=str(folder))
    made: list[Path] = []
    try:
        done = 0
        for file, target, size in zip(files, targets, sizes, strict=True):
            partial = target.with_name(target.name + SUFFIX)
            made.append(partial)
            _copy(file, partial, (done, total), tell, check)
            done += size
        for target in reversed(targets):  # a model is listed by its first part: it comes last
            target.with_name(target.name + SUFFIX).replace(target)
            made.append(target)
    except OSError as error:
        _remove(made)
        raise storage_error_from_os(error, str(folder)) from error
    except BaseException:
        _remove(made)
        raise
    return targets[0]


def _copy(
    file: Path, target: Path, way: tuple[int, int], tell: Tell, check: Callable[[], None]
) -> None:
    before = read_stamp(file)
    (done, total), told = way, time.monotonic()
    with file.open("rb", buffering=0) as source, target.open("wb", buffering=0) as sink:
        while piece := source.read(PIECE):
            check()
            sink.write(piece)
            done += len(piece)
            if time.monotonic() - told >= TELL_SECONDS:
                told = time.monotonic()
                tell((done, total))
        os.fsync(sink.fileno())
    if read_stamp(file) != before:
        raise ModelError(ErrorCode.MODEL_CHANGING, file=file.name)


def _size(file: Path) -> int:
    try:
        return file.stat().st_size
    except OSError as error:
        raise ModelError(ErrorCode.MODEL_GONE, path=display_path(file)) from error


def _remove(files: list[Path]) -> None:
    for file in files:
        with contextlib.suppress(OSError):
            file.unlink(missing_ok=True)
