"""What the seal costs the children of engine and library: with it and without it, in turns.

Run `python -m tests.benchmarks.seal_cost [ROUNDS] [--tokens 96] [--only engine|library]`, pinned to
one core. Two applications with real children are open at once, one of them with INGLENOOK_SEAL=off.
In each round both answer the same question, read a folder of the same texts, and search it.
Processor time of the children counts, so that what else the machine does matters little.
"""

import argparse
import os
import random
import statistics
import sys
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import psutil

from core.ipc.reply import Reply
from core.sandbox.seal_level import LEVEL_VARIABLE, SealLevel
from tests.benchmarks.generation.answering_app import AnsweringApp

_FILES, _SENTENCES, _SEARCHES = 6, 16, 6
_WORDS = (
    "apples bolts candles drums eggs forks gloves attic barn cellar entry forge garage were was "
    "sold found bought kept painted counted weighed in near under above by the old new red small "
    "large winter summer March October seven nine twelve forty"
)


class SealedApp(AnsweringApp):
    """An application whose children are sealed so far."""

    def __init__(self, folder: Path, level: SealLevel) -> None:
        folder.mkdir()
        super().__init__(folder, context=1024, threads=1)
        self._level = level

    def answer(self, tokens: int) -> None:
        """Answer the question."""
        self.use_level()
        self.answer_question(tokens)

    def read(self, folder: Path) -> None:
        """Take in what is new in the folder."""
        self.use_level()
        self._end(self.app.folders.add_folder(str(folder)))

    def search(self, questions: list[str]) -> None:
        """Ask for passages."""
        self.use_level()
        for question in questions:
            self._end(self.app.library.search_folders(question, (), 8))

    def use_level(self) -> None:
        """Have children that start from now on sealed as this application's."""
        os.environ[LEVEL_VARIABLE] = self._level

    def _end(self, reply: "Reply[Any, Any]") -> None:
        while not reply.is_done:
            self.app.process_events()
            self._woken.wait(0.02)
            self._woken.clear()
        if reply.failure is not None:
            raise SystemExit(f"{reply.failure.code}: {reply.failure.facts}")

    def seconds(self, role: str) -> float:
        """Return what this application's child of a role and its own children have computed."""
        pid = (self.app.engine if role == "engine" else self.app.library).pid
        if pid is None:
            return 0.0
        family = psutil.Process(pid)
        total = sum(family.cpu_times()[:4])  # of those that ended, too
        return total + sum(sum(each.cpu_times()[:2]) for each in family.children(recursive=True))


def write_texts(folder: Path, seed: int) -> list[str]:
    """Write made-up texts; return questions about them."""
    chance = random.Random(seed)
    folder.mkdir(exist_ok=True)
    words = _WORDS.split()

    def sentence() -> str:
        return " ".join(chance.choice(words) for _ in range(12)) + "."

    for number in range(_FILES):
        text = " ".join(sentence() for _ in range(_SENTENCES))
        (folder / f"text{seed}-{number}.md").write_text(f"# {sentence()}\n\n{text}\n")
    return [sentence() for _ in range(_SEARCHES)]


class Rounds:
    """The ratios of all rounds, by what was done."""

    def __init__(self, sealed: SealedApp, unsealed: SealedApp) -> None:
        self.sides = (sealed, unsealed)
        self.ratios: dict[str, list[float]] = {}

    def measure(self, what: str, role: str, work: Callable[[SealedApp], object], turn: int) -> None:
        """Let both work, one after the other; the first turn loads the models."""
        before = [side.seconds(role) for side in self.sides]
        for side in self.sides if turn % 2 else self.sides[::-1]:
            work(side)
        spent = [side.seconds(role) - old for side, old in zip(self.sides, before, strict=True)]
        if turn:
            self.ratios.setdefault(what, []).append(spent[0] / spent[1])


def main() -> int:
    """Print the ratios of each round, sealed over unsealed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("rounds", type=int, nargs="?", default=6)
    parser.add_argument("--tokens", type=int, default=96)
    parser.add_argument("--only", choices=["engine", "library"])
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="seal-cost-") as place:
        sides = [SealedApp(Path(place, level), level) for level in (SealLevel.WHOLE, SealLevel.OFF)]
        rounds, folder = Rounds(*sides), Path(place, "texts")
        for turn in range(options.rounds + 1):
            if options.only != "library":
                rounds.measure(
                    "answering", "engine", lambda side: side.answer(options.tokens), turn
                )
            if options.only != "engine":
                asked = write_texts(folder, turn)
                rounds.measure("reading", "library", lambda side: side.read(folder), turn)
                rounds.measure(
                    "searching", "library", partial(SealedApp.search, questions=asked), turn
                )
        for side in sides:
            print({name: seal.means for name, seal in side.app.child_seals.items()})
            side.app.close()
    for what, found in rounds.ratios.items():
        each = " ".join(f"{ratio:.3f}" for ratio in found)
        print(f"{what}: sealed over unsealed {statistics.median(found):.3f} (pairs: {each})")
    return 0


if __name__ == "__main__":
    sys.exit(main())
