"""What `inglenook search` costs: cold, and beside a process that holds the data folder.

    python -m tests.benchmarks.serving.search_cost ROOT [--checkout DIR ...] [--rounds 7]

ROOT is a data folder whose folders were read. Checkouts (this one, unless named) take turns, and
each works on a copy of it. Prints the median and the range of wall and processor time, the latter
with all children and, beside a holder, with what the holder and its children used for it. The
holder has answered enough searches to have its models loaded, as an open window has.
"""

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import psutil

from core.base.paths import Paths
from core.channel.channel_address import read_address
from tests.house.sources import ROOT

_SEARCHES_BEFORE = 4
_START_SECONDS = 300.0
_QUIET_SECONDS, _QUIET_SHARE = 4.0, 0.05
_MOST_SETTLE_SECONDS = 240.0


class Cost(NamedTuple):
    """Seconds of one search, and what it printed."""

    wall: float
    processor: float
    output: str


def _command(checkout: Path, root: Path, *words: str) -> tuple[list[str], dict[str, str]]:
    command = [sys.executable, "-P", "-m", "desktop", "--root", str(root), *words]
    return command, {**os.environ, "PYTHONPATH": str(checkout)}


def _search(checkout: Path, root: Path, question: str) -> Cost:
    """Run one search; processor time is that of this process's ended children."""
    command, environment = _command(checkout, root, "search", question, "--json")
    before, began = _children_seconds(), time.perf_counter()
    ended = subprocess.run(
        command, env=environment, cwd=checkout, capture_output=True, text=True, check=True
    )
    return Cost(time.perf_counter() - began, _children_seconds() - before, ended.stdout)


def _children_seconds() -> float:
    used = os.times()
    return used.children_user + used.children_system


@contextmanager
def _holder(checkout: Path, root: Path) -> Iterator[psutil.Process]:
    """Yield a process that holds the data folder and answers commands."""
    command, environment = _command(checkout, root, "serve", "--port", "0")
    with subprocess.Popen(
        command, env=environment, cwd=checkout, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        deadline = time.monotonic() + _START_SECONDS
        while read_address(Paths(root)) is None and time.monotonic() < deadline:
            time.sleep(0.2)
        try:
            yield psutil.Process(process.pid)
        finally:
            process.terminate()


def _tree_seconds(process: psutil.Process) -> float:
    return sum(sum(each.cpu_times()[:2]) for each in (process, *process.children(recursive=True)))


def _wait_until_quiet(process: psutil.Process) -> None:
    deadline = time.monotonic() + _MOST_SETTLE_SECONDS
    used = _tree_seconds(process)
    while time.monotonic() < deadline:
        time.sleep(_QUIET_SECONDS)
        before, used = used, _tree_seconds(process)
        if used - before < _QUIET_SHARE * _QUIET_SECONDS:
            return


def _beside(checkout: Path, root: Path, question: str, holder: psutil.Process) -> Cost:
    before = _tree_seconds(holder)
    found = _search(checkout, root, question)
    return found._replace(processor=found.processor + _tree_seconds(holder) - before)


def _print(name: str, costs: list[Cost]) -> None:
    for what, values in (
        ("wall", [cost.wall for cost in costs]),
        ("processor", [cost.processor for cost in costs]),
    ):
        print(
            f"{name:40} {what:9} median {statistics.median(values):6.3f} s"
            f"  {min(values):.3f} to {max(values):.3f}"
        )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("root", type=Path)
    parser.add_argument("--checkout", type=Path, action="append", default=[])
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--question", default="Who pays for small repairs in the flat?")
    parser.add_argument("--only", choices=("cold", "beside"))
    options = parser.parse_args()
    checkouts = [path.absolute() for path in options.checkout] or [ROOT]
    with tempfile.TemporaryDirectory() as folder:
        roots = {each: Path(folder) / str(place) for place, each in enumerate(checkouts)}
        for root in roots.values():
            shutil.copytree(options.root, root)
        if options.only != "beside":
            _measure_cold(roots, options.rounds, options.question)
        if options.only != "cold":
            _measure_beside(roots, options.rounds, options.question)
    print(f"load {psutil.getloadavg()[0]:.1f} on {os.cpu_count()} cores at the end")


def _measure_cold(roots: dict[Path, Path], rounds: int, question: str) -> None:
    costs: dict[Path, list[Cost]] = {checkout: [] for checkout in roots}
    for _round in range(rounds + 1):
        for checkout, root in roots.items():
            costs[checkout].append(_search(checkout, root, question))
    for checkout, found in costs.items():
        _print(f"cold, {checkout.name}", found[1:])  # the first reads files from the disk
    _say_whether_equal("cold", costs)


def _measure_beside(roots: dict[Path, Path], rounds: int, question: str) -> None:
    costs: dict[Path, list[Cost]] = {checkout: [] for checkout in roots}
    for checkout, root in roots.items():
        with _holder(checkout, root) as holder:
            for _time in range(_SEARCHES_BEFORE):
                _search(checkout, root, question)
            _wait_until_quiet(holder)  # the models are loaded meanwhile
            for _round in range(rounds + 1):
                costs[checkout].append(_beside(checkout, root, question, holder))
        _print(f"beside a holder, {checkout.name}", costs[checkout][1:])
    _say_whether_equal("beside a holder", costs)


def _say_whether_equal(name: str, costs: dict[Path, list[Cost]]) -> None:
    outputs = {cost.output for found in costs.values() for cost in found}
    print(f"{name}: {'all printed the same' if len(outputs) == 1 else 'OUTPUTS DIFFER'}")


if __name__ == "__main__":
    main()
