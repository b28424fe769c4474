"""Request log of the API: what was asked by whom, counted, and nothing of what it said."""

import contextlib
import threading
from pathlib import Path

import msgspec

from core.base.data_files import append_data_line, read_data_lines, write_data_lines
from core.messages import ApiActivity

MAX_LINES = 5000
"""Requests that are kept; older ones are removed when a child starts."""


class RequestLog:
    """The writing side, in the API's child."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()  # one line at a time
        with contextlib.suppress(Exception):  # a log that can't be shortened only grows
            lines = read_data_lines(path)
            if len(lines) > MAX_LINES:
                write_data_lines(path, lines[-MAX_LINES:])

    def add_request(self, activity: ApiActivity) -> None:
        """Write a line; a full disk ends no request."""
        with self._lock, contextlib.suppress(OSError):
            append_data_line(self._path, msgspec.json.encode(activity))


def read_requests(path: Path, most: int) -> tuple[ApiActivity, ...]:
    """Return the last requests, the newest first; incomplete lines are ignored."""
    found: list[ApiActivity] = []
    try:
        lines = read_data_lines(path)
    except OSError:
        return ()
    for line in lines[-most:]:
        with contextlib.suppress(ValueError, RecursionError):
            found.append(msgspec.json.decode(line, type=ApiActivity))
    return tuple(reversed(found))
