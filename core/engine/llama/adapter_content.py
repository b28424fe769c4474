"""Adapter content: a file that llama.cpp can read, of an adapter that may be encrypted."""

import contextlib
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from core.base.data_files import read_data_file
from core.base.data_key import MARK, is_encrypted
from core.base.errors import storage_error_from_os

PLAIN_PREFIX = "inglenook-adapter-"
"""Begins the names of plain files; the id of the process that made one follows."""
CLOCK_STEP_SECONDS = 2.0
"""Times of files are kept in steps of up to two seconds (FAT)."""


@contextlib.contextmanager
def readable_adapter(path: str) -> Iterator[str]:
    """Yield the path of the plain adapter, for as long as it is loaded.

    An encrypted one, which was trained here, is never on a disk on Linux. Elsewhere it is a file of
    the child's own for that moment, in a folder that it alone writes into. Raises StorageError.
    """
    with Path(path).open("rb") as file:
        beginning = file.read(len(MARK))
    if not is_encrypted(beginning):
        yield path
    elif sys.platform == "linux":
        descriptor = os.memfd_create("adapter")
        try:
            with os.fdopen(descriptor, "wb", closefd=False) as memory:
                memory.write(read_data_file(Path(path)))
            yield f"/proc/self/fd/{descriptor}"
        finally:
            os.close(descriptor)
    else:
        with plain_file(path) as plain:
            yield plain


@contextlib.contextmanager
def plain_file(path: str) -> Iterator[str]:
    """Yield the path of a temporary file with the plain content. Raises StorageError."""
    remove_leftovers()
    content = read_data_file(Path(path))
    try:
        descriptor, name = tempfile.mkstemp(prefix=f"{PLAIN_PREFIX}{os.getpid()}-", suffix=".gguf")
    except OSError as error:
        raise storage_error_from_os(error, tempfile.gettempdir()) from error
    try:
        _write(descriptor, name, content)
        yield name
    finally:
        Path(name).unlink(missing_ok=True)


def remove_leftovers() -> None:
    """Delete plain files of processes that were killed before they could do so."""
    try:
        folder = Path(tempfile.gettempdir())
    except OSError:  # where nothing can be written, nothing was left
        return
    for file in folder.glob(f"{PLAIN_PREFIX}*"):
        with contextlib.suppress(OSError):
            if _is_left_over(file):
                file.unlink()


def _write(descriptor: int, name: str, content: bytes) -> None:
    try:
        with os.fdopen(descriptor, "wb") as plain:
            plain.write(content)
    except OSError as error:
        raise storage_error_from_os(error, name) from error


def _is_left_over(file: Path) -> bool:
    """Whether the process that made it is gone, or its id was given to a later one."""
    import psutil  # noqa: PLC0415 - only where such files are made

    process_id = file.name.removeprefix(PLAIN_PREFIX).partition("-")[0]
    if not process_id.isdecimal():
        return True
    try:
        started = psutil.Process(int(process_id)).create_time()
    except psutil.NoSuchProcess:
        return True
    except psutil.Error:  # another person's process: it may be the one that made the file
        return False
    return started > file.stat().st_mtime + CLOCK_STEP_SECONDS
