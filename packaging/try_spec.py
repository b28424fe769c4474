"""Build the installers' folder without the children's libraries, and look whether it holds.

    .venv/bin/python packaging/try_spec.py

Part of what every change must pass: half a minute instead of the minutes a whole build takes. Uses
the environment it is called from. Proves that the spec works, that both programs start, and that
neither has what belongs to the other.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from PyInstaller.archive.readers import CArchiveReader  # type: ignore[import-untyped]

import contents
from console import ROOT, SetupError, run, say

FORBIDDEN = {"Inglenook": contents.HEAVY, "inglenook-cli": ("PySide6", "shiboken6")}


def main() -> int:
    """Build and look; 1 with what is wrong."""
    folder = Path(tempfile.mkdtemp(prefix="inglenook-spec-"))
    try:
        complaints = _complaints(_built(folder))
    except SetupError as error:
        complaints = str(error).splitlines()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    for complaint in complaints:
        say(complaint)
    return 1 if complaints else 0


def _built(folder: Path) -> Path:
    run(
        [
            *(sys.executable, "-m", "PyInstaller", str(ROOT / "packaging" / "inglenook.spec")),
            *("--noconfirm", "--log-level", "ERROR"),
            *("--distpath", str(folder / "dist"), "--workpath", str(folder / "work")),
        ],
        happened="PyInstaller could not build the folder",
        next_step="Its last lines above say at what.",
        environment={"INGLENOOK_LIGHT": "1"},
    )
    return folder / "dist" / "Inglenook"


def _complaints(tree: Path) -> list[str]:
    found = [
        f"{program} holds {name}"
        for program, names in FORBIDDEN.items()
        for name in _modules(tree / program)
        if name.partition(".")[0] in names
    ]
    suffix = ".exe" if os.name == "nt" else ""
    answer = subprocess.run(
        [str(tree / f"inglenook-cli{suffix}"), "--version"],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    if not answer.stdout.startswith("inglenook "):
        found.append(f"inglenook-cli doesn't start: {answer.stderr.strip()[-500:]}")
    found += _window(tree / f"Inglenook{suffix}")
    return found


def _window(program: Path) -> list[str]:
    """Return what is wrong with the window's program, which refuses a root that is a file."""
    done = subprocess.run(
        [str(program), "--root"], capture_output=True, text=True, check=False, timeout=120
    )
    return [] if done.returncode == 2 else [f"Inglenook doesn't start: {done.stderr[-500:]}"]


def _modules(program: Path) -> list[str]:
    """Return the names of the modules a program holds."""
    path = program if program.exists() else program.with_suffix(".exe")
    return list(CArchiveReader(str(path)).open_embedded_archive("PYZ.pyz").toc)


if __name__ == "__main__":
    sys.exit(main())
