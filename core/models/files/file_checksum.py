"""SHA-256 checksum of a file that may change meanwhile, or vanish with its drive."""

import hashlib
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from core.base.errors import ErrorCode, ModelError
from core.models.info.model_facts import FileStamp, display_path, read_stamp

PIECE = 4 << 20
TELL_SECONDS = 0.2


class FileChecksum(NamedTuple):
    """The SHA-256 of the very file that `stamp` tells."""

    path: str
    stamp: FileStamp
    sha256: str


def compute_checksum(
    path: Path, tell: Callable[[tuple[int, int]], None], check: Callable[[], None]
) -> FileChecksum:
    """Read the whole file. `tell` gets the bytes read and all of them; `check` raises to stop.

    Raises ModelError when the file is gone, can't be read, or is not the same at the end.
    """
    try:
        before = read_stamp(path)
        digest = _read(path, before.size, tell, check)
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


def _read(
    path: Path, size: int, tell: Callable[[tuple[int, int]], None], check: Callable[[], None]
) -> str:
    digest = hashlib.sha256()
    done, told = 0, time.monotonic()
    with path.open("rb", buffering=0) as file:
        while piece := file.read(PIECE):
            check()
            digest.update(piece)
            done += len(piece)
            if done > size:
                raise ModelError(ErrorCode.MODEL_CHANGING, file=path.name)
            if time.monotonic() - told >= TELL_SECONDS:
                told = time.monotonic()
                tell((done, size))
    return digest.hexdigest()
