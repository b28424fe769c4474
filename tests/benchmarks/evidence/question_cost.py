"""Prints what a question of a library costs, in milliseconds of processor time for each step.

    PYTHONPATH=.:packaging/training OMP_NUM_THREADS=1
        python tests/benchmarks/evidence/question_cost.py SET [--cache DIR]
        [--embedder DIR] [--questions 30] [--rounds 3]

SET is a folder of corpus.jsonl, queries.jsonl and qrels.tsv. Steps: both rankings (the question's
vector among them), the learned judge's reading, and what is left: fusion, the choice of different
passages, features and weights. The smallest of the rounds counts for each question; shown are
median, and the range of nine in ten.
"""

import argparse
import tempfile
import time
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from core.base.paths import judge_model
from core.library.judging.learned_judge import LearnedJudge
from core.library.search.search_scope import SearchScope
from tests.benchmarks.corpus import open_set, sample_questions
from tests.benchmarks.evidence.measured_rows import say


class TimedJudge(LearnedJudge):
    """The judge; keeps how long its readings of passages took."""

    seconds = 0.0

    def answer_probabilities(self, question: str, passages: Sequence[str]) -> list[float]:
        """Read, timed."""
        began = time.process_time()
        found = super().answer_probabilities(question, passages)
        self.seconds += time.process_time() - began
        return found


def main() -> None:
    """Ask, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("set", type=Path)
    parser.add_argument("--cache", type=Path)
    parser.add_argument("--embedder", type=Path)
    parser.add_argument("--questions", type=int, default=30)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    cache = options.cache or Path(tempfile.mkdtemp())
    asked, library = open_set(options.set, cache, options.embedder)
    sample_questions(asked, options.questions)
    judge = TimedJudge(judge_model())
    taken: dict[str, list[list[float]]] = defaultdict(list)
    with library:
        searcher = library.new_searcher(judge)
        searcher.search_passages("a first one reads the weights", (), 5)
        for _round in range(options.rounds):
            steps: dict[str, list[float]] = defaultdict(list)
            for text in asked.queries.values():
                began, judge.seconds = time.process_time(), 0.0
                searcher.search_passages(text, (), 5)
                whole = time.process_time() - began
                began = time.process_time()
                searcher.rank_passages(text, SearchScope())
                ranking = time.process_time() - began
                rest = whole - ranking - judge.seconds
                for step, seconds in zip(
                    ("ranking", "judge", "the rest", "in all"),
                    (ranking, judge.seconds, rest, whole),
                    strict=True,
                ):
                    steps[step].append(1000 * seconds)
            for step, values in steps.items():
                taken[step].append(values)
    say(f"{asked.name}: {len(asked.queries)} questions, ms of processor time")
    for step, rounds in taken.items():
        low, middle, high = np.percentile(np.min(rounds, axis=0), [5, 50, 95])
        say(f"{step:10} {middle:7.1f} [{low:.1f}, {high:.1f}]")


if __name__ == "__main__":
    main()
