"""Program start: a child seals itself and becomes a program of the person's own."""

import os
import sys
from typing import BinaryIO

import msgspec

from core.messages import PROGRAM_VARIABLE, StartProgram
from core.sandbox import landlock, readable_files, syscall_filter
from core.sandbox.capabilities import drop_capabilities
from core.sandbox.memory_dumps import forbid_memory_dumps
from core.sandbox.role_rules import RoleRules

NOT_SEALED, NOT_STARTED = 73, 74
"""Exit codes: the system can't hold the program, and: there is no such program."""


def can_seal_programs() -> bool:
    """Whether this system can keep a program from files and network that it wasn't given."""
    if sys.platform == "linux":
        return landlock.landlock_version() >= 4
    if sys.platform == "darwin":
        from core.sandbox.macos_seal import can_apply_profiles  # noqa: PLC0415 - of one system

        return can_apply_profiles()
    return False


def become_program(incoming: BinaryIO, outgoing: BinaryIO) -> None:
    """Replace this process by the program that its environment names; its pipe becomes 0 and 1."""
    start = msgspec.json.decode(os.environ[PROGRAM_VARIABLE], type=StartProgram)
    if not _seal(start) and not start.unsealed:
        sys.stderr.write("this system can't hold the program to what was agreed\n")
        sys.exit(NOT_SEALED)
    os.dup2(incoming.fileno(), 0)
    os.dup2(outgoing.fileno(), 1)
    try:
        os.execve(start.command[0], start.command, start.environment)  # noqa: S606 - the person's
    except OSError as error:
        sys.stderr.write(f"{start.command[0]}: {error.strerror}\n")
        sys.exit(NOT_STARTED)


def _seal(start: StartProgram) -> bool:
    """Refuse all files but the system's and those agreed to, and the network unless agreed to."""
    if not can_seal_programs():
        return False
    forbid_memory_dumps()
    if sys.platform == "darwin":
        from core.sandbox.macos_seal import seal_program_on_macos  # noqa: PLC0415 - of one system

        return seal_program_on_macos(start)
    drop_capabilities()
    return syscall_filter.forbid_new_rights() and _seal_on_linux(start)


def _seal_on_linux(start: StartProgram) -> bool:
    internet = "out" if start.network else ""
    program = os.path.realpath(start.command[0])
    try:
        files = landlock.FileRules(landlock.landlock_version(), internet)
        system = tuple(readable_files.system_files(network=start.network))
        files.allow_reading([*system, "/proc", "/bin", "/sbin", "/etc/alternatives"])
        files.allow_running(["/usr", "/bin", "/sbin", "/lib", "/lib64", "/nix/store"])
        files.allow_running([start.command[0], program, *start.read, *start.write])
        files.allow_reading([start.command[0], program, *start.read])
        files.allow_devices(readable_files.DEVICES)
        files.allow_writing(start.write, links=True)
        files.enforce()
    except OSError:
        return False
    rules = RoleRules(internet=internet, starts_children=True, makes_links=True)
    return syscall_filter.filter_calls(rules)
