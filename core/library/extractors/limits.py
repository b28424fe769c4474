"""What one file may cost, and how the child binds itself to it."""

import logging
import sys

MAX_FILE_BYTES = 200 * 1024 * 1024
MAX_MEMORY_BYTES = 2 * 1024**3
_MAX_OPEN_FILES = 64

_log = logging.getLogger(__name__)


def limit_self() -> None:
    """Bound memory and open files; Windows has no such call, the parent watches the memory."""
    if sys.platform == "win32":
        return
    import resource  # noqa: PLC0415 - POSIX only

    for kind, wanted in (
        (resource.RLIMIT_AS, MAX_MEMORY_BYTES),
        (resource.RLIMIT_NOFILE, _MAX_OPEN_FILES),
        (resource.RLIMIT_CORE, 0),
    ):
        hard = resource.getrlimit(kind)[1]
        limit = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        try:
            resource.setrlimit(kind, (limit, limit))
        except (ValueError, OSError):
            _log.warning("limit %d can't be set here", kind)
