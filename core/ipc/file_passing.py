"""File passing: open files go to a child that may not open any, over a pair of sockets (POSIX).

The pair has no address and ends with the two processes. Windows has no such way; there a child
opens what it is told the path of.
"""

import contextlib
import os
import socket
import sys
from collections.abc import MutableMapping
from types import TracebackType
from typing import Self

_FILES_VARIABLE = "INGLENOOK_FILES"
"""Names the child's end, a number, in its environment."""
_receiver: socket.socket | None = None
"""This process's own end, if its parent passes files."""


def can_pass_files() -> bool:
    """Whether this system passes open files."""
    return os.name != "nt"


class FileSender:
    """The parent's end; `with` closes the child's, once the child has been started."""

    def __init__(self) -> None:
        self._own, self._child = socket.socketpair()

    @property
    def environment(self) -> dict[str, str]:
        """What tells the child of its end."""
        return {_FILES_VARIABLE: str(self._child.fileno())}

    @property
    def inherited(self) -> tuple[int, ...]:
        """The descriptor that the child inherits."""
        return (self._child.fileno(),)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._child.close()
        if kind is not None:
            self._own.close()

    def send_file(self, descriptor: int) -> None:
        """Give a file to the child; a child that is gone gets none, which its parent hears of."""
        if sys.platform == "win32":
            return  # files are not passed there
        with contextlib.suppress(OSError):
            socket.send_fds(self._own, [b"f"], [descriptor])

    def close(self) -> None:
        """Close the parent's end."""
        self._own.close()


def take_receiver(environment: MutableMapping[str, str]) -> None:
    """Take this process's end, if there is one, out of its environment."""
    global _receiver  # noqa: PLW0603 - a process has one, from its start
    if number := environment.pop(_FILES_VARIABLE, ""):
        _receiver = socket.socket(fileno=int(number))
        _receiver.set_inheritable(False)


def receive_file() -> int | None:
    """Return the file that came with the request, None where files are not passed.

    Raises OSError if none came: the parent is gone.
    """
    if _receiver is None or sys.platform == "win32":
        return None
    _content, descriptors, _flags, _address = socket.recv_fds(_receiver, 1, 1)
    if not descriptors:
        raise OSError("no file came")
    return descriptors[0]
