"""Readable files: the program itself and what its libraries read of the system (Linux, macOS)."""

import glob
import os
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from core.base.paths import program_folder, resources_folder

_SYSTEM = (
    "/usr", "/lib", "/lib64", "/lib32", "/nix/store", "/gnu/store", "/app/lib", "/opt/rocm*",
    "/opt/cuda*", "/opt/amdgpu*", "/run/opengl-driver*", "/sys",
    "/etc/ld.so.*", "/etc/localtime", "/etc/timezone", "/etc/os-release", "/etc/nsswitch.conf",
    "/etc/passwd", "/etc/group", "/etc/mime.types", "/etc/fonts", "/etc/ssl/openssl.cnf",
    "/etc/pki/tls/openssl.cnf", "/etc/crypto-policies", "/etc/OpenCL", "/etc/vulkan",
    "/etc/nvidia*", "/etc/libnl*", "/etc/drirc", "/etc/gai.conf", "/etc/locale*",
    "/proc/self", "/proc/cpuinfo", "/proc/meminfo", "/proc/stat", "/proc/version", "/proc/vmstat",
    "/proc/uptime", "/proc/loadavg", "/proc/filesystems", "/proc/devices", "/proc/modules",
    "/proc/driver", "/proc/sys/vm", "/proc/sys/kernel", "/proc/sys/fs",
    "/System/Library", "/System/Cryptexes", "/System/iOSSupport", "/System/Volumes/Preboot",
    "/Library/Frameworks", "/Library/Apple", "/Library/Fonts", "/Library/GPUBundles",
    "/opt/homebrew/Cellar", "/opt/homebrew/opt", "/opt/homebrew/lib", "/opt/local/lib",
    "/private/etc/localtime", "/private/etc/passwd", "/private/etc/group",
    "/private/var/db/timezone", "/private/var/db/dyld",
)  # fmt: skip
"""Patterns; nothing that lies here belongs to a person."""
_NETWORK = (
    "/etc/resolv.conf", "/run/systemd/resolve", "/run/NetworkManager", "/etc/hosts",
    "/etc/host.conf", "/etc/services", "/etc/protocols", "/etc/ssl", "/etc/pki",
    "/etc/ca-certificates", "/var/lib/ca-certificates",
    "/private/etc/hosts", "/private/etc/ssl", "/private/etc/resolv.conf",
)  # fmt: skip
"""What looking up a host and proving its certificate reads."""
_CERTIFICATE_VARIABLES = ("SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE")
DEVICES = ("/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom")
_CARDS = ("/dev/dri", "/dev/nvidia*", "/dev/kfd", "/dev/dxg", "/dev/mali*")


def system_files(*, network: bool) -> Iterator[str]:
    """Yield what there is of the system's files that libraries read."""
    yield from _existing(_SYSTEM + (_NETWORK if network else ()))
    for variable in _CERTIFICATE_VARIABLES if network else ():
        for place in os.environ.get(variable, "").split(os.pathsep):
            if Path(place).is_absolute() and not _holds_home(place):
                yield place


def card_devices() -> Iterator[str]:
    """Yield the device files of graphics cards."""
    return _existing(_CARDS)


def interpreters() -> Iterator[str]:
    """Yield what has to be run to start a child: the program and the system's loader."""
    yield os.path.realpath(sys.executable)
    if getattr(sys, "frozen", False):
        yield str(Path(sys.executable).with_name("inglenook-cli"))
    yield from _existing(("/lib64/ld-*.so*", "/lib/ld-*.so*", "/lib/*/ld-linux-*.so*"))


def program_files() -> Iterator[str]:
    """Yield the folders of the program, of Python and its packages, and of what ships with it.

    From source, the folder of the program may hold the data folder as well: only two of its folders
    are needed.
    """
    yield from _packages(program_folder())
    yield str(resources_folder())
    yield str(resources_folder() / "models")  # may be a link to another place
    yield from (sys.prefix, sys.base_prefix, sys.exec_prefix, sys.base_exec_prefix)
    if bundle := getattr(sys, "_MEIPASS", None):
        yield from (str(bundle), str(program_folder()))
    for place in filter(os.path.isabs, sys.path):
        if (Path(place) / "core" / "child_main.py").is_file():
            yield from _packages(Path(place))
        elif not _holds_home(place):
            yield place


def program_parents() -> Iterator[str]:
    """Yield the folders in which a starting Python looks for the program by its names."""
    for place in (str(program_folder()), *filter(os.path.isabs, sys.path)):
        if (Path(place) / "core" / "child_main.py").is_file():
            yield place


def _packages(folder: Path) -> Iterator[str]:
    yield from (str(folder / "core"), str(folder / "resources"))


def _holds_home(folder: str) -> bool:
    """Whether a folder is the person's own or lies above it: a strange entry of Python's path."""
    return Path(os.path.realpath(folder)) in (home := Path.home().resolve(), *home.parents)


def _existing(patterns: Iterable[str]) -> Iterator[str]:
    for pattern in patterns:
        yield from glob.iglob(pattern)  # noqa: PTH207 - /dev/nvidia* and the like are no folders
