"""Piped input: whether something was given to a command on its standard input."""

import os
import stat
from typing import TextIO


def is_piped(stream: TextIO | None) -> bool:
    """Whether a stream is a pipe or a file, and so what somebody gave to this command."""
    try:
        mode = os.fstat(stream.fileno()).st_mode if stream is not None else 0
    except (OSError, ValueError):
        return False
    return stat.S_ISFIFO(mode) or stat.S_ISREG(mode)
