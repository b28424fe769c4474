"""Computes the SHA-256 of a file that may change meanwhile, or be on a drive that goes away."""

import hashlib
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from core.errors import Code, ModelError
from core.models.facts import Stamp, shown_path, stamp_of

PIECE = 4 << 20
TELL_SECONDS = 0.2


class Summed(NamedTuple):
    """The SHA-256 of the very file that `stamp` tells."""

    path: str
    stamp: Stamp
    sha256: str


def checksum(
    path: Path, tell: Callable[[tuple[int, int]], None], check: Callable[[], None]
) -> Summed:
    """Read the whole file. `tell` gets the bytes read and all of them; `check` raises to stop.

    Raises ModelError when the file is gone, can't be read, or is not the same at the end.
    """
    try:
        before = stamp_of(path)
        digest = _read(path, before.size, tell, check)
        after = stamp_of(path)
    except FileNotFoundError as error:
        raise ModelError(Code.MODEL_GONE, path=shown_path(path)) from error
    except OSError as error:
        detail = error.strerror or str(error)
        raise ModelError(Code.MODEL_UNREADABLE, path=shown_path(path), detail=detail) from error
    if before != after:
        raise ModelError(Code.MODEL_CHANGING, file=path.name)
    return Summed(str(path), after, digest)


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
                raise ModelError(Code.MODEL_CHANGING, file=path.name)
            if time.monotonic() - told >= TELL_SECONDS:
                told = time.monotonic()
                tell((done, size))
    return digest.hexdigest()
