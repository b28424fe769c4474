"""Process limits: how many files, how much memory and how large a file a child may take (POSIX).

What reads documents sets narrower ones for itself (`core.library.extractors.resource_limits`).
"""

import contextlib
import os
import sys

from core.sandbox.memory_dumps import forbid_memory_dumps
from core.sandbox.role_rules import RoleRules

MOST_OPEN_FILES = 4096
_MOST_OF_A_LOG = 64 * 1024 * 1024
"""A role that writes its log and nothing else writes no larger file."""
_MOST_TO_SPEAK = 2 * 1024**3
"""Bytes of memory of a role that moves bytes over the network."""


def limit_process(rules: RoleRules) -> None:
    """Set the limits of a role; its crash writes no memory to the disk."""
    forbid_memory_dumps()
    if sys.platform == "win32":  # where a job does
        return
    import resource  # noqa: PLC0415 - POSIX only

    _limit(resource.RLIMIT_NOFILE, MOST_OPEN_FILES)
    if rules.only_logs:
        _limit(resource.RLIMIT_FSIZE, _MOST_OF_A_LOG)
    if not rules.uses_cards:  # whose drivers may reserve more than there is
        _limit(resource.RLIMIT_DATA, _MOST_TO_SPEAK if rules.only_speaks else _memory())


def _limit(kind: int, most: int) -> None:
    if sys.platform == "win32":
        return
    import resource  # noqa: PLC0415 - POSIX only

    soft, hard = (
        most if limit == resource.RLIM_INFINITY else min(most, limit)
        for limit in resource.getrlimit(kind)
    )
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(kind, (soft, hard))


def _memory() -> int:
    """Return what this machine has, so that one child can't make it swap without end."""
    if sys.platform == "win32":
        return 0
    return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
