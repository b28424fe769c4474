"""What a change must pass: format, lint, types on three systems, layers, installers, tests."""

import subprocess
import time
from collections.abc import Sequence
from pathlib import Path

from console import ROOT, say, spell

PLATFORMS = ("linux", "win32", "darwin")
SIDE_BY_SIDE = ("-n", "2", "--dist", "loadfile", "--no-loadscope-reorder")
"""Two files of tests at a time: more would only make llama.cpp's threads wait for each other. In
order of their names: llama.cpp keeps the processor's tiles (AMX) set up from its first batch on,
and torch releases them, so that in one process all of tests/engine has to come before torch."""
NO_RESTART = ("--max-worker-restart", "0")
"""A worker that dies ends the run, its test named; xdist can wait for ever for what replaces one:
https://github.com/pytest-dev/pytest-xdist/issues/1323"""
QUICK = ("-m", "not slow")
LONGEST_SECONDS = 3600
"""A check that takes longer hangs; the tests take a quarter of it on two cores."""
LINT_IMPORTS = (
    "import sys; from importlinter.cli import lint_imports_command as main; "
    "sys.argv[0] = 'lint-imports'; main()"
)


def run_quick_tests(python: Path, pytest_arguments: Sequence[str]) -> int:
    """Run the tests that are not marked `slow`, and no other check; 0 only if all passed."""
    return 0 if _passes("tests", tests(python, [*QUICK, *pytest_arguments])) else 1


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
        ("tests", tests(python, pytest_arguments)),
    ]


def tests(python: Path, pytest_arguments: Sequence[str]) -> list[str]:
    """Return the command that runs the tests."""
    return [str(python), "-m", "pytest", *SIDE_BY_SIDE, *NO_RESTART, *pytest_arguments]


def _passes(title: str, command: list[str]) -> bool:
    say(f"{title}: {spell(command[1:])}")
    started = time.monotonic()
    try:
        ended = subprocess.run(command, cwd=ROOT, check=False, timeout=LONGEST_SECONDS)
        passed = ended.returncode == 0
    except subprocess.TimeoutExpired:
        say(f"{title}: still running after {LONGEST_SECONDS} s; it was ended")
        passed = False
    say(f"{title}: {'passed' if passed else 'FAILED'} in {time.monotonic() - started:.0f} s")
    return passed
