"""Memory dumps: no crash writes what a process has in its memory to the disk.

Loaded by the application before its window: it imports next to nothing.
"""

import contextlib
import sys
from pathlib import Path

_DUMP_FILTER = Path("/proc/self/coredump_filter")
"""Which memory a dump holds (core(5)); 0 leaves registers and names of files."""
_WITHOUT_HEAP = 1
"""WER_FAULT_REPORTING_FLAG_NOHEAP: what Windows reports of a crash has no heap in it."""


def forbid_memory_dumps() -> None:
    """Let no crash of this process, or of one that it starts, write its memory to the disk.

    Linux asks no limit when it hands a dump to a program, as most distributions have it do; what a
    dump holds is said by the filter, which is inherited. A process that can't be dumped at all
    (PR_SET_DUMPABLE) would be one whose window no portal of the desktop answers.
    """
    if sys.platform == "win32":
        import ctypes  # noqa: PLC0415 - of one system, where this was never run

        with contextlib.suppress(OSError, AttributeError):
            ctypes.WinDLL("kernel32").WerSetFlags(_WITHOUT_HEAP)
        return
    import resource  # noqa: PLC0415 - POSIX only

    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        with contextlib.suppress(OSError):
            _DUMP_FILTER.write_text("0", encoding="ascii")
