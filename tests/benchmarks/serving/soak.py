"""Asks `inglenook serve` for hours by many clients, and prints whether it stays the same.

Usage: python tests/benchmarks/serving/soak.py [--model FILE.gguf] [--clients N] [--requests N]
       [--seed N] [--core N]

Each client asks --requests questions of mixed length, one after another; a fifth of the streams
are left after a few pieces. Every whole answer is compared with the one that a single client got
before. Where it goes another way, the two likeliest tokens there are compared: nearer to each other
than kernels round (`batch_rounding.py`), the answer is "rounded", else "different", which is a
fault. Memory, threads and descriptors of all processes are looked at after a tenth of the requests
and at the end. Waits (to the first piece) are those of the requests that were not left, as shares
of the usual wait for the same question: long questions wait longer by themselves.
"""

import argparse
import math
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
ROUNDING = 0.5
"""Largest difference of two tokens' log probabilities that rounding can turn round: kernels of few
rows and of many move likely tokens of the starter model .2 to .48 apart (`batch_rounding.py`)."""
FAIR = 3.0
"""Most of the usual wait that any client may have to wait, by its median."""
UNPENALIZED = {"repeat_penalty": 1.0}
"""Else the likeliest token is not always the chosen one."""


class AloneAnswer(NamedTuple):
    """What a single client got: the tokens' texts, and how far the second likeliest is below."""

    tokens: list[str]
    gaps: list[float]

    @property
    def text(self) -> str:
        """All of it."""
        return "".join(self.tokens)

    def gap_at(self, text: str) -> float:
        """Return the gap of the token at which another text goes another way."""
        place = 0
        for token, gap in zip(self.tokens, self.gaps, strict=True):
            if not text.startswith(token, place):
                return gap
            place += len(token)
        return math.inf  # the other goes on: how near the end was is not told


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
        self.waits: list[tuple[int, int, float]] = []  # client, question, seconds
        self.gaps: list[float] = []
        self.done = 0


def main() -> int:
    """Run the clients; 1 if an answer differed or a request failed."""
    options = _parse()
    model = str((options.model or shipped_models()[0]).resolve())
    with (
        tempfile.TemporaryDirectory() as root,
        serve_inglenook(Path(root), model, options.core, 1) as served,
    ):
        alone = [_ask_alone(served, question, tokens) for question, tokens in QUESTIONS]
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
    is_fair = _print(tally, use, time.monotonic() - began)
    return 0 if is_fair and set(tally.outcomes) <= {"same", "rounded", "left"} else 1


def _ask_alone(served: ServedModel, question: str, tokens: int) -> AloneAnswer:
    body = {
        "messages": [{"role": "user", "content": question}],
        "max_tokens": tokens,
        "temperature": 0,
        "logprobs": True,
        "top_logprobs": 2,
        **UNPENALIZED,
    }
    choice = served.post("/v1/chat/completions", body)["choices"][0]
    scored = choice["logprobs"]["content"]
    likeliest = [[top["logprob"] for top in each["top_logprobs"]] for each in scored]
    answer = AloneAnswer([each["token"] for each in scored], [a - b for a, b in likeliest])
    assert answer.text.startswith(choice["message"]["content"])
    return answer


def _ask(
    served: ServedModel,
    alone: list[AloneAnswer],
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
            answer = served.chat(question, tokens, pieces, **UNPENALIZED)
        except (OSError, ValueError) as error:
            outcome = f"failed: {error}"[:200]
        else:
            wait = answer.first if pieces is None else None
            is_same = answer.text == alone[which].text
            gap = 0.0 if is_same else alone[which].gap_at(answer.text)
            outcome = "left" if pieces else "same" if is_same else "different"
            if outcome == "different" and gap <= ROUNDING:
                outcome = "rounded"
        with tally.lock:
            tally.outcomes[outcome] += 1
            tally.done += 1
            if wait is not None:
                tally.waits.append((number, which, wait))
                tally.gaps += [gap] if outcome != "same" else []


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


def _print(tally: SoakTally, use: list[ServerUse], seconds: float) -> bool:
    print(f"{tally.done} requests in {seconds:.0f} s: {dict(tally.outcomes)}")
    for name, each in zip(("before", "after a tenth", "at the end"), use, strict=False):
        print(f"{name}: {each.memory >> 20} MiB, {each.threads} threads, {each.files} descriptors")
    if tally.gaps:
        print("gaps where answers went another way:", ", ".join(f"{g:.3f}" for g in tally.gaps))
    return _print_waits(tally)


def _print_waits(tally: SoakTally) -> bool:
    """Print how fairly the clients waited; returns whether none waited far longer than usual."""
    usual = {
        which: statistics.median(wait for _n, each, wait in tally.waits if each == which)
        for which in {which for _number, which, _wait in tally.waits}
    }
    shares: dict[int, list[float]] = {}
    for number, which, wait in tally.waits:
        shares.setdefault(number, []).append(wait / usual[which])
    print("usual waits:", ", ".join(f"{usual[each]:.2f} s" for each in sorted(usual)))
    medians = sorted(statistics.median(each) for each in shares.values())
    longest = max((max(each) for each in shares.values()), default=0.0)
    print(
        "waits as shares of the usual one: medians of the clients"
        f" {', '.join(f'{each:.2f}' for each in medians)}; the longest single wait {longest:.2f}"
    )
    return not medians or medians[-1] <= FAIR


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
