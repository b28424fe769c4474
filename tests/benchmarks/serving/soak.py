"""Asks `inglenook serve` for hours by many clients, and prints whether it stays the same.

Usage: python tests/benchmarks/serving/soak.py [--model FILE.gguf] [--clients N] [--requests N]
       [--seed N] [--core N]

Each client asks --requests questions of mixed length, one after another; a fifth of the streams
are left after a few pieces. Every whole answer is compared with the one that a single client got
before, and memory, threads and descriptors of all processes are looked at after a tenth of the
requests and at the end. Waits (to the first piece) are those of the requests that were not left.
"""

import argparse
import random
import statistics
import sys
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path
from typing import NamedTuple

import psutil

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))
from core.base.paths import shipped_models
from tests.benchmarks.serving.served import ServedModel, serve_inglenook

PADDING = "The tenant pays for small repairs up to 110 euros, and the landlord for the rest. "
QUESTIONS = [
    (f"{PADDING * repeats}Question {number}: what is said of {thing}?", tokens)
    for number, (repeats, thing, tokens) in enumerate(
        (
            (0, "pears", 8),
            (0, "the tenant", 24),
            (1, "small repairs", 16),
            (3, "the landlord", 40),
            (8, "110 euros", 12),
            (20, "the rest", 20),
        )
    )
]
LEFT_SHARE = 0.2


class ServerUse(NamedTuple):
    """What all processes of the server hold: bytes, threads, descriptors."""

    memory: int
    threads: int
    files: int


class SoakTally:
    """What the clients found; any thread adds to it."""

    def __init__(self) -> None:
        self.lock = threading.Lock()  # all below
        self.outcomes: Counter[str] = Counter()
        self.waits: dict[int, list[float]] = {}
        self.done = 0


def main() -> int:
    """Run the clients; 1 if an answer differed or a request failed."""
    options = _parse()
    model = str((options.model or shipped_models()[0]).resolve())
    with (
        tempfile.TemporaryDirectory() as root,
        serve_inglenook(Path(root), model, options.core, 1) as served,
    ):
        alone = [served.chat(question, tokens).text for question, tokens in QUESTIONS]
        tally, use = SoakTally(), [_use(served)]
        clients = [
            threading.Thread(target=_ask, args=(served, alone, tally, number, options))
            for number in range(options.clients)
        ]
        began = time.monotonic()
        for client in clients:
            client.start()
        every = options.clients * options.requests
        while any(client.is_alive() for client in clients):
            time.sleep(1)
            if len(use) == 1 and tally.done >= every // 10:
                use.append(_use(served))
        time.sleep(2)
        use.append(_use(served))
    _print(tally, use, time.monotonic() - began)
    return 0 if set(tally.outcomes) <= {"same", "left"} else 1


def _ask(
    served: ServedModel,
    alone: list[str],
    tally: SoakTally,
    number: int,
    options: argparse.Namespace,
) -> None:
    chance = random.Random(options.seed + number)
    for _ in range(options.requests):
        which = chance.randrange(len(QUESTIONS))
        question, tokens = QUESTIONS[which]
        pieces = chance.randrange(1, 4) if chance.random() < LEFT_SHARE else None
        wait = None
        try:
            answer = served.chat(question, tokens, pieces)
        except (OSError, ValueError) as error:
            outcome = f"failed: {error}"[:200]
        else:
            wait = answer.first if pieces is None else None
            outcome = "left" if pieces else "same" if answer.text == alone[which] else "different"
        with tally.lock:
            tally.outcomes[outcome] += 1
            tally.done += 1
            if wait is not None:
                tally.waits.setdefault(number, []).append(wait)


def _use(served: ServedModel) -> ServerUse:
    found = served.processes()
    return ServerUse(
        sum(each.memory_info().rss for each in found),
        sum(each.num_threads() for each in found),
        sum(_open_files(each) for each in found),
    )


def _open_files(process: psutil.Process) -> int:
    if sys.platform == "win32":
        return process.num_handles()
    return process.num_fds()


def _print(tally: SoakTally, use: list[ServerUse], seconds: float) -> None:
    print(f"{tally.done} requests in {seconds:.0f} s: {dict(tally.outcomes)}")
    for name, each in zip(("before", "after a tenth", "at the end"), use, strict=False):
        print(f"{name}: {each.memory >> 20} MiB, {each.threads} threads, {each.files} descriptors")
    medians = {number: statistics.median(waits) for number, waits in tally.waits.items()}
    if medians:
        typical = statistics.median(medians.values())
        worst = max(medians.values())
        longest = max(max(waits) for waits in tally.waits.values())
        print(
            f"waits: median of the clients {typical:.2f} s, the slowest client {worst:.2f} s"
            f" ({worst / typical:.2f} of it), the longest single wait {longest:.2f} s"
        )


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path, default=None)
    parser.add_argument("--clients", type=int, default=8)
    parser.add_argument("--requests", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--core", type=int, default=None)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
