"""The virtual environment: made, filled after the lock file, and stamped as done."""

import hashlib
import json
import os
import re
import shutil
import sys
from pathlib import Path

import starter_models
import system_packages
from console import ROOT, SetupError, run, say

VENV = ROOT / ".venv"
CONSTRAINTS = ROOT / "packaging" / "constraints.txt"
STAMP = VENV / "inglenook-setup.json"
OLDEST = (3, 11)


def environment_python() -> Path:
    """Return the path of the environment's python, whether it exists or not."""
    return VENV / "Scripts" / "python.exe" if os.name == "nt" else VENV / "bin" / "python"


def set_up(*, tests: bool) -> Path:
    """Bring everything Inglenook needs and return the environment's python.

    What a former set-up did is not done again; an interrupted one is picked up.
    """
    stamp = _read_stamp()
    version = _venv_version()
    installed = version is not None and stamp.get("environment") == _fingerprint(version)
    compiler = not installed and not _has_llama()
    system_packages.ensure(compiler=compiler, tests=tests)
    if not installed:
        _install(version, build=compiler)
    if not installed or stamp.get("models") != starter_models.state():
        starter_models.ensure(environment_python())
        _write_stamp()
    return environment_python()


def _install(version: str | None, *, build: bool) -> None:
    python = environment_python()
    if version is None:
        say(f"making the virtual environment {VENV}")
        _make_venv()
    say("installing the locked dependencies")
    if build:
        say("llama.cpp is built from source: 5 to 10 minutes on two cores, this once")
    run(
        [str(python), "-m", "pip", "install", "-c", str(CONSTRAINTS), "-e", ".[dev]"],
        happened="The dependencies could not be installed",
        next_step=(
            "The lines above say which one; check the connection to your package index and the "
            "free disk space, then run this again: it goes on where it was."
        ),
    )


def _make_venv() -> None:
    run(
        [sys.executable, "-m", "venv", "--clear", str(VENV)],
        happened="The virtual environment could not be made",
        next_step="Install Python's venv module (Debian: python3-venv), then run this again.",
    )


def _venv_version() -> str | None:
    """Return the Python version of an environment that can be used, None if there is none."""
    try:
        config = (VENV / "pyvenv.cfg").read_text(encoding="utf-8")
    except OSError:
        return None
    found = re.search(r"^version(?:_info)?\s*=\s*(\d+)\.(\d+)(\S*)", config, re.MULTILINE)
    if not found or (int(found[1]), int(found[2])) < OLDEST:
        return None
    pip = list(VENV.glob("lib/python*/site-packages/pip")) + list(VENV.glob("Lib/*/pip"))
    # The link is broken once the Python it was made with is gone.
    return f"{found[1]}.{found[2]}{found[3]}" if environment_python().exists() and pip else None


def _fingerprint(version: str) -> str:
    """Return what decides whether an installed environment is the right one.

    The checkout's path is part of it: the editable install points there.
    """
    digest = hashlib.sha256(f"{version}\n{ROOT}\n".encode())
    for path in (ROOT / "pyproject.toml", CONSTRAINTS):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _has_llama() -> bool:
    """Return whether the environment holds the llama-cpp-python the lock file names."""
    locked = re.search(r"^llama.cpp.python==(\S+)", CONSTRAINTS.read_text("utf-8"), re.MULTILINE)
    if not locked:
        raise SetupError("The lock file names no llama-cpp-python.", "Restore it with git.")
    name = f"llama_cpp_python-{locked[1]}.dist-info"
    places = ("lib/python*/site-packages", "Lib/site-packages")
    return any(list(VENV.glob(f"{place}/{name}/RECORD")) for place in places)


def _read_stamp() -> dict[str, object]:
    try:
        stamp = json.loads(STAMP.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return stamp if isinstance(stamp, dict) else {}


def _write_stamp() -> None:
    version = _venv_version()
    if version is None:
        raise SetupError(
            "The virtual environment is not usable although it was just made.",
            f"Remove {VENV} and run this again.",
        )
    stamp = {"environment": _fingerprint(version), "models": starter_models.state()}
    partial = STAMP.with_suffix(".part")
    partial.write_text(json.dumps(stamp), encoding="utf-8")
    shutil.move(partial, STAMP)
