"""Landlock (Linux): the kernel refuses this process all files but those it was granted.

Plain system calls through ctypes: the packages for it know older kernels only, and one needs a
library of the system. See Documentation/userspace-api/landlock.rst of the kernel. What is refused
once can't be allowed again; threads and children that come later are held to the same.
"""

import contextlib
import ctypes
import os
import stat
import sys
from collections.abc import Iterable

_CREATE, _ADD, _RESTRICT = 444, 445, 446
"""Numbers of the three calls, the same on all machines."""
_VERSION_FLAG = 1
_PATH_RULE = 1

_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_DIR = 1 << 0, 1 << 1, 1 << 2, 1 << 3
_TRUNCATE, _IOCTL = 1 << 14, 1 << 15
_ALL_FILES = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1, 4: (1 << 15) - 1}
"""All rights on files by version; from 5 on, with commands to devices, 16 of them."""
_MAKE_LINK = 1 << 12
_NOT_MADE = (1 << 6) | (1 << 9) | (1 << 10) | (1 << 11) | _MAKE_LINK
"""Devices, sockets, pipes and links, which no child makes."""
_FILE_ONLY = _EXECUTE | _WRITE_FILE | _READ_FILE | _TRUNCATE | _IOCTL
_READ = _READ_FILE | _READ_DIR
_TCP = {"": 3, "in": 2, "out": 1, "both": 0}
"""Which of binding (1) and connecting (2) over TCP is refused."""
_SCOPES = 3
"""Abstract sockets and signals of processes outside."""


class _Ruleset(ctypes.Structure):
    _fields_ = (
        ("files", ctypes.c_uint64),
        ("network", ctypes.c_uint64),
        ("scopes", ctypes.c_uint64),
    )


class _PathRule(ctypes.Structure):
    _pack_ = 1
    _layout_ = "ms"
    _fields_ = (("rights", ctypes.c_uint64), ("folder", ctypes.c_int32))


def landlock_version() -> int:
    """Return the version that the kernel has, 0 for none."""
    return max(0, int(_syscall(_CREATE, None, ctypes.c_size_t(0), _VERSION_FLAG)))


class FileRules:
    """Rules for this process: add what is allowed, then `enforce`, while there is one thread.

    Processes outside get no signals from it, and TCP is limited to what `internet` of RoleRules
    says, where the version knows that.
    """

    def __init__(self, version: int, internet: str) -> None:
        """Begin with nothing allowed. Raises OSError."""
        self._all = _ALL_FILES.get(version, (1 << 16) - 1)
        scopes = 0 if version < 6 else _SCOPES
        ruleset = _Ruleset(self._all, _TCP[internet] if version >= 4 else 0, scopes)
        size = 8 if version < 4 else 16 if version < 6 else 24
        self._descriptor = _checked(
            _syscall(_CREATE, ctypes.byref(ruleset), ctypes.c_size_t(size), 0)
        )

    def allow_reading(self, paths: Iterable[str]) -> None:
        """Let files, and all in folders, be read."""
        self._add(paths, _READ)

    def allow_listing(self, paths: Iterable[str]) -> None:
        """Let the names in folders be read, and no file."""
        self._add(paths, _READ_DIR)

    def allow_writing(self, paths: Iterable[str], *, links: bool = False) -> None:
        """Let files be written, and all in folders be made, read, written and removed.

        `links`: symbolic links too; what they lead to needs a rule of its own.
        """
        not_made = _NOT_MADE & ~_MAKE_LINK if links else _NOT_MADE
        self._add(paths, self._all & ~_EXECUTE & ~not_made & ~_IOCTL)

    def allow_devices(self, paths: Iterable[str]) -> None:
        """Let device files be opened and given commands."""
        self._add(paths, _READ | _WRITE_FILE | _TRUNCATE | _IOCTL)

    def allow_running(self, paths: Iterable[str]) -> None:
        """Let programs be run."""
        self._add(paths, _EXECUTE | _READ_FILE)

    def enforce(self) -> None:
        """Refuse everything else from now on. Raises OSError."""
        _checked(_syscall(_RESTRICT, self._descriptor, 0))
        os.close(self._descriptor)

    def _add(self, paths: Iterable[str], rights: int) -> None:
        """Add a rule for each path; one that is not there is passed over."""
        for path in paths:
            with contextlib.suppress(OSError):
                place = _open_place(path)
                try:
                    is_folder = stat.S_ISDIR(os.fstat(place).st_mode)
                    allowed = rights & self._all & (-1 if is_folder else _FILE_ONLY)
                    rule = _PathRule(allowed, place)
                    _syscall(_ADD, self._descriptor, _PATH_RULE, ctypes.byref(rule), 0)
                finally:
                    os.close(place)


def _open_place(path: str) -> int:
    """Open a path for a rule; with "/." at its end, a drive is mounted that waits to be."""
    if sys.platform != "linux":
        raise OSError("other systems have no Landlock")
    try:
        return os.open(f"{path}/.", os.O_PATH | os.O_CLOEXEC)
    except OSError:  # a file, or a folder that can't be entered
        return os.open(path, os.O_PATH | os.O_CLOEXEC)


def _syscall(number: int, *arguments: object) -> int:
    try:
        return int(ctypes.CDLL(None, use_errno=True).syscall(number, *arguments))
    except (OSError, AttributeError):
        return -1


def _checked(result: int) -> int:
    if result < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return result
