"""What the seal costs the engine's child: with it and without it, in turns.

Run `python -m tests.benchmarks.seal_cost [ROUNDS] [--tokens 96]`, pinned to one core. Two
applications with real children are open at once, one of them with INGLENOOK_SEAL=off. In each round
both answer the same question. Processor time of the children counts, so that what else the machine
does matters little.
"""

import argparse
import os
import statistics
import sys
import tempfile
from pathlib import Path

import psutil

from core.sandbox.seal_level import LEVEL_VARIABLE, SealLevel
from tests.benchmarks.generation.answering_app import AnsweringApp


class SealedApp(AnsweringApp):
    """An application whose children are sealed so far."""

    def __init__(self, folder: Path, level: SealLevel) -> None:
        folder.mkdir()
        super().__init__(folder, context=1024, threads=1)
        self._level = level

    def spend_on_answer(self, tokens: int) -> float:
        """Return the processor seconds of one answer."""
        os.environ[LEVEL_VARIABLE] = self._level
        before = _seconds("engine")
        self.answer_question(tokens)
        return _seconds("engine") - before


def _seconds(role: str) -> float:
    """Return what all children of a role have computed."""
    total = 0.0
    for child in psutil.Process().children():
        if child.cmdline()[-1:] == [role]:
            times = child.cpu_times()
            total += times.user + times.system
    return total


def main() -> int:
    """Print the ratio of each round, sealed over unsealed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("rounds", type=int, nargs="?", default=6)
    parser.add_argument("--tokens", type=int, default=96)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="seal-cost-") as place:
        sides = [SealedApp(Path(place, level), level) for level in (SealLevel.WHOLE, SealLevel.OFF)]
        ratios: list[float] = []
        for number in range(options.rounds + 1):  # the first loads the models
            order = sides if number % 2 else sides[::-1]
            spent = {side: side.spend_on_answer(options.tokens) for side in order}
            if number:
                ratios.append(spent[sides[0]] / spent[sides[1]])
        for side in sides:
            print(side.app.engine.seal)
            side.app.close()
    each = " ".join(f"{ratio:.3f}" for ratio in ratios)
    print(f"sealed over unsealed {statistics.median(ratios):.3f} (pairs: {each})")
    return 0


if __name__ == "__main__":
    sys.exit(main())
