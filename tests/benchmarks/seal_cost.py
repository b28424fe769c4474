"""What the seal of children costs: engine and library with it and without it, in turns.

Run `python -m tests.benchmarks.seal_cost [ROUNDS] [--tokens 96] [--files 12]`, pinned to one core.
Two applications with real children are open at once, one of them with INGLENOOK_SEAL=off. In each
round both answer the same question and read a folder with the same new texts. Processor time of the
children counts, so that what else the machine does matters little.
"""

import argparse
import os
import random
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

import psutil

from core.app.app import App
from core.app.events.app_events import AnswerFailed, AnswerFinished, AppEvent
from core.base.paths import Paths, shipped_models
from core.base.settings import app_settings
from core.messages import Sampling
from core.sandbox.seal_level import LEVEL_VARIABLE, SealLevel

_QUESTION = "Write a long story about a lighthouse keeper and the sea."
_LONGEST = 600.0
_WORDS = ("harbour", "invoice", "lantern", "meadow", "engine", "garden", "letter", "winter")


class Side:
    """An open application whose children are sealed so far."""

    def __init__(self, folder: Path, level: SealLevel) -> None:
        folder.mkdir()
        self._level = level
        self._folder = folder
        paths = Paths(folder / "root")
        paths.create_folders()
        self._woken = threading.Event()
        self._told: list[AppEvent] = []
        self.app = App(paths, self._woken.set)
        self.app.subscribe(self._told.append)
        self.app.open_root()
        self.app.settings.override_value(app_settings.CONTEXT, 1024)
        self.app.settings.override_value(app_settings.THREADS, 1)
        self.app.settings.override_value(app_settings.SPECULATIVE_DECODING, value=False)

    def work(self, name: str, number: int, options: argparse.Namespace) -> float:
        """Return the processor seconds of the engine's work or the library's."""
        if name == "engine":
            return self.answer(options.tokens)
        return self.read_folder(number, options.files)

    def answer(self, tokens: int) -> float:
        """Return the processor seconds of one answer."""
        os.environ[LEVEL_VARIABLE] = self._level
        before = _seconds("engine")
        self.app.questions.ask_question(
            _QUESTION,
            temporary=True,
            sampling=Sampling(temperature=0.0),
            max_tokens=tokens,
            model=str(shipped_models()[0]),
        )
        self._wait_for(self._has_answered)
        return _seconds("engine") - before

    def read_folder(self, number: int, files: int) -> float:
        """Return the processor seconds of reading a folder of new texts."""
        os.environ[LEVEL_VARIABLE] = self._level
        papers = _write_texts(self._folder / f"papers {number}", number, files)
        before = _seconds("library")
        reply = self.app.folders.add_folder(str(papers))
        self._wait_for(lambda: reply.is_done)
        return _seconds("library") - before

    def _has_answered(self) -> bool:
        for event in self._told:
            if isinstance(event, AnswerFailed):
                raise SystemExit(event.problem.message)
        found = any(isinstance(event, AnswerFinished) for event in self._told)
        self._told.clear()
        return found

    def _wait_for(self, is_done: Callable[[], bool]) -> None:
        deadline = time.monotonic() + _LONGEST
        while not is_done():
            if time.monotonic() > deadline:
                raise TimeoutError
            self._woken.wait(0.02)
            self._woken.clear()
            self.app.process_events()


def _write_texts(folder: Path, seed: int, files: int) -> Path:
    folder.mkdir()
    dice = random.Random(seed)
    for number in range(files):
        words = (f"{dice.choice(_WORDS)} {dice.randrange(10_000)}" for _ in range(200))
        (folder / f"{number}.txt").write_text(f"{', '.join(words)}.")
    return folder


def _seconds(role: str) -> float:
    """Return what all children of a role, and their children, have computed."""
    total = 0.0
    for child in psutil.Process().children():
        if child.cmdline()[-1:] == [role]:
            for each in (child, *child.children(recursive=True)):
                times = each.cpu_times()  # those of children that have ended among them
                total += times.user + times.system + times.children_user + times.children_system
    return total


def main() -> int:
    """Print the ratio of each round, sealed over unsealed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("rounds", type=int, nargs="?", default=6)
    parser.add_argument("--tokens", type=int, default=96)
    parser.add_argument("--files", type=int, default=12)
    parser.add_argument("--only", choices=("engine", "library"))
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="seal-cost-") as place:
        sides = [Side(Path(place, level), level) for level in (SealLevel.WHOLE, SealLevel.OFF)]
        ratios: dict[str, list[float]] = {"engine": [], "library": []}
        for number in range(options.rounds + 1):  # the first loads the models
            order = sides if number % 2 else sides[::-1]
            for name, found in ratios.items():
                if options.only not in {None, name}:
                    continue
                spent = {side: side.work(name, number, options) for side in order}
                if number:
                    found.append(spent[sides[0]] / spent[sides[1]])
        for side in sides:
            print(side.app.engine.seal, side.app.library.seal)
            side.app.close()
    for name, found in ratios.items():
        if not found:
            continue
        each = " ".join(f"{ratio:.3f}" for ratio in found)
        print(f"{name}: sealed over unsealed {statistics.median(found):.3f} (pairs: {each})")
    return 0


if __name__ == "__main__":
    sys.exit(main())
