"""Two hundred copies of the starter model, one bit of each header turned over, asked for a token.

The application loads each with its
real engine child, which may refuse or die; the application may not. After every tenth, the sound
model answers. Then the malformed files of `tests/gguf`: how long the slowest takes to be refused.
"""

import argparse
import os
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from core.base.errors import ModelError
from core.base.paths import Paths, shipped_models
from core.gguf import read_header
from tests.app.flipping import SEED, Flipped, Trials, places
from tests.gguf.test_malformed import INVALID, NOT_GGUF, TRUNCATED

COUNT = 200
SOUND_EVERY = 10


def main() -> int:
    """Print the outcomes; 1 if the sound model ever fails to answer."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("count", nargs="?", type=int, default=COUNT, help="copies")
    count: int = parser.parse_args().count
    model = shipped_models()[0]
    with tempfile.TemporaryDirectory() as folder:
        failures = flip(model, Path(folder), count)
        slowest, name = refuse(Path(folder))
    print(f"\nslowest of the malformed files to be refused: {slowest * 1000:.0f} ms ({name})")
    return 1 if failures else 0


def flip(model: Path, folder: Path, count: int) -> int:
    """Ask each flipped copy; return how often the sound model did not answer between them."""
    paths = Paths(folder / "root")
    paths.create_folders()
    trials, flipped = Trials(paths), Flipped(model, folder)
    outcomes: Counter[str] = Counter()
    sound: Counter[str] = Counter()
    longest = 0.0
    for number, (offset, bit) in enumerate(places(model, count), start=1):
        with flipped.flip(offset, bit) as path:
            started = time.perf_counter()
            outcomes[trials.ask(path)] += 1
            longest = max(longest, time.perf_counter() - started)
        if number % SOUND_EVERY == 0:
            sound[trials.ask(model)] += 1
    trials.close()
    print(f"{count} flips, seed {SEED}; this process, {os.getpid()}, has survived them all")
    for outcome, times in outcomes.most_common():
        print(f"  {outcome:<24}{times:>5}")
    print(f"  longest trial: {longest:.1f} s")
    print("the sound model in between:")
    for outcome, times in sound.most_common():
        print(f"  {outcome:<24}{times:>5}")
    return sound.total() - sound["answered"]


def refuse(folder: Path) -> tuple[float, str]:
    """Return the longest time, in seconds, that a malformed file took, and which it was."""
    took: list[tuple[float, str]] = []
    for name, content in {**INVALID, **TRUNCATED, **NOT_GGUF}.items():
        path = folder / "malformed.gguf"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        started = time.perf_counter()
        try:
            read_header(path)
        except ModelError:
            took.append((time.perf_counter() - started, name))
        else:
            raise AssertionError(f"not refused: {name}")
    return max(took)


if __name__ == "__main__":
    sys.exit(main())
