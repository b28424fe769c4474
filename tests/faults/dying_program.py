"""A part of the program in a process of its own, which is killed at a place or at a moment.

`run(script, …)` runs a Python source with the repository on its path. In it, `Ledger.write` says
on standard output what is on disk for certain; whoever killed the process reads it there.
"""

import os
import random
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import apsw

REPOSITORY = Path(__file__).resolve().parents[2]
_KILL = 9
KILLS = int(os.environ.get("INGLENOOK_FAULT_KILLS", "3"))
"""Kills at random moments in each test that kills so; more at night."""


def start(script: str, *words: str | Path, before: Sequence[str] = ()) -> subprocess.Popen[str]:
    """Start a Python source, by a program `before` it; what it writes can be read until its end."""
    return subprocess.Popen(
        [*before, sys.executable, "-c", script, *map(str, words)],
        cwd=REPOSITORY,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,  # its own children end with it
    )


def kill_group(process: subprocess.Popen[str]) -> list[str]:
    """End a process and its children at once; return the lines that it wrote."""
    if sys.platform == "win32":
        raise OSError("groups are those of Unix")
    if process.poll() is None:
        os.killpg(process.pid, _KILL)
    written, errors = process.communicate()
    assert process.returncode in {0, -_KILL}, errors
    return written.splitlines()


def run_and_kill(script: str, *words: str | Path, dice: random.Random, longest: float) -> list[str]:
    """Run a source until its first line and a random while more; return all lines."""
    process = start(script, *words)
    assert process.stdout is not None
    first = process.stdout.readline().rstrip("\n")
    time.sleep(dice.uniform(0.0, longest))
    return [first, *kill_group(process)]


def run_to_end(
    script: str, *words: str | Path, before: Sequence[str] = ()
) -> tuple[int, list[str]]:
    """Run a source; return its exit code (negative: the signal) and lines."""
    process = start(script, *words, before=before)
    written, errors = process.communicate()
    assert process.returncode in {0, -_KILL}, errors
    return process.returncode, written.splitlines()


def kill_at_statement(number: int) -> None:
    """End this process before SQLite's statement of this number, counted from 0, on any connection.

    A negative number kills at no statement; `count_statements` tells how many there are.
    """
    _Statements.deadline = number
    apsw.connection_hooks.append(_Statements.attach)


def count_statements() -> int:
    """Return how many statements began since `kill_at_statement`."""
    return _Statements.begun


class _Statements:
    deadline = -1
    begun = 0

    @classmethod
    def attach(cls, connection: apsw.Connection) -> None:
        connection.trace_v2(apsw.SQLITE_TRACE_STMT, cls._begin)

    @classmethod
    def _begin(cls, _event: object) -> None:
        if cls.begun == cls.deadline:
            os.kill(os.getpid(), _KILL)
        cls.begun += 1


def spread(count: int, places: int) -> Sequence[int]:
    """Return at most `places` of `count` numbers, first and last among them; all at night."""
    if places < KILLS or count <= places:
        return range(count)
    return sorted({round(place * (count - 1) / (places - 1)) for place in range(places)})
