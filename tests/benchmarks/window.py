"""How soon the window takes a key, against an empty PySide6 window started the same way.

    python -m tests.benchmarks.window [--platform offscreen|xcb] [--runs N] [--cores 0,1]

Time runs from before the process is started until a key that was posted to the focused text field
has arrived in it; the empty window is such a field alone. Runs alternate, both programs are pinned
to the same cores, medians are compared. Half of the runs start on a root that was used before.
"""

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parents[2]


def _start(arguments: list[str], qt_platform: str) -> float:
    """Return milliseconds from start to key."""
    command = [sys.executable, "-m", "tests.benchmarks.window_child", *arguments]
    environment = {**os.environ, "QT_QPA_PLATFORM": qt_platform}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # an installed program is compiled once
    began = time.monotonic_ns()
    ended = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    return (int(ended.stdout.split()[-1]) - began) / 1e6


def _measure(options: argparse.Namespace) -> dict[str, list[float]]:
    times: dict[str, list[float]] = {"empty": [], "inglenook": []}
    with tempfile.TemporaryDirectory() as folder:
        for run in range(options.runs + 1):
            root = f"{folder}/{run}" if run % 2 else f"{folder}/kept"
            empty = _start(["empty"], options.platform)
            ours = _start(["inglenook", root], options.platform)
            if run:  # the first fills the caches
                times["empty"].append(empty)
                times["inglenook"].append(ours)
    return times


def _pin(cores: set[int]) -> None:
    if sys.platform == "linux":
        os.sched_setaffinity(0, cores)
    else:
        sys.exit("--cores works on Linux only")


def main() -> int:
    """Measure and print one JSON object."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--platform", default="offscreen", choices=("offscreen", "xcb"))
    parser.add_argument("--runs", type=int, default=9)
    parser.add_argument("--cores", default="")
    options = parser.parse_args()
    if options.cores:
        _pin({int(core) for core in options.cores.split(",")})
    times = _measure(options)
    medians = {which: statistics.median(measured) for which, measured in times.items()}
    result = {
        "benchmark": "window accepts a key",
        "platform": options.platform,
        "machine": f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores",
        "load": round(psutil.getloadavg()[0], 1),
        "runs": options.runs,
        "median_ms": {which: round(value, 1) for which, value in medians.items()},
        "least_ms": {which: round(min(measured), 1) for which, measured in times.items()},
        "ratio": round(medians["inglenook"] / medians["empty"], 2),
    }
    sys.stdout.write(json.dumps(result) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
