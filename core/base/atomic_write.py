"""Atomic file writes: after a crash the old content or the new one is there, never a mix."""

import contextlib
import os
from pathlib import Path

from core.base.errors import storage_error_from_os


def write_atomically(path: Path, *parts: bytes | bytearray) -> None:
    """Replace the content of `path` by `parts`, on disk when it returns. Raises StorageError."""
    partial = path.with_name(path.name + ".part")
    try:
        with partial.open("wb") as file:
            for part in parts:
                file.write(part)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
        _sync_folder(path.parent)
    except OSError as error:
        with contextlib.suppress(OSError):
            partial.unlink(missing_ok=True)  # on a full disk it would keep the last free blocks
        raise storage_error_from_os(error, str(path)) from error


def _sync_folder(folder: Path) -> None:
    if os.name == "nt":
        return  # Windows has no such call; NTFS orders the rename itself
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
