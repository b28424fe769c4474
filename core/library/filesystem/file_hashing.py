"""File hashing: SHA-256 of a file in short steps, and checks whether it changed meanwhile."""

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

from core.base.errors import ErrorCode, LibraryError
from core.library.extractors.resource_limits import MAX_FILE_BYTES
from core.library.filesystem.folder_scanner import ScannedEntry

_HASH_BLOCK = 16 * 1024 * 1024


def hash_steps(path: Path, entry: ScannedEntry) -> Iterator[str]:
    """Yield after each block; the last value is the SHA-256. Raises LibraryError if unreadable."""
    if entry.size == 0:
        raise LibraryError(ErrorCode.FILE_EMPTY)
    if entry.size > MAX_FILE_BYTES:
        raise LibraryError(
            ErrorCode.FILE_TOO_LARGE,
            size=f"{entry.size // 2**20} MB",
            limit=f"{MAX_FILE_BYTES // 2**20} MB",
        )
    digest = hashlib.sha256()
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    flags |= getattr(os, "O_BINARY", 0)
    try:
        with os.fdopen(os.open(path, flags), "rb") as file:
            while block := file.read(_HASH_BLOCK):
                digest.update(block)
                yield digest.hexdigest()
    except OSError as error:
        raise LibraryError(ErrorCode.FILE_UNREADABLE) from error


def with_current_status(path: Path, entry: ScannedEntry) -> ScannedEntry | None:
    """Return the entry of a file with its current size and time, None if it is gone."""
    try:
        status = path.lstat()
    except OSError:
        return None if not os.path.lexists(path) else entry
    return ScannedEntry(entry.relative, status.st_size, status.st_mtime_ns)


def has_changed(path: Path, entry: ScannedEntry) -> bool:
    """Return whether size or time of a file differ from its entry."""
    try:
        status = path.lstat()
    except OSError:
        return True
    return (status.st_size, status.st_mtime_ns) != (entry.size, entry.modified_ns)
