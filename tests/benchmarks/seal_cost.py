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
import threading
import time
from collections.abc import Callable
from pathlib import Path

import psutil

from core.app.app import App
from core.app.chats.ask_options import AskOptions
from core.app.events.app_events import AnswerFailed, AnswerFinished, AppEvent
from core.base.paths import Paths, shipped_models
from core.base.settings import app_settings
from core.messages import Sampling
from core.sandbox.seal_level import LEVEL_VARIABLE, SealLevel

_QUESTION = "Write a long story about a lighthouse keeper and the sea."
_LONGEST = 600.0


class Side:
    """An open application whose children are sealed so far."""

    def __init__(self, folder: Path, level: SealLevel) -> None:
        folder.mkdir()
        self._level = level
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

    def answer(self, tokens: int) -> float:
        """Return the processor seconds of one answer."""
        os.environ[LEVEL_VARIABLE] = self._level
        before = _seconds("engine")
        self.app.questions.ask_question(
            _QUESTION,
            AskOptions(
                temporary=True,
                sampling=Sampling(temperature=0.0),
                max_tokens=tokens,
                model=str(shipped_models()[0]),
            ),
        )
        self._wait_for(self._has_answered)
        return _seconds("engine") - before

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
        sides = [Side(Path(place, level), level) for level in (SealLevel.WHOLE, SealLevel.OFF)]
        ratios: list[float] = []
        for number in range(options.rounds + 1):  # the first loads the models
            order = sides if number % 2 else sides[::-1]
            spent = {side: side.answer(options.tokens) for side in order}
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
