"""macOS seal: a profile is tried in a copy of this process first, and then held to by this one.

`sandbox_init` is old and marked as such, and still what browsers use; a profile can't be taken off,
and what the process starts stays under it. Never run here: what fails leaves the lighter profile,
or none.
"""

import contextlib
import ctypes
import os
import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

from core.messages import Seal, StartProgram
from core.sandbox import readable_files
from core.sandbox.grants import Grants
from core.sandbox.macos_profile import MacosPlaces, less_profile, program_profile, whole_profile
from core.sandbox.role_rules import RoleRules
from core.sandbox.seal_level import SealLevel

OUTER_VARIABLE = "INGLENOOK_OUTER_SEAL"
"""Tells a child's own children by what they are held already."""
_CACHES = 65538
"""_CS_DARWIN_USER_CACHE_DIR of confstr(3)."""
_SHADER_FOLDERS = (
    "com.apple.metal",
    "com.apple.metalfe",
    "org.python.python",
    "org.inglenook.Inglenook",
)
_TRY_SECONDS = 20.0
_TRIED_PLACES = 4
"""So many of what may be read are looked at: some lie on drives that are slow to answer."""


def seal_on_macos(rules: RoleRules, grants: Grants, level: SealLevel) -> Seal:
    """Hold this process, which has one thread, to its role; return what is in force."""
    if outer := os.environ.get(OUTER_VARIABLE):  # a second profile would be refused
        return Seal(
            files=True,
            writes=True,
            calls=outer == SealLevel.WHOLE,
            sockets=True,
            signals=outer == SealLevel.WHOLE,
            means=f"sandbox profile of its parent, {outer}",
        )
    places = _places(rules, grants)
    profiles = {
        SealLevel.WHOLE: whole_profile(rules, places, servers=grants.servers),
        SealLevel.LESS: less_profile(rules, places, servers=grants.servers),
    }
    for each, profile in profiles.items():
        if each == SealLevel.WHOLE and level == SealLevel.LESS:
            continue
        if _works(profile, rules, grants) and apply_profile(profile):
            os.environ[OUTER_VARIABLE] = each
            is_whole = each == SealLevel.WHOLE
            return Seal(
                files=True,
                writes=True,
                calls=is_whole,
                sockets=True,
                signals=is_whole,
                means=f"sandbox profile, {each}",
            )
    return Seal()


def seal_program_on_macos(start: StartProgram) -> bool:
    """Hold this process, which becomes that program, to what was agreed; return whether it is."""
    program = start.command[0]
    places = MacosPlaces(
        program=(program, os.path.realpath(program)),
        read=start.read,
        write=start.write,
        home=str(Path.home()),
        hidden=start.hidden,
    )
    return apply_profile(program_profile(places, network=start.network))


def can_apply_profiles() -> bool:
    """Whether the system still has profiles for a process to put on."""
    try:
        return hasattr(ctypes.CDLL(None), "sandbox_init")
    except OSError:
        return False


def apply_profile(profile: str) -> bool:
    """Hold this process to a profile; return whether the system took it."""
    try:
        library = ctypes.CDLL(None)
        init = library.sandbox_init
    except (OSError, AttributeError):
        return False
    init.argtypes = (ctypes.c_char_p, ctypes.c_uint64, ctypes.POINTER(ctypes.c_char_p))
    init.restype = ctypes.c_int
    error = ctypes.c_char_p()
    if init(os.fsencode(profile), 0, ctypes.byref(error)) == 0:
        return True
    text = (error.value or b"").decode(errors="replace")
    sys.stderr.write(f"a sandbox profile was refused: {text}\n")
    return False


def _works(profile: str, rules: RoleRules, grants: Grants) -> bool:
    """Try a profile in a copy of this process: whether it can still do what its role needs."""
    needed = [place for place in (*grants.write, *grants.read[:_TRIED_PLACES]) if _opens(place)]
    return _in_a_copy(lambda: apply_profile(profile) and can_work(rules, needed, grants.write))


def _in_a_copy(attempt: Callable[[], bool]) -> bool:
    if sys.platform == "win32":
        return False
    copy = os.fork()
    if copy == 0:
        works = False
        with contextlib.suppress(BaseException):
            works = attempt()
        os._exit(0 if works else 1)
    return os.waitstatus_to_exitcode(os.waitpid(copy, 0)[1]) == 0


def can_work(rules: RoleRules, readable: Iterable[str], writable: Iterable[str]) -> bool:
    """Return whether this process reads, writes and starts what its role needs."""
    if not all(map(_opens, (*readable, *readable_files.program_parents()))):
        return False
    for place in filter(os.path.isdir, writable):
        attempt = Path(place) / f".seal-{os.getpid()}"
        attempt.write_bytes(b"")
        attempt.unlink()
    Path(os.devnull).write_bytes(b"")
    if rules.starts_children:
        command = [sys.executable, "-P", "-c", "import json"]
        subprocess.run(command, check=True, capture_output=True, timeout=_TRY_SECONDS)
    return len(os.urandom(8)) == 8


def _opens(place: str) -> bool:
    """Return whether a folder can be listed, or a file read."""
    try:
        if Path(place).is_dir():
            os.scandir(place).close()
        else:
            Path(place).open("rb").close()
    except OSError:
        return False
    return True


def _places(rules: RoleRules, grants: Grants) -> MacosPlaces:
    connects = rules.connects or grants.servers
    home = str(Path.home())
    return MacosPlaces(
        program=tuple(readable_files.program_files()),
        system=tuple(readable_files.system_files(network=connects)),
        listed=tuple(readable_files.program_parents()),
        read=grants.read,
        write=grants.write,
        run=(*readable_files.interpreters(), sys.base_prefix, sys.executable),
        shaders=_shader_folders() if rules.uses_cards else (),
        home=home,
    )


def _shader_folders() -> tuple[str, ...]:
    """Return where Metal keeps compiled code: below the caches, by the program's identifier."""
    if sys.platform == "win32":
        return ()
    with contextlib.suppress(OSError, ValueError):
        if caches := os.confstr(_CACHES):
            return tuple(str(Path(caches) / name) for name in _SHADER_FOLDERS)
    return ()
