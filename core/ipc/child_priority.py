"""Priority of a child process: long work lets the window and answers go first."""

import contextlib
import sys

import psutil

_STEPS = 5
"""Steps down, to a third of what others get: a search stays quick beside an answer."""
_LOWEST = 19


def lower_priority() -> None:
    """Take this process back; it can't be raised again."""
    with contextlib.suppress(psutil.Error, OSError):
        if sys.platform == "win32":
            psutil.Process().nice(psutil.BELOW_NORMAL_PRIORITY_CLASS)
        else:
            own = psutil.Process()
            own.nice(min(own.nice() + _STEPS, _LOWEST))  # threads that come later inherit it
