"""Resource limits of one file, and the limits that the extractor child sets on itself."""

import logging
import sys

MAX_FILE_BYTES = 200 * 1024 * 1024
MAX_MEMORY_BYTES = 2 * 1024**3
MAX_RECOGNIZER_BYTES = 4 * 1024**3
"""Models and pictures of text recognition need some 500 MB; the limit is of address space."""
_MAX_OPEN_FILES = 64
_MAX_WRITTEN_BYTES = 64 * 1024 * 1024
"""The child writes its log and nothing else."""

_log = logging.getLogger(__name__)


def limit_this_process(memory_bytes: int) -> None:
    """Limit memory and files.

    On Windows a job limits the memory, which the parent watches as well.
    """
    if sys.platform == "win32":
        from core.sandbox.windows_seal import limit_memory  # noqa: PLC0415 - of one system

        limit_memory(memory_bytes)
        return
    import resource  # noqa: PLC0415 - POSIX only

    for kind, wanted in (
        (resource.RLIMIT_AS, memory_bytes),
        (resource.RLIMIT_NOFILE, _MAX_OPEN_FILES),
        (resource.RLIMIT_FSIZE, _MAX_WRITTEN_BYTES),
        (resource.RLIMIT_CORE, 0),
    ):
        hard = resource.getrlimit(kind)[1]
        limit = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        try:
            resource.setrlimit(kind, (limit, limit))
        except (ValueError, OSError):
            _log.warning("limit %d can't be set here", kind)
