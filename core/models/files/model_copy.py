"""Copy of a model into the app's own folder: complete under its name, or not there at all."""

import contextlib
import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path

from core.base.atomic_write import replace_file
from core.base.errors import ErrorCode, ModelError, StorageError, storage_error_from_os
from core.base.private_files import open_private
from core.models.files.byte_progress import REPORT_SECONDS, ByteProgress, ReportBytes
from core.models.info.model_facts import display_path, read_stamp

PIECE = 8 << 20
"""Bytes that are copied at once."""
SUFFIX = ".copying"
"""Ending of an unfinished copy. A download has another: both may write a file of one name."""
SPARE = 256 << 20
"""Bytes that stay free on the disk: databases need space too."""


def copy_model_files(
    files: tuple[Path, ...], folder: Path, report: ReportBytes, check: Callable[[], None]
) -> Path:
    """Copy all files of a model; return the path of the first copy. `check` raises to stop.

    Raises ModelError or StorageError; whatever is raised, nothing is left behind.
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
            _copy(file, partial, ByteProgress(done, total), report, check)
            done += size
        for target in reversed(targets):  # a model is listed by its first part: it comes last
            replace_file(target.with_name(target.name + SUFFIX), target)
            made.append(target)
    except OSError as error:
        _remove(made)
        raise storage_error_from_os(error, str(folder)) from error
    except BaseException:
        _remove(made)
        raise
    return targets[0]


def remove_unfinished_copies(folder: Path) -> None:
    """Delete what a copy left that was killed. Only the owner of the folder may call it."""
    _remove(list(folder.glob(f"*{SUFFIX}")))


def _copy(
    file: Path,
    target: Path,
    progress: ByteProgress,
    report: ReportBytes,
    check: Callable[[], None],
) -> None:
    """Copy one file; `progress` counts the files that are copied already."""
    before = read_stamp(file)
    (done, total), reported = progress, time.monotonic()
    with (
        file.open("rb", buffering=0) as source,
        open(target, "wb", buffering=0, opener=open_private) as sink,
    ):
        while piece := source.read(PIECE):
            check()
            sink.write(piece)
            done += len(piece)
            if time.monotonic() - reported >= REPORT_SECONDS:
                reported = time.monotonic()
                report(ByteProgress(done, total))
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
