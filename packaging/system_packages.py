"""What the operating system must bring: Qt's libraries, a font, a compiler, the tests' tools."""

import contextlib
import functools
import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from console import SetupError, run, say, spell

FONT_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts")


@dataclass(frozen=True, slots=True)
class Need:
    """One thing, and the package that brings it with apt and with pacman.

    A `thing` is the name of a shared library, or of a program.
    """

    thing: str
    apt: str
    pacman: str


# What ldd names for Qt's core, gui, widgets, svg and its offscreen, xcb and wayland plugins.
WINDOW = (
    Need("libEGL.so.1", "libegl1", "libglvnd"),
    Need("libGL.so.1", "libgl1", "libglvnd"),
    Need("libX11-xcb.so.1", "libx11-xcb1", "libx11"),
    Need("libatomic.so.1", "libatomic1", "gcc-libs"),
    Need("libdbus-1.so.3", "libdbus-1-3", "dbus"),
    Need("libfontconfig.so.1", "libfontconfig1", "fontconfig"),
    # The t64 package of newer releases provides this name, so apt understands it everywhere.
    Need("libglib-2.0.so.0", "libglib2.0-0", "glib2"),
    Need("libwayland-client.so.0", "libwayland-client0", "wayland"),
    Need("libwayland-cursor.so.0", "libwayland-cursor0", "wayland"),
    Need("libxcb-cursor.so.0", "libxcb-cursor0", "xcb-util-cursor"),
    Need("libxcb-icccm.so.4", "libxcb-icccm4", "xcb-util-wm"),
    Need("libxcb-image.so.0", "libxcb-image0", "xcb-util-image"),
    Need("libxcb-keysyms.so.1", "libxcb-keysyms1", "xcb-util-keysyms"),
    Need("libxcb-randr.so.0", "libxcb-randr0", "libxcb"),
    Need("libxcb-render-util.so.0", "libxcb-render-util0", "xcb-util-renderutil"),
    Need("libxcb-shape.so.0", "libxcb-shape0", "libxcb"),
    Need("libxcb-sync.so.1", "libxcb-sync1", "libxcb"),
    Need("libxcb-xfixes.so.0", "libxcb-xfixes0", "libxcb"),
    Need("libxcb-xkb.so.1", "libxcb-xkb1", "libxcb"),
    Need("libxkbcommon-x11.so.0", "libxkbcommon-x11-0", "libxkbcommon-x11"),
    Need("libxkbcommon.so.0", "libxkbcommon0", "libxkbcommon"),
)
FONT = Need("font", "fonts-dejavu-core", "ttf-dejavu")
TESTS = (
    Need("Xvfb", "xvfb", "xorg-server-xvfb"),
    Need("strace", "strace", "strace"),
)
COMPILER = Need("c++", "g++", "gcc")
VENV = Need("ensurepip", f"python{sys.version_info.major}.{sys.version_info.minor}-venv", "python")


def ensure(*, compiler: bool, tests: bool) -> None:
    """Install what is missing if this is Debian's or Ubuntu's root; otherwise say how.

    Raises SetupError when a missing thing makes going on useless.
    """
    if sys.platform != "linux":
        if compiler:
            _require_compiler()
        return
    missing = missing_needs(compiler=compiler, tests=tests)
    if not missing:
        return
    command = install_command(missing)
    names = ", ".join(need.thing for need in missing)
    if command and command[0] == "apt-get" and is_root():
        say(f"the system lacks {names}; installing it")
        apt_install(command)
    elif stopping := [need for need in missing if need in {COMPILER, VENV}]:
        raise SetupError(
            f"This machine lacks {' and '.join(need.thing for need in stopping)}, "
            "without which the set-up can't work.",
            _how(missing),
        )
    else:
        say(f"the system lacks {names}. {_how(missing)}")


def missing_needs(*, compiler: bool, tests: bool) -> list[Need]:
    """Return what this Linux lacks."""
    missing = [need for need in WINDOW if not has_library(need.thing)]
    if not any(next(Path(folder).rglob("*.[to]tf"), None) for folder in FONT_FOLDERS):
        missing.append(FONT)
    if importlib.util.find_spec("ensurepip") is None:  # Debian's python3 comes without
        missing.append(VENV)
    if compiler and not has_compiler():
        missing.append(COMPILER)
    if tests:
        missing += [need for need in TESTS if not shutil.which(need.thing)]
    return missing


