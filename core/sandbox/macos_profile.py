"""macOS profile: the rules of a role as text of the system's sandbox language (SBPL).

Rules are said after what needs them; of those that fit, the last one counts. Paths are the real
ones: /tmp is a link there. Whatever a role may not do anyway is not named, since all else is
refused. Written after profiles that browsers publish; never run here.
"""

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from core.sandbox.role_rules import RoleRules

_ALWAYS = (
    ("what the system lets everybody ask unless it is refused", "(deny process-info* nvram*)"),
    ("Python and psutil look at their own process", "(allow process-info* (target self))"),
    ("a failed assertion ends its own process", "(allow signal (target self))"),
    ("number of cores, sizes of caches and memory", "(allow sysctl-read)"),
    ("file status by name, as Landlock lets it be read, too", "(allow file-read-metadata)"),
    (
        "the same, by its newer name",
        "(if (defined? 'file-test-existence) (allow file-test-existence))",
    ),
    ("newer systems list the root to resolve a path", '(allow file-read-data (literal "/"))'),
    (
        "the loader and random numbers",
        (
            '(allow file-read* file-write-data file-ioctl (literal "/dev/null")'
            ' (literal "/dev/zero") (literal "/dev/random") (literal "/dev/urandom")'
            ' (literal "/dev/dtracehelper"))'
        ),
    ),
    ("locks of Python's pools of processes and of tqdm", "(allow ipc-posix-sem)"),
    (
        "OpenMP finds a second copy of itself",
        (
            "(allow ipc-posix-shm-read-data ipc-posix-shm-write-create ipc-posix-shm-write-unlink"
            ' (ipc-posix-name-regex #"^/__KMP_REGISTERED_LIB_[0-9]+$"))'
        ),
    ),
    (
        "time zones that change",
        '(allow ipc-posix-shm-read-data (ipc-posix-name "apple.shm.notification_center"))',
    ),
)
_ALWAYS_SERVICES = (
    "com.apple.system.notification_center",  # time zones
    "com.apple.system.opendirectoryd.libinfo",  # getpwuid: where the home is
    "com.apple.system.logger",
    "com.apple.logd",
    "com.apple.bsd.dirhelper",  # names of the caches' folders
)
_CARD_SERVICES = (
    "com.apple.MTLCompilerService",  # compiles llama.cpp's Metal code
    "com.apple.cvmsServ",
    "com.apple.gpumemd.source",
    "com.apple.cfprefsd.daemon",
    "com.apple.cfprefsd.agent",
)
_CARD_CLASSES = (
    "AGXDeviceUserClient", "AGXSharedUserClient", "AGXCommandQueue", "AGPMClient",
    "AppleGraphicsControlClient", "AppleGraphicsPolicyClient", "AppleMGPUPowerControlClient",
    "IOAccelerationUserClient", "IOAcceleratorUserClient", "IOGPUDeviceUserClient",
    "IOSurfaceRootUserClient", "IOSurfaceSendRight", "RootDomainUserClient",
)  # fmt: skip
"""Drivers' interfaces of Apple's own chips and of those before them."""
_NETWORK_SERVICES = (
    "com.apple.SystemConfiguration.DNSConfiguration",
    "com.apple.SystemConfiguration.configd",  # proxies
    "com.apple.dnssd.service",
    "com.apple.trustd",
    "com.apple.trustd.agent",
)
_METAL_SWITCHES = '"kCFPreferencesAnyApplication" "com.apple.Metal"'
_OF_PEOPLE = ("/Users", "/Volumes", "/private/tmp", "/private/var/folders")
"""Homes, drives and temporary files."""
_NAME_SERVER = "/private/var/run/mDNSResponder"


@dataclass(frozen=True, slots=True, kw_only=True)
class MacosPlaces:
    """Files by what a role does with them, all that lies in a folder included."""

    program: tuple[str, ...] = ()
    """What is run or loaded as code, and what ships with it."""
    system: tuple[str, ...] = ()
    listed: tuple[str, ...] = ()
    """Folders whose names are read, and nothing in them: Python looks there for the program."""
    read: tuple[str, ...] = ()
    write: tuple[str, ...] = ()
    run: tuple[str, ...] = ()
    shaders: tuple[str, ...] = ()
    """Folders in which Metal keeps compiled code."""
    home: str = ""
    hidden: tuple[str, ...] = ()
    """What no program of the person's own reads, wherever it lies."""


def whole_profile(rules: RoleRules, places: MacosPlaces, *, servers: bool = False) -> str:
    """Return a profile that refuses all but what is named.

    `servers`: it may connect although its role says otherwise.
    """
    return _text("(deny default)", _whole_rules(rules, places, connects=rules.connects or servers))


def less_profile(rules: RoleRules, places: MacosPlaces, *, servers: bool = False) -> str:
    """Return a profile that refuses only writing, the person's files, the network and programs."""
    return _text("(allow default)", _less_rules(rules, places, connects=rules.connects or servers))


def program_profile(places: MacosPlaces, *, network: bool) -> str:
    """Return a profile for a program of the person's own, and for all that it starts.

    It refuses what is the person's, unless that is named, writing, and the network unless `network`
    was agreed to. All else is left to it: nobody knows what a program of strangers needs.
    """
    return _text("(allow default)", _program_rules(places, network=network))


def _text(first: str, rules: Iterable[tuple[str, str]]) -> str:
    lines = [f"; {reason}\n{rule}" for reason, rule in rules if rule]
    return "\n".join(["(version 1)", first, *lines, ""])


