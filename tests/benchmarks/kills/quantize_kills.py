"""Kills the program, or its child, at random moments while it makes a level of a model.

Usage: python -m tests.benchmarks.kills.quantize_kills [--kills 200] [--level Q2_K] [--seed 1]

The model has random weights, 30 MB of them; programs and children are forked. Of four kills one
ends the whole program (and its child outlives it for a moment), three end the child under a program
that goes on. After each the models folder is looked through: a file that is listed must be the very
level, byte for byte. At the end a start of the program has to leave nothing behind, and one more
try without a kill has to make the level.
"""

import argparse
import hashlib
import json
import random
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from functools import partial
from pathlib import Path
from typing import Self

import psutil

from core.app.app import App
from core.app.events.model_events import QuantizationJobFinished
from core.app.quantization.quantization_jobs import PARTIAL_SUFFIX, QuantizationJobProgress
from core.base.paths import Paths
from core.ipc.reply import Reply
from tests.benchmarks.kills.forked_children import forked_children
from tests.benchmarks.kills.killed_functions import run_and_kill, run_to_end
from tests.engine.quantization.test_quantization import Bytewise
from tests.gguf.synthetic import dense

SOURCE = "random-weights-F16.gguf"
_EVERY = 4
"""One kill of so many ends the whole program."""


def command(root: Path, *words: str) -> list[str]:
    """Return the program's command line on this root."""
    return [sys.executable, "-m", "desktop", "--root", str(root), "--json", *words]


def quantize(root: Path, level: str) -> list[str]:
    """Return what makes the level."""
    return command(root, "model", "quantize", source_ref(root), level, "--no-measure")


def source_ref(root: Path) -> str:
    """Return the name of the model that levels are made of."""
    return str(root / "models" / SOURCE)


def write_source(folder: Path) -> None:
    """Write the model with random weights."""
    like = dense(layers=6, width=512, inner=1536)
    Bytewise(like.architecture, like.figures, like.shapes).write(folder / SOURCE)


def digest(path: Path) -> str:
    """Return a file's SHA-256."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def made(root: Path) -> list[Path]:
    """Return the files of the models folder that the program would list."""
    return sorted(each for each in (root / "models").glob("*.gguf") if each.name != SOURCE)


class Program:
    """A program in this process, whose child is killed; `with` opens and closes it."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._woken = threading.Event()
        self._app = App(Paths(root), self._woken.set)

    def __enter__(self) -> Self:
        self._app.open_root()
        return self

    def __exit__(self, *_: object) -> None:
        self._app.close()

    def kill_child(self, level: str, after: float) -> bool:
        """Begin to make the level, end the child after so long; returns whether it wrote."""
        job = self._begin(level)
        end = time.monotonic() + after
        while time.monotonic() < end and not job.is_done:
            self._pump(end - time.monotonic())
        child = next(iter(psutil.Process().children()), None)
        wrote = child is not None and not job.is_done and has_begun(self._root)
        if child is not None:
            child.kill()
        while not job.is_done:
            self._pump(1.0)
        return wrote

    def make_level(self, level: str) -> None:
        """Make it."""
        job = self._begin(level)
        while not job.is_done:
            self._pump(1.0)

    def _begin(self, level: str) -> Reply[QuantizationJobProgress, QuantizationJobFinished]:
        return self._app.quantizations.create_quantization(
            source_ref(self._root), level, measure=False
        )

    def _pump(self, seconds: float) -> None:
        self._woken.wait(max(min(seconds, 0.2), 0.0))
        self._woken.clear()
        self._app.process_events()


def has_begun(root: Path) -> bool:
    """Return whether a level is there in part."""
    return any((root / "models").glob(f"*{PARTIAL_SUFFIX}"))


def make_level(root: Path, level: str) -> None:
    """Be a program that makes the level."""
    print("begins", flush=True)
    with Program(root) as program:
        program.make_level(level)


def check(root: Path, reference: str) -> list[str]:
    """Return what is wrong with the models folder; what is whole is removed."""
    wrong = []
    for path in made(root):
        if digest(path) != reference:
            wrong.append(f"{path.name} is listed and is not whole")
        path.unlink()
    return wrong


class Killing:
    """One run on two roots: one for programs that are ended, one for a program that goes on."""

    def __init__(self, folder: Path, level: str, seed: int) -> None:
        self._level = level
        self._chance = random.Random(seed)
        self.ended, self.going_on = folder / "ended", folder / "going-on"
        for root in (self.ended, self.going_on):
            Paths(root).create_folders()
            write_source(root / "models")
        started = time.perf_counter()
        run_to_end(partial(make_level, self.ended, level))
        self.seconds = time.perf_counter() - started
        (target,) = made(self.ended)
        self.reference = digest(target)
        target.unlink()
        self.counts: Counter[str] = Counter()
        self.wrong: list[str] = []
        self.tries = 0

    def kill(self, kills: int) -> None:
        """Kill so often while it is written, and look each time; other kills don't count."""
        with Program(self.going_on) as program:
            while self.counts["child"] + self.counts["program"] < kills:
                self.tries += 1
                after = self._chance.uniform(0.0, self.seconds)
                if self.tries % _EVERY:
                    wrote, root = program.kill_child(self._level, after), self.going_on
                    kind = "child"
                else:
                    work, root = partial(make_level, self.ended, self._level), self.ended
                    was_killed, _lines = run_and_kill(work, self._chance, self.seconds)
                    kind, wrote = "program", was_killed and has_begun(root)
                self.counts[kind if wrote else "otherwise"] += 1
                self.wrong += check(root, self.reference)
                seen = ", ".join(f"{key} {count}" for key, count in self.counts.items())
                print(f"{self.tries}: {seen}, wrong {len(self.wrong)}", file=sys.stderr, flush=True)

    def found(self) -> dict[str, object]:
        """Start the program once more on both roots and return what was seen."""
        unusable, left = [], []
        for root in (self.ended, self.going_on):
            listed = subprocess.run(command(root, "model", "list"), check=True, capture_output=True)
            entries = map(json.loads, listed.stdout.splitlines())
            unusable += [entry["ref"] for entry in entries if "problem" in entry]
            left += [path.name for path in (root / "models").iterdir() if path.name != SOURCE]
        subprocess.run(quantize(self.ended, self._level), check=True, capture_output=True)
        return {
            **self.counts,
            "seconds_without_kill": round(self.seconds, 2),
            "listed_half_files": len(self.wrong),
            "unusable_listed": unusable,
            "left_after_start": left,
            "made_afterwards": [digest(path) for path in made(self.ended)] == [self.reference],
        }


def main() -> int:
    """Run as told and print what was seen; 1 if anything half-made was listed or left."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--level", default="Q2_K")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="inglenook-kills-") as folder, forked_children():
        killing = Killing(Path(folder), options.level, options.seed)
        killing.kill(options.kills)
        found = killing.found()
    print(json.dumps({"kills": options.kills, **found}))
    bad = [found[key] for key in ("listed_half_files", "unusable_listed", "left_after_start")]
    wrong = sum(map(bool, bad)) + (not found["made_afterwards"])
    kills = killing.counts["child"] + killing.counts["program"]
    print(f"quantizing: killed {kills}, wrong {wrong}")
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
