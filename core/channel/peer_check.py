"""Peer check: whether the other end of a local socket is a process of the same person."""

import ctypes
import os
import sys

_LINUX_LEVEL, _LINUX_OPTION = 1, 17
"""SOL_SOCKET and SO_PEERCRED."""


class _Credentials(ctypes.Structure):
    """`struct ucred` of Linux."""

    _fields_ = (
        ("pid", ctypes.c_int),
        ("uid", ctypes.c_uint),
        ("gid", ctypes.c_uint),
    )


def is_same_person(descriptor: int) -> bool:
    """Return whether a connected socket's peer runs as this process's user.

    On Windows always: there only the pipe's owner may open it to write, and the key is asked for.
    """
    if sys.platform == "win32":
        return True
    return _peer_user(descriptor) == os.geteuid()


def _peer_user(descriptor: int) -> int | None:
    """Return the user's number, None if the system doesn't say."""
    library = ctypes.CDLL(None, use_errno=True)
    if sys.platform == "linux":
        found = _Credentials()
        size = ctypes.c_uint(ctypes.sizeof(found))
        failed = library.getsockopt(
            descriptor, _LINUX_LEVEL, _LINUX_OPTION, ctypes.byref(found), ctypes.byref(size)
        )
        return None if failed else int(found.uid)
    user, group = ctypes.c_uint(), ctypes.c_uint()
    failed = library.getpeereid(descriptor, ctypes.byref(user), ctypes.byref(group))
    return None if failed else int(user.value)
