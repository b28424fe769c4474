"""Write constraints.txt anew from what is installed; run it with the environment's python."""

import re
import tomllib
from collections.abc import Iterable, Iterator
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parent.parent
CONSTRAINTS = ROOT / "packaging" / "constraints.txt"
RANGES = {"torch": "torch>=2.10,<3"}
"""Not pinned: a machine brings the build that suits its processor or graphics card."""
WITH_TORCH = re.compile(r"torch|triton|(nvidia|cuda)-.*")
"""What a build of torch brings along; each build names its own versions."""
ELSEWHERE = {  # asked for on Windows or macOS only, so not found here
    "colorama": "0.4.6",
    "macholib": "1.16.4",
    "pefile": "2024.8.26",
    "pywin32-ctypes": "0.2.3",
}
_HEAD = """\
# The exact version of everything that is installed, on every system. Made by packaging/lock.py.
# torch is a range: which build is right depends on the machine, and pip's own settings choose it.
"""


def canonical(name: str) -> str:
    """Return the one spelling of a distribution's name."""
    return re.sub(r"[-_.]+", "-", name).lower()


def named_by_project() -> list[Requirement]:
    """Return what pyproject.toml asks for on this machine, the developers' tools included."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lines = project["dependencies"] + project["optional-dependencies"]["dev"]
    return [wanted for wanted in map(Requirement, lines) if _applies(wanted, extras=())]


def closure(wanted: Iterable[Requirement]) -> dict[str, str]:
    """Return name and installed version of `wanted` and of all it depends on here.

    What belongs to torch's build is left out.
    """
    found: dict[str, str] = {}
    seen: set[tuple[str, tuple[str, ...]]] = set()
    stack = list(wanted)
    while stack:
        requirement = stack.pop()
        key = (canonical(requirement.name), tuple(sorted(requirement.extras)))
        if key in seen:
            continue
        seen.add(key)
        found[key[0]] = metadata.version(requirement.name)
        stack += _needs(requirement)
    return {name: found[name] for name in found if not WITH_TORCH.fullmatch(name)}


def _needs(requirement: Requirement) -> Iterator[Requirement]:
    for line in metadata.requires(requirement.name) or ():
        needed = Requirement(line)
        if _applies(needed, extras=requirement.extras):
            yield needed


def _applies(requirement: Requirement, *, extras: Iterable[str]) -> bool:
    marker = requirement.marker
    return marker is None or any(marker.evaluate({"extra": extra}) for extra in ("", *extras))


def locked() -> str:
    """Return the text of constraints.txt for what is installed now."""
    pins = {name: f"{name}=={version}" for name, version in ELSEWHERE.items()}
    pins |= {name: f"{name}=={version}" for name, version in closure(named_by_project()).items()}
    pins |= RANGES
    return _HEAD + "".join(f"{pins[name]}\n" for name in sorted(pins))


if __name__ == "__main__":
    CONSTRAINTS.write_text(locked(), encoding="utf-8")