def _whole_rules(
    rules: RoleRules, places: MacosPlaces, *, connects: bool
) -> Iterator[tuple[str, str]]:
    yield from _ALWAYS
    yield "zones, users, logs", _services(_ALWAYS_SERVICES)
    code = (*places.program, *places.system)
    yield "the program, Python and the system's libraries", _allow("file-read*", code)
    listed = " ".join(f"(literal {_quoted(os.path.realpath(path))})" for path in places.listed)
    yield "where Python looks for it", f"(allow file-read-data {listed})" if listed else ""
    yield "their code is mapped by the loader", _allow("file-map-executable", code)
    yield "what was handed over", _allow("file-read*", (*places.read, *places.write))
    yield from _writing(places)
    if rules.uses_cards:
        yield from _cards(places)
    if rules.starts_children:
        yield from _children(places)
    if connects or rules.listens:
        yield from _network(rules, connects=connects)


def _less_rules(
    rules: RoleRules, places: MacosPlaces, *, connects: bool
) -> Iterator[tuple[str, str]]:
    yield "nothing is written", "(deny file-write*)"
    yield "but what leads nowhere", '(allow file-write-data (literal "/dev/null"))'
    yield "nothing of the person's is read", _rule("deny", "file-read-data", (places.home,))
    readable = (*places.program, *places.read, *places.write)
    yield "but what was handed over", _allow("file-read*", readable)
    yield from _writing(places)
    if rules.uses_cards:
        yield "compiled code of Metal", _allow("file-read* file-write*", places.shaders)
    if not rules.starts_children:
        yield "no other program is run", "(deny process-exec*)"
    yield "the network is refused", "(deny network*)"
    if connects or rules.listens:
        yield from _network(rules, connects=connects)


def _program_rules(places: MacosPlaces, *, network: bool) -> Iterator[tuple[str, str]]:
    yield "nothing is written", "(deny file-write*)"
    yield "but what leads nowhere", '(allow file-write-data (literal "/dev/null"))'
    people = (*_OF_PEOPLE, places.home, *places.hidden)
    yield "nothing of anybody's is read", _rule("deny", "file-read-data", people)
    readable = (*places.program, *places.read, *places.write)
    yield "but what was agreed to", _allow("file-read*", readable)
    yield "may be changed", _allow("file-write*", places.write)
    yield "no program with another's rights", "(deny file-write-setugid)"
    for operation, reason in (
        ("appleevent-send", "other programs would read for it"),
        ("lsopen", "or be started outside of this profile"),
        ("job-creation", "now or later"),
    ):
        yield reason, f"(if (defined? '{operation}) (deny {operation}))"
    yield "nor be ended", "(deny signal)"
    yield "but what it started", "(allow signal (target same-sandbox))"
    if not network:
        yield "the network is refused", "(deny network*)"


def _writing(places: MacosPlaces) -> Iterator[tuple[str, str]]:
    yield "what was handed over to be written", _allow("file-write*", places.write)
    if places.write:
        yield "a link could lead others astray", "(deny file-write-create (vnode-type SYMLINK))"
        yield "no program with another's rights", "(deny file-write-setugid)"


def _cards(places: MacosPlaces) -> Iterator[tuple[str, str]]:
    classes = " ".join(f"(iokit-user-client-class {_quoted(name)})" for name in _CARD_CLASSES)
    yield "backends of llama.cpp that were added", _allow("file-map-executable", places.read)
    yield (
        "Metal opens the driver",
        f'(allow iokit-open (iokit-connection "IOAccelerator") {classes})',
    )
    yield "and asks what the card can", "(allow iokit-get-properties)"
    yield "and has its code compiled", _services(_CARD_SERVICES)
    yield (
        "by a service of the framework",
        '(allow mach-lookup (xpc-service-name "com.apple.MTLCompilerService"))',
    )
    yield (
        "where it is kept; without it the compiler waits for ever",
        _allow("file-read* file-write*", places.shaders),
    )
    yield (
        "Metal's own switches",
        f"(allow user-preference-read (preference-domain {_METAL_SWITCHES}))",
    )


def _children(places: MacosPlaces) -> Iterator[tuple[str, str]]:
    yield (
        "readers of single files are started; they stay under this profile",
        "(allow process-fork)",
    )
    yield "they are this program again", _allow("process-exec", places.run)
    yield "their memory is watched", "(allow process-info* (target same-sandbox))"
    yield "and they are ended", "(allow signal (target same-sandbox))"


def _network(rules: RoleRules, *, connects: bool) -> Iterator[tuple[str, str]]:
    if connects:
        yield (
            "hosts that were agreed to, which its own gate knows",
            '(allow network-outbound (remote ip "*:*"))',
        )
        yield "names of hosts", f"(allow network-outbound (literal {_quoted(_NAME_SERVER)}))"
        yield "how names are looked up, and certificates checked", _services(_NETWORK_SERVICES)
        yield "which addresses this machine has", "(allow system-socket)"
    if rules.listens:
        yield (
            "programs of this machine",
            '(allow network-bind network-inbound (local ip "localhost:*"))',
        )


def _services(names: Iterable[str]) -> str:
    return f"(allow mach-lookup {' '.join(f'(global-name {_quoted(name)})' for name in names)})"


def _allow(operations: str, paths: Iterable[str]) -> str:
    return _rule("allow", operations, paths)


def _rule(decision: str, operations: str, paths: Iterable[str]) -> str:
    """Return a rule for paths and all below them, "" for none: a rule without any is for all."""
    real = dict.fromkeys(os.path.realpath(path) for path in paths if path)
    places = " ".join(f"(subpath {_quoted(path)})" for path in real if path != Path(path).root)
    return f"({decision} {operations} {places})" if places else ""


def _quoted(text: str) -> str:
    """Return a string of the language; bytes that are no text stay as they are."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
