"""Kills the program while an answer is written, and looks for every word that was shown.

Usage: python -m tests.benchmarks.kills.chat_kills [--kills 100] [--seed 1]
All lives have one data folder. A scripted engine takes the model's place; lives are forked, so that
one takes a second. A kill counts when an answer had begun and not ended. After each, the questions
of that life are there and their answers up to the last second; at the end those of all lives.
"""

import argparse
import random
import sys
import tempfile
import time
from functools import partial
from pathlib import Path

from core.base.paths import Paths
from tests.benchmarks.kills.killed_functions import run_and_kill, run_to_end
from tests.benchmarks.kills.written_answers import assert_answers_stay, was_cut_off, write_answers

_LONGEST = 2.5
"""Seconds after the first question; what was written is saved each second."""
_PAUSE = 0.03


def kill_chats(folder: Path, kills: int, dice: random.Random) -> int:
    """Kill so often; return how often something was lost."""
    paths = Paths(folder / "root")
    paths.create_folders()
    lives: list[list[str]] = []
    lost = killed = 0
    while killed < kills:
        _was_killed, lines = run_and_kill(
            partial(write_answers, paths.root, _PAUSE), dice, _LONGEST
        )
        killed += was_cut_off(lines)
        lost += _is_lost(paths, lines)
        lives.append(lines)
        sys.stderr.write(f"\rchat: {killed} of {kills} kills, lost {lost}   ")
    return lost + sum(_is_lost(paths, lines) for lines in lives)


def _is_lost(paths: Paths, lines: list[str]) -> bool:
    try:
        run_to_end(partial(assert_answers_stay, paths, lines))
    except RuntimeError:
        return True
    return False


def main() -> int:
    """Kill so many times; 1 if anything was lost."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        lost = kill_chats(Path(folder), options.kills, random.Random(options.seed))
    print(f"chat: killed {options.kills}, wrong {lost}, {time.monotonic() - began:.0f} s")
    return int(bool(lost))


if __name__ == "__main__":
    sys.exit(main())