def has_library(name: str) -> bool:
    """Return whether the dynamic linker's cache knows the shared library `name`."""
    return name in _known_libraries()


@functools.cache
def _known_libraries() -> frozenset[str]:
    ldconfig = shutil.which("ldconfig", path=f"{os.environ.get('PATH', '')}:/sbin:/usr/sbin")
    if not ldconfig:
        return frozenset()
    listing = subprocess.run([ldconfig, "-p"], capture_output=True, text=True, check=False)
    return frozenset(line.split()[0] for line in listing.stdout.splitlines() if "=>" in line)


def install_command(missing: Sequence[Need]) -> list[str]:
    """Return the package manager's command that installs `missing`; [] if it is unknown."""
    if shutil.which("apt-get"):
        names = sorted({need.apt for need in missing})
        return ["apt-get", "install", "-y", "--no-install-recommends", *names]
    for manager in ("dnf", "zypper"):
        if shutil.which(manager):
            return [manager, "install", *sorted({_rpm(need) for need in missing})]
    if shutil.which("pacman"):
        return ["pacman", "-S", "--needed", *sorted({need.pacman for need in missing})]
    return []


def _rpm(need: Need) -> str:
    """Return what dnf and zypper understand: they take a library or a program's path."""
    if need in {FONT, COMPILER, VENV}:
        return {FONT: "dejavu-sans-fonts", COMPILER: "gcc-c++", VENV: "python3"}[need]
    return f"{need.thing}()(64bit)" if ".so." in need.thing else f"/usr/bin/{need.thing}"


def is_root() -> bool:
    """Return whether this is the user who may install packages."""
    return sys.platform != "win32" and os.geteuid() == 0


def _how(missing: Sequence[Need]) -> str:
    command = install_command(missing)
    if not command:
        names = ", ".join(need.thing for need in missing)
        return f"Install {names} with this system's package manager."
    prefix = [] if is_root() else ["sudo"]
    return f"Install it with: {spell([*prefix, *command])}"


def apt_install(command: list[str]) -> None:
    """Run apt-get without questions, after fetching the lists of packages.

    One source of many that can't be reached makes the fetching fail; the install decides.
    """
    quiet = {"DEBIAN_FRONTEND": "noninteractive"}
    by_hand = f"Install the packages by hand, then run this again: {spell(command)}"
    failed = "apt-get could not install the missing system packages"
    with contextlib.suppress(SetupError):
        run(["apt-get", "update"], happened=failed, next_step=by_hand, environment=quiet)
    run(command, happened=failed, next_step=by_hand, environment=quiet)
    _known_libraries.cache_clear()


def has_compiler() -> bool:
    """Return whether a C++ compiler can be found, as CMake would look for it."""
    if os.name == "nt":
        return shutil.which("cl") is not None or _visual_studio()
    if sys.platform == "darwin":
        found = subprocess.run(["xcode-select", "-p"], capture_output=True, check=False)  # noqa: S607
        return found.returncode == 0
    configured = os.environ.get("CXX", "")
    return any(shutil.which(name) for name in (configured, "c++", "g++", "clang++") if name)


def _visual_studio() -> bool:
    programs = os.environ.get("ProgramFiles(x86)", r"C:\Program Files (x86)")  # noqa: SIM112 - its name
    finder = Path(programs) / "Microsoft Visual Studio" / "Installer" / "vswhere.exe"
    if not finder.exists():
        return False
    tools = "Microsoft.VisualStudio.Component.VC.Tools.x86.x64"
    found = subprocess.run(
        [str(finder), "-products", "*", "-requires", tools, "-property", "installationPath"],
        capture_output=True,
        text=True,
        check=False,
    )
    return bool(found.stdout.strip())


def _require_compiler() -> None:
    if has_compiler():
        return
    install = (
        "winget install Microsoft.VisualStudio.2022.BuildTools --override "
        '"--passive --wait --add Microsoft.VisualStudio.Workload.VCTools --includeRecommended"'
        if os.name == "nt"
        else "xcode-select --install"
    )
    raise SetupError(
        "This machine has no C++ compiler, and llama.cpp is built from source.",
        f"Install one, then run this again: {install}",
    )
