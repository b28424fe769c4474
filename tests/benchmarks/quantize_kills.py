"""Kills the program, or its child, at random moments while it makes a level of a model.

Usage: python -m tests.benchmarks.quantize_kills [--kills 200] [--level Q2_K] [--seed 1]

After each kill the models folder is looked through: a file that is listed must be the very level,
byte for byte; nothing half-made may have a name that is listed. At the end a start of the program
has to leave nothing behind, and one more try without a kill has to make the level.
"""

import argparse
import contextlib
import hashlib
import json
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil

from core.app.levels import PARTIAL
from core.paths import Paths

STARTER = "smollm2-135m-instruct-q4_1"
_LONGEST = 120.0


def command(root: Path, *words: str) -> list[str]:
    """Return the program's command line on this root."""
    return [sys.executable, "-m", "desktop", "--root", str(root), "--json", *words]


def quantize(root: Path, level: str) -> list[str]:
    """Return what makes the level."""
    return command(root, "model", "quantize", STARTER, level, "--no-measure")


def digest(path: Path) -> str:
    """Return a file's SHA-256."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def made(root: Path) -> list[Path]:
    """Return the files of the models folder that the program would list."""
    return sorted((root / "models").glob("*.gguf"))


def kill_once(root: Path, level: str, after: float, *, child_only: bool) -> bool:
    """Start making the level and kill after so many seconds; returns whether a kill happened."""
    process = subprocess.Popen(
        quantize(root, level), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    time.sleep(after)
    children: list[psutil.Process] = []
    with contextlib.suppress(psutil.NoSuchProcess):
        children = psutil.Process(process.pid).children(recursive=True)
    happened = process.poll() is None
    with contextlib.suppress(psutil.NoSuchProcess):
        if child_only:
            for child in children:
                child.kill()
        else:
            process.kill()
    process.wait(_LONGEST)
    psutil.wait_procs(children, timeout=_LONGEST)
    return happened and (not child_only or bool(children))


def check(root: Path, reference: str) -> str:
    """Return what is wrong with the models folder, "" for nothing; what is whole is removed."""
    for path in made(root):
        if digest(path) != reference:
            return f"{path.name} is listed and is not whole"
        path.unlink()
    return ""


def run(kills: int, level: str, seed: int) -> dict[str, object]:
    """Kill so often, and return what was seen."""
    chance = random.Random(seed)
    with tempfile.TemporaryDirectory(prefix="inglenook-kills-") as folder:
        root = Path(folder)
        Paths(root).create()
        started = time.perf_counter()
        subprocess.run(quantize(root, level), check=True, capture_output=True)
        whole = time.perf_counter() - started
        (target,) = made(root)
        reference = digest(target)
        target.unlink()
        counts = {"front_end": 0, "child": 0, "too_late": 0, "half_seen": 0}
        problems: list[str] = []
        for number in range(kills):
            child_only = number % 2 == 1
            after = chance.uniform(0.0, whole * 1.1)
            happened = kill_once(root, level, after, child_only=child_only)
            counts[("child" if child_only else "front_end") if happened else "too_late"] += 1
            counts["half_seen"] += any((root / "models").glob(f"*{PARTIAL}"))
            if problem := check(root, reference):
                problems.append(problem)
            seen = ", ".join(f"{key} {count}" for key, count in counts.items())
            print(f"{number + 1}: {seen}, wrong {len(problems)}", file=sys.stderr, flush=True)
        listed = subprocess.run(command(root, "model", "list"), check=True, capture_output=True)
        unusable = [
            entry["ref"]
            for entry in map(json.loads, listed.stdout.splitlines())
            if "problem" in entry
        ]
        left = [path.name for path in (root / "models").iterdir()]
        subprocess.run(quantize(root, level), check=True, capture_output=True)
        again = [digest(path) == reference for path in made(root)]
    return {
        "kills": kills,
        **counts,
        "seconds_without_kill": round(whole, 2),
        "listed_half_files": len(problems),
        "problems": problems[:5],
        "unusable_listed": unusable,
        "left_after_start": left,
        "made_afterwards": again == [True],
    }


def main() -> int:
    """Run as told and print what was seen; 1 if anything half-made was listed or left."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--level", default="Q2_K")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    seen = run(options.kills, options.level, options.seed)
    print(json.dumps(seen))
    bad = seen["listed_half_files"] or seen["unusable_listed"] or seen["left_after_start"]
    return int(bool(bad) or not seen["made_afterwards"])


if __name__ == "__main__":
    sys.exit(main())
