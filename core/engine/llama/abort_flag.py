"""Abort flag: one byte that stops native code while it computes, and its exception."""

import ctypes
import sys

import llama_cpp


class Aborted(Exception):  # noqa: N818 - being stopped is not an error
    """Native code stopped because the flag was set."""


class AbortFlag:
    """One byte that native code reads while it computes; any thread may set it.

    The callback is C's `strlen` on that byte: it returns 0 for "continue" and 1 for "stop", and
    costs nothing, while a Python callback costs about 1 % of the speed. CPU and Metal check it;
    other backends stop at the next slice of the prompt.
    """

    def __init__(self) -> None:
        self._byte = ctypes.create_string_buffer(2)
        library = ctypes.CDLL("msvcrt" if sys.platform == "win32" else None)
        self.callback = ctypes.cast(library.strlen, llama_cpp.ggml_abort_callback)
        self.address = ctypes.cast(self._byte, ctypes.c_void_p)

    def set_flag(self) -> None:
        """Ask native code to stop."""
        self._byte[0] = b"\x01"

    def clear_flag(self) -> None:
        """Let native code run again."""
        self._byte[0] = b"\x00"

    def raise_if_set(self) -> None:
        """Raise Aborted when a stop was requested."""
        if self.is_set:
            raise Aborted

    @property
    def is_set(self) -> bool:
        """Whether a stop was requested."""
        return self._byte[0] != b"\x00"
