"""SHA-256 checksum of a file that may change meanwhile, or vanish with its drive."""

import hashlib
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from core.base.errors import ErrorCode, ModelError
from core.models.files.byte_progress import REPORT_SECONDS, ByteProgress, ReportBytes
from core.models.info.model_facts import FileStamp, display_path, read_stamp

PIECE = 4 << 20
"""Bytes that are read at once."""


class FileChecksum(NamedTuple):
    """The SHA-256 of a file as it was at the size and time of `stamp`."""

    path: str
    stamp: FileStamp
    sha256: str


def compute_checksum(path: Path, report: ReportBytes, check: Callable[[], None]) -> FileChecksum:
    """Read the whole file. `check` raises to stop.

    Raises ModelError when the file is gone, can't be read, or is not the same at the end.
    """
    try:
        before = read_stamp(path)
        digest = _read(path, before.size, report, check)
        after = read_stamp(path)
    except FileNotFoundError as error:
        raise ModelError(ErrorCode.MODEL_GONE, path=display_path(path)) from error
    except OSError as error:
        detail = error.strerror or str(error)
        raise ModelError(
            ErrorCode.MODEL_UNREADABLE, path=display_path(path), detail=detail
        ) from error
    if before != after:
        raise ModelError(ErrorCode.MODEL_CHANGING, file=path.name)
    return FileChecksum(str(path), after, digest)


def _read(path: Path, size: int, report: ReportBytes, check: Callable[[], None]) -> str:
    digest = hashlib.sha256()
    done, reported = 0, time.monotonic()
    with path.open("rb", buffering=0) as file:
        while piece := file.read(PIECE):
            check()
            digest.update(piece)
            done += len(piece)
            if done > size:
                raise ModelError(ErrorCode.MODEL_CHANGING, file=path.name)
            if time.monotonic() - reported >= REPORT_SECONDS:
                reported = time.monotonic()
                report(ByteProgress(done, size))
    return digest.hexdigest()
