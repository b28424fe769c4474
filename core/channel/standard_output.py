"""Standard output that takes nothing more: its reader has left, or the disk is full."""

import contextlib
import errno
import os
from typing import TextIO


def has_no_reader(error: OSError) -> bool:
    """Whether writing failed since nobody reads any more, as behind `| head -1`."""
    return error.errno in {errno.EPIPE, errno.EINVAL}  # Windows says EINVAL


def discard_output(stream: TextIO) -> None:
    """Let the interpreter's last flush go nowhere; call when writing has failed."""
    with contextlib.suppress(OSError, ValueError):  # not a real stream
        descriptor = os.open(os.devnull, os.O_WRONLY)
        os.dup2(descriptor, stream.fileno())
        os.close(descriptor)
