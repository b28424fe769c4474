"""What a change must pass: format, lint, types on three systems, layers, installers, tests."""

import subprocess
import time
from collections.abc import Sequence
from pathlib import Path

from console import ROOT, say, spell

PLATFORMS = ("linux", "win32", "darwin")
SIDE_BY_SIDE = ("-n", "2", "--dist", "loadfile")
"""Two files of tests at a time: more would only make llama.cpp's threads wait for each other."""
LINT_IMPORTS = (
    "import sys; from importlinter.cli import lint_imports_command as main; "
    "sys.argv[0] = 'lint-imports'; main()"
)


def run_checks(python: Path, pytest_arguments: Sequence[str]) -> int:
    """Run every check, the tests last; 0 only if all passed."""
    failed = [
        title for title, command in steps(python, pytest_arguments) if not _passes(title, command)
    ]
    if failed:
        say(f"failed: {', '.join(failed)}")
    return 1 if failed else 0


def steps(python: Path, pytest_arguments: Sequence[str]) -> list[tuple[str, list[str]]]:
    """Return each check's name and command."""

    def module(*arguments: str) -> list[str]:
        return [str(python), "-m", *arguments]

    return [
        ("format", module("ruff", "format", "--check", ".")),
        ("ruff", module("ruff", "check", ".")),
        *(
            # A cache for each: one would be thrown away at every change of platform.
            (
                f"mypy {platform}",
                module("mypy", "--platform", platform, "--cache-dir", f".mypy_cache/{platform}"),
            )
            for platform in PLATFORMS
        ),
        ("layers", [str(python), "-c", LINT_IMPORTS]),
        ("installers", [str(python), str(ROOT / "packaging" / "try_spec.py")]),
        ("tests", module("pytest", *SIDE_BY_SIDE, *pytest_arguments)),
    ]


def _passes(title: str, command: list[str]) -> bool:
    say(f"{title}: {spell(command[1:])}")
    started = time.monotonic()
    passed = subprocess.run(command, cwd=ROOT, check=False).returncode == 0
    say(f"{title}: {'passed' if passed else 'FAILED'} in {time.monotonic() - started:.0f} s")
    return passed
