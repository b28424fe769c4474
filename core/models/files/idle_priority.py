"""Idle priority of a thread: it gets only the processor and disk time nobody else needs."""

import contextlib
import os
import sys
import threading

_LOWEST = 19
_DARWIN_THREAD, _DARWIN_BACKGROUND = 3, 0x1000  # sys/resource.h
_WINDOWS_BACKGROUND = 0x00010000  # THREAD_MODE_BACKGROUND_BEGIN: processor, disk and memory


def lower_thread_priority() -> None:
    """Lower the calling thread, for the rest of its life; a system that refuses does no harm."""
    with contextlib.suppress(OSError, AttributeError):
        if sys.platform == "win32":
            import ctypes  # noqa: PLC0415 - not for the first paint

            kernel = ctypes.windll.kernel32
            kernel.SetThreadPriority(kernel.GetCurrentThread(), _WINDOWS_BACKGROUND)
        elif sys.platform == "darwin":
            os.setpriority(_DARWIN_THREAD, 0, _DARWIN_BACKGROUND)
        else:
            # On Linux a priority belongs to a thread, whatever POSIX says (setpriority(2)).
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _LOWEST)
