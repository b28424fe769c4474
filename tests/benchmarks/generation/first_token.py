"""What a question in a terminal costs until its first letter: wall and processor time, by process.

    python -m tests.benchmarks.generation.first_token [--checkout DIR ...] [--rounds 7] [--core N]

Checkouts (this one, unless named) take turns, each with a data folder of its own in which its model
was timed and a question was answered. Their modules are compiled, as those of an installed program
are. Counted is what the program and its children have used when the first letter comes, which on a
busy machine says more than the clock; and what other commands use to their end, children included.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import psutil

from core.base.paths import shipped_models
from tests.house.sources import ROOT

_COMMANDS = {"version": ["--version"], "list": ["chat", "list"], "help": ["--help"]}
_QUESTION = "Tell me something about rivers in winter."
_CHILD_PROGRAM = "core.child_main"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--checkout", type=Path, action="append", default=[])
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--core", type=int, help="hold everything to this core")
    options = parser.parse_args()
    if options.core is not None and sys.platform == "linux":
        os.sched_setaffinity(0, {options.core})
    checkouts = [path.absolute() for path in options.checkout] or [ROOT]
    rows: dict[tuple[str, Path], list[float]] = defaultdict(list)
    with tempfile.TemporaryDirectory() as folder:
        programs = [_Program(each, Path(folder, str(n))) for n, each in enumerate(checkouts)]
        for program in programs:
            program.prepare()
        for _round in range(options.rounds):
            for program in programs:
                for name, seconds in program.measure().items():
                    rows[name, program.checkout].append(seconds)
    for (name, checkout), found in sorted(rows.items()):
        _print(f"{name}, {checkout.name}", found)
    print(f"load {psutil.getloadavg()[0]:.1f} on {os.cpu_count()} cores at the end")


def _print(name: str, found: list[float]) -> None:
    middle = statistics.median(found) * 1000
    print(f"{name:40} {middle:6.0f} ms ({min(found) * 1000:.0f} to {max(found) * 1000:.0f})")


class _Program:
    """The program of one checkout, with a data folder of its own."""

    def __init__(self, checkout: Path, root: Path) -> None:
        self.checkout = checkout
        self._environment = {**os.environ, "PYTHONPATH": str(checkout), "INGLENOOK_ROOT": str(root)}
        self._environment.pop("PYTHONDONTWRITEBYTECODE", None)

    def prepare(self) -> None:
        """Compile the modules, time the model, and answer a question."""
        compiled = [sys.executable, "-m", "compileall", "-q", "core", "desktop"]
        subprocess.run(compiled, env=self._environment, cwd=self.checkout, check=True)
        model = shipped_models()[0]
        self._run("model", "time", str(model))
        self._first_letter()

    def measure(self) -> dict[str, float]:
        """Return seconds of each thing that is counted."""
        used = {f"{name}, processor": self._run(*words) for name, words in _COMMANDS.items()}
        return {**used, **self._first_letter()}

    def _start(self, words: Sequence[str]) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-P", "-m", "desktop", *words]
        return subprocess.Popen(
            command,
            env=self._environment,
            cwd=self.checkout,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )

    def _run(self, *words: str) -> float:
        before = _ended_seconds()
        with self._start(words) as process:
            process.communicate()
        return _ended_seconds() - before

    def _first_letter(self) -> dict[str, float]:
        began = time.perf_counter()
        with self._start(["ask", _QUESTION, "--fresh", "--max-tokens", "2"]) as process:
            assert process.stdout is not None
            first = os.read(process.stdout.fileno(), 1)
            wall = time.perf_counter() - began
            used = _used(psutil.Process(process.pid))
            process.stdout.read()
        assert first, "it was not answered"
        every = {f"first letter, processor, {name}": seconds for name, seconds in used.items()}
        return {"first letter, clock": wall, **every}


def _ended_seconds() -> float:
    """Return the processor seconds of all children that have ended."""
    used = os.times()
    return used.children_user + used.children_system


def _used(process: psutil.Process) -> dict[str, float]:
    """Return the processor seconds of the program, of each child, and of those that ended."""
    times = process.cpu_times()
    used = {"program": times.user + times.system}
    if ended := times.children_user + times.children_system:
        used["ended"] = ended
    for child in process.children(recursive=True):
        words = child.cmdline()
        name = words[words.index(_CHILD_PROGRAM) + 1] if _CHILD_PROGRAM in words else child.name()
        times = child.cpu_times()
        used[name] = used.get(name, 0.0) + times.user + times.system
    return {**used, "all": sum(used.values())}


if __name__ == "__main__":
    main()
