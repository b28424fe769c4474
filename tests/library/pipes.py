"""Makes a named pipe, which only POSIX systems have."""

import os
import sys
from pathlib import Path


def make_pipe(path: Path) -> None:
    """Make a FIFO that nobody writes to: whoever opens it waits for ever."""
    if sys.platform != "win32":
        os.mkfifo(path)
