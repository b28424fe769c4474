"""Windows seal: a process of a role asks the system to refuse it what it does not need.

The order matters: what needs rights comes before they are given away. Reading files is not refused
on Windows, and of the network only what Python itself opens. Never run there: each step that fails
is passed over and not reported as in force.
"""

import logging
import os
from collections.abc import Iterable

from core.base.paths import program_folder
from core.messages import Seal
from core.sandbox import windows_policies as policies
from core.sandbox.grants import Grants
from core.sandbox.role_rules import RoleRules, has_rules, rules_of
from core.sandbox.seal_level import SealLevel
from core.sandbox.windows_calls import SystemCalls, WindowsCalls

_log = logging.getLogger(__name__)


def seal_on_windows(
    rules: RoleRules, grants: Grants, level: SealLevel, calls: WindowsCalls | None = None
) -> Seal:
    """Hold this process to its role, as far as the system can; return what is in force."""
    try:
        system = calls or SystemCalls()
        return _seal(rules, grants, level, system)
    except (OSError, AttributeError, ValueError):  # an older Windows lacks some of the calls
        _log.exception("the limits of this process can't be set")
        return Seal()


def mark_places(role: str, places: Iterable[str], calls: WindowsCalls | None = None) -> None:
    """Let a child of a role write what it is granted, before it gives its rights away."""
    if not has_rules(role) or not policies.may_be_low(rules_of(role)):
        return
    try:
        system = calls or SystemCalls()
        for place in filter(os.path.exists, places):
            if not system.mark_for_low(place):
                _log.warning("%s can't be marked; the child keeps its rights", place)
    except (OSError, AttributeError):
        _log.exception("nothing can be marked")


def limit_memory(limit: int, calls: WindowsCalls | None = None) -> bool:
    """Let this process have so many bytes of memory at most; return whether the system will."""
    try:
        system = calls or SystemCalls()
        return system.limit_by_job(policies.memory_limit_flag(), 0, limit, 0)
    except (OSError, AttributeError):
        return False


def _seal(rules: RoleRules, grants: Grants, level: SealLevel, system: WindowsCalls) -> Seal:
    system.show_no_dialogs()
    flags, processes = policies.job_limits(rules)
    in_job = system.limit_by_job(flags, processes, 0, policies.screen_limits())
    remote = system.is_remote(str(program_folder()))
    wanted = list(policies.policies_of(rules, level, program_is_remote=remote))
    in_force = sum(system.set_policy(policy, word) for policy, word in wanted)
    has_few_rights = system.keep_privileges(policies.KEPT_PRIVILEGES)
    is_low = level == SealLevel.WHOLE and policies.may_be_low(rules) and _lower(grants, system)
    means = [
        "job" if in_job else "",
        f"{in_force} of {len(wanted)} policies",
        "few privileges" if has_few_rights else "",
        "low integrity" if is_low else "",
    ]
    return Seal(
        writes=is_low,
        calls=in_job and in_force == len(wanted),
        signals=is_low,
        means=", ".join(filter(None, means)),
    )


def _lower(grants: Grants, system: WindowsCalls) -> bool:
    """Give up rights, if what was granted can be written without them: that is tried first."""
    folders = filter(os.path.isdir, grants.write)
    return system.can_write_when_low(folders) and system.lower_integrity()
