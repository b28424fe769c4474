"""Generation while a folder is being indexed, against generation while nothing else runs.

Run `python -m tests.benchmarks.generation_while_indexing [ROUNDS] [--tokens N] [--threads N]`. The
whole application runs with its real children. In each round the same question is answered twice, in
turn: with the sync of a folder under way, and with it stopped; so that whatever else the machine
does meets both alike. It also prints what the library computed meanwhile, and how far it came.
"""

import argparse
import operator
import random
import statistics
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import psutil

from core.messages import SyncDone, SyncProgress
from tests.benchmarks.generation.answering_app import AnsweringApp

ASKED = 0.8
"""Share of the idle speed that must be left."""
FILES = 1500
WORDS_IN_A_FILE = 400


class IndexingApp(AnsweringApp):
    """An open application that indexes and answers."""

    def __init__(self, folder: Path, threads: int) -> None:
        super().__init__(folder, context=2048, threads=threads)
        self.app.warm_up()
        self.documents = write_documents(folder / "documents")

    def answer_speed(self, tokens: int) -> float:
        """Return the tokens per second of one answer, always to the same prompt."""
        return self.answer_question(tokens).statistics.tokens_per_second

    def wait_for_indexing(self) -> SyncProgress:
        """Wait until the sync is at some file; it goes on after this returns."""
        while True:
            progress = self.wait_for(SyncProgress)
            if progress.current:
                return progress

    def processor_seconds(self) -> float:
        """Return what the library child and its own children have computed so far."""
        total = 0.0
        for child in psutil.Process().children(recursive=True):
            command = " ".join(child.cmdline())
            if any(role in command for role in ("library", "extractor", "recognizer")):
                total += sum(child.cpu_times()[:2])
        return total


def write_documents(folder: Path) -> Path:
    """Write text files that no two passages of are alike, so that all must be embedded."""
    folder.mkdir()
    dice = random.Random(7)
    words = [f"{first}{second}" for first in _BEGINNINGS for second in _ENDINGS]
    for number in range(FILES):
        sentences = (
            " ".join(dice.choices(words, k=12)).capitalize() + "."
            for _ in range(WORDS_IN_A_FILE // 12)
        )
        (folder / f"{number:03}.txt").write_text(" ".join(sentences), encoding="utf-8")
    return folder


_BEGINNINGS = ("gar", "wat", "hou", "lamp", "tre", "boa", "win", "fis", "roa", "mar", "sun", "sto")
_ENDINGS = ("den", "er", "se", "light", "es", "ts", "d", "her", "ds", "ket", "rise", "ne", "ing")


def main() -> int:
    """Print both speeds and their ratio; 1 if it is under what is asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("rounds", type=int, nargs="?", default=6)
    parser.add_argument("--tokens", type=int, default=160)
    parser.add_argument("--threads", type=int, default=0, help="0: the physical cores")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        bench = IndexingApp(Path(folder), options.threads)
        try:
            return measure(bench, options.rounds, options.tokens)
        finally:
            bench.app.close()


def measure(bench: IndexingApp, rounds: int, tokens: int) -> int:
    """Answer in turn while indexing and idle."""
    bench.answer_speed(16)  # the model is loaded, and its weights are touched
    busy: list[float] = []
    idle: list[float] = []
    spent: list[float] = []
    reply = bench.app.folders.add_folder(str(bench.documents))
    for _ in range(rounds):
        progress = bench.wait_for_indexing()
        before = bench.processor_seconds()
        busy.append(bench.answer_speed(tokens))
        spent.append(bench.processor_seconds() - before)
        reply.cancel()
        bench.wait_for(SyncDone)
        idle.append(bench.answer_speed(tokens))
        print(f"  {busy[-1]:.1f} while indexing, {idle[-1]:.1f} idle", flush=True)
        reply = bench.app.folders.sync_folder(progress.folder_id)
    kept = statistics.median(map(operator.truediv, busy, idle))
    table: tuple[tuple[str, Callable[[], str]], ...] = (
        ("idle", lambda: f"{statistics.median(idle):8.1f} tokens/s"),
        ("while indexing", lambda: f"{statistics.median(busy):8.1f} tokens/s"),
        ("share left", lambda: f"{kept:8.2f}   (asked: {ASKED})"),
        ("spent by the library", lambda: f"{statistics.median(spent) * 1000:8.0f} ms an answer"),
        ("files read by the end", lambda: f"{progress.done:8} of {progress.total}"),
    )
    for label, value in table:
        print(f"{label:<24}{value()}")
    return 0 if kept >= ASKED else 1


if __name__ == "__main__":
    sys.exit(main())
