"""What the set-up prints, how it runs a program, and how it gives up: in two sentences."""

import os
import shlex
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


class SetupError(Exception):
    """The set-up can't go on: what happened, and what to do next."""

    def __init__(self, happened: str, next_step: str) -> None:
        super().__init__(f"{happened}\n{next_step}")


def say(text: str) -> None:
    """Print a line on standard error; standard output belongs to what was asked for."""
    print(f"inglenook: {text}", file=sys.stderr, flush=True)


def spell(command: Sequence[str]) -> str:
    """Return `command` as one would type it."""
    return subprocess.list2cmdline(command) if os.name == "nt" else shlex.join(command)


def run(
    command: Sequence[str],
    *,
    happened: str,
    next_step: str,
    environment: Mapping[str, str] | None = None,
) -> None:
    """Run `command` in the checkout with its output shown; SetupError unless it ends with 0."""
    say(f"$ {spell(command)}")
    try:
        done = subprocess.run(
            command,
            cwd=ROOT,
            env={**os.environ, **(environment or {})},
            stdin=subprocess.DEVNULL,
            stdout=sys.stderr,
            check=False,
        )
    except OSError as error:
        raise SetupError(f"{happened} ({error}).", next_step) from error
    if done.returncode:
        raise SetupError(f"{happened} (exit code {done.returncode}).", next_step)
