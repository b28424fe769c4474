"""Atomic file writes: after a crash the old content or the new one is there, never a mix."""

import contextlib
import os
import time
from pathlib import Path

from core.base.errors import storage_error_from_os
from core.base.private_files import open_private

_HELD = {5, 32, 33}
"""Windows' errors for a file that another program has open, an antivirus scanner say: access
denied, sharing violation, lock violation."""
_PAUSES = (0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 0.8, 1.0)
"""Seconds between tries; three in all, since a scanner lets go of a small file sooner."""


def replace_file(source: Path, target: Path) -> None:
    """Put `source` in the place of `target`, at once or not at all.

    On Windows a file that another program holds is tried again for some seconds. Raises OSError.
    """
    for pause in _PAUSES:
        try:
            source.replace(target)
        except OSError as error:
            if getattr(error, "winerror", None) not in _HELD:
                raise
            time.sleep(pause)
        else:
            return
    source.replace(target)


def write_atomically(path: Path, *parts: bytes | bytearray, private: bool = False) -> None:
    """Replace the content of `path` by `parts`, on disk when it returns. Raises StorageError.

    `private`: only its owner may read the file; else the rights are those of any new file.
    A link stays one: what it leads to is replaced.
    """
    if path.is_symlink():
        path = Path(os.path.realpath(path))
    partial = path.with_name(path.name + ".part")
    try:
        if private:
            partial.unlink(missing_ok=True)  # one that was left may have other rights
        with open(partial, "wb", opener=open_private if private else None) as file:
            file.writelines(parts)
            file.flush()
            os.fsync(file.fileno())
        replace_file(partial, path)
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
