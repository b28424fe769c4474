"""Seccomp filter (Linux): a process under it can open no internet socket.

The audit hook of `core.ipc.network_lock` sees Python's sockets only. This filter sees native code
too; it can't be taken off, and what the process starts inherits it. See seccomp(2) and
Documentation/userspace-api/seccomp_filter.rst of the kernel.
"""

import ctypes
import logging
import platform
import sys

_PR_SET_NO_NEW_PRIVS = 38
_PR_SET_SECCOMP = 22
_SECCOMP_MODE_FILTER = 2
_ALLOW = 0x7FFF0000
_REFUSE = 0x00050000 | 13
"""SECCOMP_RET_ERRNO with EACCES: the call fails, the process goes on."""

_LOAD = 0x20
_EQUAL = 0x15
_AT_LEAST = 0x35
_RETURN = 0x06
_AT_NUMBER, _AT_MACHINE, _AT_FAMILY = 0, 4, 16
"""Where struct seccomp_data holds the call's number, the machine, and the first argument."""
_MACHINES = {"x86_64": (0xC000003E, 41, 425), "aarch64": (0xC00000B7, 198, 425)}
"""Audit number of the machine, and the numbers of `socket` and `io_uring_setup` on it."""
_OTHER_NUMBERS = 0x40000000
"""From here on x86 has the same calls once more, for 32-bit pointers."""
_FAMILIES = (2, 10)
"""AF_INET and AF_INET6."""

_log = logging.getLogger(__name__)


class _Instruction(ctypes.Structure):
    _fields_ = (
        ("code", ctypes.c_uint16),
        ("if_true", ctypes.c_uint8),
        ("if_false", ctypes.c_uint8),
        ("value", ctypes.c_uint32),
    )


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_uint16), ("first", ctypes.POINTER(_Instruction)))


def block_internet_sockets() -> bool:
    """Refuse internet sockets from now on; return whether this kernel took the filter."""
    if sys.platform != "linux" or platform.machine() not in _MACHINES:
        return False
    try:
        call = ctypes.CDLL(None, use_errno=True).prctl
    except (OSError, AttributeError):
        return False
    instructions = _instructions(*_MACHINES[platform.machine()])
    program = _Program(len(instructions), instructions)
    alone = call(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    if alone != 0 or call(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.byref(program), 0, 0) != 0:
        _log.warning("the kernel takes no filter here (errno %d)", ctypes.get_errno())
        return False
    return True


def _instructions(machine: int, socket: int, ring: int) -> "ctypes.Array[_Instruction]":
    """Return the filter; jumps are counted from the instruction after.

    A ring (io_uring) could open sockets past the filter, and a foreign machine's calls have
    other numbers, so both are refused.
    """
    listing = (
        (_LOAD, 0, 0, _AT_MACHINE),
        (_EQUAL, 0, 8, machine),
        (_LOAD, 0, 0, _AT_NUMBER),
        (_AT_LEAST, 6, 0, _OTHER_NUMBERS),
        (_EQUAL, 5, 0, ring),
        (_EQUAL, 0, 3, socket),
        (_LOAD, 0, 0, _AT_FAMILY),
        (_EQUAL, 2, 0, _FAMILIES[0]),
        (_EQUAL, 1, 0, _FAMILIES[1]),
        (_RETURN, 0, 0, _ALLOW),
        (_RETURN, 0, 0, _REFUSE),
    )
    return (_Instruction * len(listing))(*(_Instruction(*each) for each in listing))
