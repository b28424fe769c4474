"""Capabilities of a child that is run by root (Linux): those that reach other processes go."""

import ctypes
import sys

_VERSION = 0x20080522
_KEPT = (1, 2, 3)
"""CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH and CAP_FOWNER: root reads files of other owners. Which,
Landlock says; it does not say whose memory or environment may be looked at (CAP_PERFMON)."""


class _Header(ctypes.Structure):
    _fields_ = (("version", ctypes.c_uint32), ("process", ctypes.c_int))


class _Set(ctypes.Structure):
    _fields_ = (
        ("effective", ctypes.c_uint32),
        ("permitted", ctypes.c_uint32),
        ("inheritable", ctypes.c_uint32),
    )


def drop_capabilities() -> bool:
    """Keep no right of root's but those on files, for good; True if it is so now."""
    if sys.platform != "linux":
        return False
    try:
        native = ctypes.CDLL(None, use_errno=True)
        header, sets = _Header(_VERSION, 0), (_Set * 2)()
        if native.capget(ctypes.byref(header), sets) != 0:
            return False
        kept = sum(1 << number for number in _KEPT)
        low = _Set(sets[0].effective & kept, sets[0].permitted & kept, 0)
        return int(native.capset(ctypes.byref(header), (_Set * 2)(low, _Set()))) == 0
    except (OSError, AttributeError):  # another C library
        return False
