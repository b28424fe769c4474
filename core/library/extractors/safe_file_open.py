"""Safe file opening: regular files only, within the size limit."""

import errno
import os
import stat
from typing import BinaryIO, TypeAlias

from core.base.errors import ErrorCode, LibraryError
from core.ipc.file_passing import receive_file
from core.library.extractors.resource_limits import MAX_FILE_BYTES

FileStamp: TypeAlias = tuple[str, int, int, int]
"""Path, device, inode, size and time of a file; another for another file or a changed one."""


def open_descriptor(path: str) -> int:
    """Open a file without waiting; a link put in its place is not followed. Raises LibraryError."""
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    flags |= getattr(os, "O_BINARY", 0)
    try:
        return os.open(path, flags)
    except OSError as error:
        code = ErrorCode.FILE_LINK if error.errno == errno.ELOOP else ErrorCode.FILE_UNREADABLE
        raise LibraryError(code) from error


def open_file(path: str) -> tuple[BinaryIO, FileStamp]:
    """Return the file that the parent passed, or open the one at `path`: regular files only.

    Raises LibraryError.
    """
    descriptor = receive_file()
    if descriptor is None:
        descriptor = open_descriptor(path)
    file = os.fdopen(descriptor, "rb")
    status = os.fstat(descriptor)
    try:
        _check(status)
    except LibraryError:
        file.close()
        raise
    return file, (path, status.st_ino, status.st_size, status.st_mtime_ns)


def read_file_bytes(path: str) -> bytes:
    """Return a regular file's bytes. Raises LibraryError."""
    return read_and_close(open_file(path)[0])


def read_and_close(file: BinaryIO) -> bytes:
    """Return the bytes of an opened file and close it. Raises LibraryError."""
    with file:
        try:
            data = file.read(MAX_FILE_BYTES)
        except OSError as error:
            raise LibraryError(ErrorCode.FILE_UNREADABLE) from error
    if not data:
        raise LibraryError(ErrorCode.FILE_EMPTY)
    return data


def _check(status: os.stat_result) -> None:
    if not stat.S_ISREG(status.st_mode):
        raise LibraryError(ErrorCode.FILE_SPECIAL)
    if status.st_size > MAX_FILE_BYTES:
        raise LibraryError(
            ErrorCode.FILE_TOO_LARGE,
            size=f"{status.st_size // 2**20} MB",
            limit=f"{MAX_FILE_BYTES // 2**20} MB",
        )
