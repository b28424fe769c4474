"""Rate of /v1/embeddings against that of the library child itself, by turns in one run.

Usage: python tests/benchmarks/serving/embeddings.py [--rounds 9] [--texts 64] [--words 60]

Both children embed the same texts in the same batches; one is asked over its pipe, the other over
HTTP. Prints the median of both rates and of their ratio, by wall time and by processor time: what
the port, the application and the child used together against what the child used alone.
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

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))
from core.base.paths import Paths, shipped_models
from core.library.client.library_client import LibraryClient
from tests.benchmarks.serving.served import ServedModel, serve_inglenook

WANTED = 0.95
_MODEL = "inglenook-embedder"
_WORDS = [
    "tenant",
    "rent",
    "repair",
    "letter",
    "garden",
    "pear",
    "valve",
    "month",
    "notice",
    "invoice",
    "boiler",
    "meter",
    "contract",
    "deposit",
]


class DirectChild:
    """A library child of its own, asked over its pipe."""

    def __init__(self, root: Path) -> None:
        self._arrived = threading.Event()
        paths = Paths(root)
        paths.create_folders()
        self._client = LibraryClient(paths, self._arrived.set)

    def embed(self, texts: list[str]) -> None:
        """Have texts embedded, and wait for their vectors."""
        reply = self._client.embed_texts(tuple(texts), as_passages=True)
        while not reply.is_done:
            self._arrived.wait(1)
            self._arrived.clear()
            self._client.poll()
        assert reply.result is not None
        assert len(reply.result.vectors) == len(texts)

    def processor_seconds(self) -> float:
        """Return what the child has used, 0 before it was started."""
        pid = self._client.pid
        return sum(psutil.Process(pid).cpu_times()[:2]) if pid else 0.0

    def stop(self) -> None:
        """End the child."""
        self._client.stop()


def main() -> int:
    """Measure; 1 if the port is slower than wanted by processor time."""
    options = _parse()
    chance = random.Random(1)

    def texts() -> list[str]:
        """Return new ones of a like length."""
        return [
            " ".join(chance.choice(_WORDS) for _ in range(options.words))
            for _ in range(options.texts)
        ]

    with (
        tempfile.TemporaryDirectory() as own,
        tempfile.TemporaryDirectory() as root,
        serve_inglenook(Path(root), str(shipped_models()[0].resolve()), None, 1) as served,
    ):
        child = DirectChild(Path(own))
        try:
            rounds = [
                (_timed(child.embed, child, texts()), _timed(_over(served), served, texts()))
                for _ in range(options.rounds + 1)
            ][1:]  # the first loads the models
        finally:
            child.stop()
    return _print(rounds, options.texts)


def _over(served: ServedModel) -> Callable[[list[str]], None]:
    def embed(texts: list[str]) -> None:
        body = {"model": _MODEL, "input": texts, "encoding_format": "base64"}
        found = served.post("/v1/embeddings", body)
        assert len(found["data"]) == len(texts)

    return embed


def _timed(
    embed: Callable[[list[str]], None], used: DirectChild | ServedModel, texts: list[str]
) -> tuple[float, float]:
    """Return seconds of wall and of processor time."""
    before, began = used.processor_seconds(), time.perf_counter()
    embed(texts)
    return time.perf_counter() - began, used.processor_seconds() - before


def _print(rounds: list[tuple[tuple[float, float], tuple[float, float]]], texts: int) -> int:
    shares = {}
    for place, what in enumerate(("wall", "processor")):
        alone = [direct[place] for direct, _served in rounds]
        over = [served[place] for _direct, served in rounds]
        ratios = sorted(a / b for a, b in zip(alone, over, strict=True))
        shares[what] = statistics.median(ratios)
        print(
            f"{what:9} child {texts / statistics.median(alone):7.1f} texts/s,"
            f" port {texts / statistics.median(over):7.1f} texts/s;"
            f" port / child {shares[what]:.3f} ({ratios[0]:.3f} to {ratios[-1]:.3f})"
        )
    print(f"wanted {WANTED}; load {psutil.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    return 0 if shares["processor"] >= WANTED else 1


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--texts", type=int, default=64)
    parser.add_argument("--words", type=int, default=60)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
