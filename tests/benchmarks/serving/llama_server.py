"""Prints how fast `inglenook serve` is beside llama.cpp's own server, in turns over one model.

Usage: python tests/benchmarks/serving/llama_server.py --server PATH/llama-server
       [--model FILE.gguf] [--core N] [--threads N] [--rounds N] [--tokens N] [--streams N …]
       [--short N]

Both are held to one core, and asked the same in changing order: a short prompt and a stream of
--tokens tokens, a prompt of some 400 tokens for its first token, --streams at once, and --short
requests of one token. Ratios are of processor seconds (all processes of a side), so that other
programs count little: 1.00 is as fast, .95 means that llama-server needs .95 of Inglenook's time.
Medians and ranges of the rounds; the first token also by the clock.
"""

import argparse
import random
import statistics
import sys
import tempfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))
from core.base.paths import shipped_models
from tests.benchmarks.serving.served import ServedModel, serve_inglenook, serve_llama

LONG = "The tenant pays for small repairs up to 110 euros, and the landlord for the rest. " * 20
Round = Callable[[ServedModel, int], float]
"""Asks a server in a round, and returns the processor seconds for a token or a request."""


def main() -> None:
    """Ask both sides in turns, and print the ratios."""
    options = _parse()
    model = str((options.model or shipped_models()[0]).resolve())
    slots = max(options.streams)
    with (
        tempfile.TemporaryDirectory() as root,
        serve_inglenook(Path(root), model, options.core, options.threads) as ours,
        serve_llama(options.server, model, options.core, options.threads, slots) as theirs,
    ):
        for served in (ours, theirs):
            served.chat("Hello, who are you?", 8)  # loads the model
        rounds: dict[str, Round] = {"first token of a long prompt": _first_token}
        for count in options.streams:
            rounds[f"{count} streams"] = _streams(count, options.tokens)
        rounds[f"{options.short} short requests"] = _short(options.short)
        for name, ask in rounds.items():
            _compare(name, ask, ours, theirs, options.rounds)


def _compare(name: str, ask: Round, ours: ServedModel, theirs: ServedModel, rounds: int) -> None:
    pairs = []
    for number in range(rounds):
        sides = [ours, theirs]
        random.shuffle(sides)
        times = {side.host: ask(side, number) for side in sides}
        pairs.append((times[ours.host], times[theirs.host]))
    ratios = sorted(llama / own for own, llama in pairs)
    own, llama = (statistics.median(side) * 1000 for side in zip(*pairs, strict=True))
    print(
        f"{name}: {statistics.median(ratios):.3f} ({ratios[0]:.2f} to {ratios[-1]:.2f});"
        f" {own:.1f} ms, llama-server {llama:.1f} ms",
        flush=True,
    )


def _first_token(served: ServedModel, number: int) -> float:
    before = served.processor_seconds()
    served.chat(f"{number}. {LONG}What does the tenant pay?", 1)
    return served.processor_seconds() - before


def _streams(count: int, tokens: int) -> Round:
    def ask(served: ServedModel, number: int) -> float:
        before = served.processor_seconds()
        questions = [f"Tell a long story of {number} pears and {n} plums." for n in range(count)]
        with ThreadPoolExecutor(count) as threads:
            answers = list(threads.map(lambda question: served.chat(question, tokens), questions))
        return (served.processor_seconds() - before) / max(1, sum(each.tokens for each in answers))

    return ask


def _short(count: int) -> Round:
    def ask(served: ServedModel, number: int) -> float:
        before = served.processor_seconds()
        for each in range(count):
            served.chat(f"{number} {each}?", 1)
        return (served.processor_seconds() - before) / count

    return ask


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--server", type=Path, required=True)
    parser.add_argument("--model", type=Path, default=None)
    parser.add_argument("--core", type=int, default=0)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--tokens", type=int, default=96)
    parser.add_argument("--streams", type=int, nargs="+", default=[1, 2, 4, 8])
    parser.add_argument("--short", type=int, default=50)
    return parser.parse_args()


if __name__ == "__main__":
    main()
