"""Windows policies: what a role's process asks the system to refuse it, as numbers of its headers.

Each policy is one word of flags, which can be set once and not taken back (winnt.h,
SetProcessMitigationPolicy). None was ever asked for on Windows by this program.
"""

from collections.abc import Iterator

from core.sandbox.role_rules import RoleRules
from core.sandbox.seal_level import SealLevel

DYNAMIC_CODE, SYSTEM_CALLS, EXTENSION_POINTS, FONTS, IMAGES, CHILDREN = 2, 4, 6, 9, 10, 13
"""Members of PROCESS_MITIGATION_POLICY."""
_ON = 1
NO_REMOTE_IMAGES, _NO_LOW_IMAGES, _SYSTEM_IMAGES_FIRST = 1, 2, 4

_LIMIT_PROCESSES, _DIE_SILENTLY = 0x8, 0x400
_LIMIT_PROCESS_MEMORY = 0x100
_ALL_OF_THE_SCREEN = 0xFF
"""Handles of other programs' windows, clipboard, desktop, settings, atoms, and shutting down."""

KEPT_PRIVILEGES = ("SeChangeNotifyPrivilege", "SeIncreaseWorkingSetPrivilege")
"""Walking through folders, and keeping a model in memory."""


def policies_of(
    rules: RoleRules, level: SealLevel, *, program_is_remote: bool
) -> Iterator[tuple[int, int]]:
    """Yield policy and flags, in the order in which they are set.

    `program_is_remote`: it was started from another computer's drive, as are its libraries.
    """
    yield EXTENSION_POINTS, _ON  # other programs' hooks and input methods stay out
    yield FONTS, _ON  # of documents: pages are drawn without the system's own reader of fonts
    images = _NO_LOW_IMAGES | _SYSTEM_IMAGES_FIRST
    yield IMAGES, images if program_is_remote else images | NO_REMOTE_IMAGES
    if not rules.starts_children:
        yield CHILDREN, _ON
    if level == SealLevel.LESS:
        return
    if not rules.makes_code:
        yield DYNAMIC_CODE, _ON
    if rules.only_speaks:  # readers of documents load libraries that start the window system's part
        yield SYSTEM_CALLS, _ON


def job_limits(rules: RoleRules) -> tuple[int, int]:
    """Return flags, and how many processes there may be; a fault ends one without a dialog.

    Not ended with its parent: a child that outlives it says that the parent's end was not its own
    fault, and leaves then by itself.
    """
    return (_DIE_SILENTLY, 0) if rules.starts_children else (_DIE_SILENTLY | _LIMIT_PROCESSES, 1)


def screen_limits() -> int:
    """Return what a job refuses of the screen that all programs share."""
    return _ALL_OF_THE_SCREEN


def memory_limit_flag() -> int:
    """Return the flag of a job that says how much memory each of its processes may have."""
    return _LIMIT_PROCESS_MEMORY


def may_be_low(rules: RoleRules) -> bool:
    """Return whether a role's process can do with low integrity.

    It reads as before and writes nothing but folders that are marked for it; it can't open other
    processes. No folder of the person's own is marked, nor that of models: another child of low
    integrity could write into it, too.
    """
    return not rules.writes_elsewhere
