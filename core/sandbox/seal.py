"""Seal of a child: applies the rules of its role, and knows what is in force."""

import logging
import os
import sys

from core.messages import Seal
from core.sandbox import landlock, readable_files, syscall_filter
from core.sandbox.capabilities import drop_capabilities
from core.sandbox.grants import Grants
from core.sandbox.process_limits import limit_process
from core.sandbox.role_rules import RoleRules, rules_of
from core.sandbox.seal_level import SealLevel, wanted_level

_log = logging.getLogger(__name__)
_seal = Seal()


def current_seal() -> Seal:
    """Return what holds this process."""
    return _seal


def seal_process(role: str, grants: Grants) -> None:
    """Hold this process to the rules of `role`, as far as the system can.

    Called while there is one thread, before anything of a stranger's is read: the kernel seals
    threads one by one.
    """
    global _seal  # noqa: PLW0603 - a process has one seal, which can't be taken off
    rules, level = rules_of(role), wanted_level()
    limit_process(rules)
    _use_own_temporary_folder(grants)
    _seal = Seal(means="off") if level == SealLevel.OFF else _apply(rules, grants, level)
    _log.info("sealed: %s", _seal)


def forbid_internet() -> None:
    """Let no thread of this process make an internet socket from now on."""
    if sys.platform == "linux" and _seal.calls:
        syscall_filter.forbid_internet_sockets()


def _apply(rules: RoleRules, grants: Grants, level: SealLevel) -> Seal:
    if sys.platform == "linux":
        return _seal_on_linux(rules, grants, level)
    if sys.platform == "darwin":
        from core.sandbox.macos_seal import seal_on_macos  # noqa: PLC0415 - of one system

        return seal_on_macos(rules, grants, level)
    from core.sandbox.windows_seal import seal_on_windows  # noqa: PLC0415 - of one system

    return seal_on_windows(rules, grants, level)


def _use_own_temporary_folder(grants: Grants) -> None:
    """Have libraries put temporary files where this process may write, not among others' files."""
    if folder := next(filter(os.path.isdir, grants.write), None):
        for variable in ("TMPDIR", "TEMP", "TMP") if os.name == "nt" else ("TMPDIR",):
            os.environ[variable] = folder


def _seal_on_linux(rules: RoleRules, grants: Grants, level: SealLevel) -> Seal:
    if not syscall_filter.forbid_new_rights():
        return Seal()
    drop_capabilities()
    version = _restrict_files(rules, grants)
    filtered = level == SealLevel.WHOLE and syscall_filter.filter_calls(
        rules, servers=grants.servers
    )
    return Seal(
        files=version > 0,
        writes=version > 0,
        calls=filtered,
        sockets=filtered,
        signals=version >= 6 or (filtered and not rules.starts_children),
        means=f"Landlock {version}, seccomp {'on' if filtered else 'off'}",
    )


def _restrict_files(rules: RoleRules, grants: Grants) -> int:
    """Refuse all files but those of the role and the grants; return the version of Landlock."""
    version = landlock.landlock_version()
    if version == 0:
        return 0
    internet = rules.internet or ("out" if grants.servers else "")
    try:
        files = landlock.FileRules(version, internet)
        files.allow_reading(readable_files.program_files())
        files.allow_reading(readable_files.system_files(network=internet in {"out", "both"}))
        files.allow_devices(readable_files.DEVICES)
        if rules.uses_cards:
            files.allow_devices(readable_files.card_devices())
        if rules.starts_children:
            files.allow_running(readable_files.interpreters())
            files.allow_listing(readable_files.program_parents())
            files.allow_reading(["/proc"])  # it looks after its children's memory and time
        files.allow_reading(grants.read)
        files.allow_writing(grants.write)
        files.enforce()
    except OSError:
        _log.exception("the kernel's limits of files can't be set")
        return 0
    return version
