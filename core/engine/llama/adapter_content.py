"""Adapter content: a file that llama.cpp can read, of an adapter that may be encrypted."""

import contextlib
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from core.base.data_files import read_data_file
from core.base.data_key import MARK, is_encrypted


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
        with tempfile.NamedTemporaryFile(suffix=".gguf", delete=False) as plain:
            plain.write(read_data_file(Path(path)))
        try:
            yield plain.name
        finally:
            Path(plain.name).unlink()
