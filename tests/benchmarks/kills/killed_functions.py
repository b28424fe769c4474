"""Killed functions: one runs in a process forked from this one, and is killed with its group."""

import os
import random
import signal
import sys
import time
import traceback
from collections.abc import Callable
from typing import NoReturn, TextIO

import psutil

_LEAVES_WITHIN = 60.0


def run_and_kill(
    work: Callable[[], None], dice: random.Random, longest: float
) -> tuple[bool, list[str]]:
    """Run until the first line that it prints and a random while more.

    Its own children, which have groups of their own, see that it is gone and leave; they are waited
    for. Returns whether it was killed, and all that it printed. Raises RuntimeError if it failed.
    """
    if sys.platform == "win32":
        raise OSError("processes fork on Unix")
    pid, told = _start(work)
    with told:
        lines = [told.readline()]
        time.sleep(dice.uniform(0.0, longest))
        children = psutil.Process(pid).children(recursive=True)
        os.killpg(pid, signal.SIGKILL)
        lines += told.readlines()
    _pid, status = os.waitpid(pid, 0)
    psutil.wait_procs(children, timeout=_LEAVES_WITHIN)
    if os.WIFEXITED(status) and os.WEXITSTATUS(status):
        raise RuntimeError("the process failed; its traceback stands above")
    return os.WIFSIGNALED(status), [line.rstrip("\n") for line in lines]


def run_to_end(work: Callable[[], None]) -> list[str]:
    """Run in a process of its own; return what it printed. Raises RuntimeError if it failed."""
    pid, told = _start(work)
    with told:
        lines = told.read().splitlines()
    _pid, status = os.waitpid(pid, 0)
    if status:
        raise RuntimeError(f"the process ended with status {status}")
    return lines


def _start(work: Callable[[], None]) -> tuple[int, TextIO]:
    """Fork a process that runs this; return its id, and what it prints."""
    if sys.platform == "win32":
        raise OSError("processes fork on Unix")
    reads, writes = os.pipe()
    sys.stdout.flush()
    pid = os.fork()
    if not pid:
        _work(work, writes)
    os.close(writes)
    return pid, os.fdopen(reads)


def _work(work: Callable[[], None], writes: int) -> NoReturn:
    if sys.platform == "win32":
        raise OSError("nothing is forked on Windows")
    code = 1
    try:
        os.setsid()
        os.dup2(writes, 1)
        sys.stdout = os.fdopen(1, "w", closefd=False)
        work()
        sys.stdout.flush()
        code = 0
    except Exception:  # noqa: BLE001 - it is said, and this process must not go on as the other
        traceback.print_exc()
    finally:
        os._exit(code)
