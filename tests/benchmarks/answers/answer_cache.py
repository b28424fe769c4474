"""Measurement of the answer cache: which pairs of questions are taken for the same.

The pairs of `question_pairs.tsv` were written by hand, in topics; every other topic is held out.
A file of SQuAD (title, question, answers a line) makes pairs of all questions about one article:
those that are taken for the same must have a common answer.
"""

import argparse
import collections
import itertools
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from core.base.paths import embedding_model
from core.chat.answer_cache.question_features import question_features
from core.chat.answer_cache.question_match import cosine, is_same_question
from core.library.embedding.sentence_transformer_embedder import SentenceTransformerEmbedder

PAIRS = Path(__file__).with_name("question_pairs.tsv")
STEPS = [step / 20 for step in range(10, 20)]


class Pair(NamedTuple):
    """Two questions of a topic; `same` if one answer serves both."""

    topic: str
    same: bool
    one: str
    other: str


def read_pairs() -> list[Pair]:
    """Return the written pairs."""
    rows = (line.split("\t") for line in PAIRS.read_text(encoding="utf-8").splitlines())
    return [Pair(topic, kind == "same", one, other) for topic, kind, one, other in rows]


def squad_pairs(path: Path) -> Iterator[Pair]:
    """Yield pairs of an article's questions with the same features; others never match."""
    articles = collections.defaultdict(list)
    for line in path.read_text(encoding="utf-8").splitlines():
        entry = json.loads(line)
        answers = {answer.casefold().strip(" .") for answer in entry["answers"]}
        articles[entry["title"]].append((entry["question"], answers))
    for title, questions in articles.items():
        for (one, first), (other, second) in itertools.combinations(questions, 2):
            if one != other and question_features(one) == question_features(other):
                yield Pair(title, first == second or bool(first & second), one, other)


class Vectors:
    """The vectors of questions, computed once."""

    def __init__(self, folder: Path) -> None:
        self._embedder = SentenceTransformerEmbedder(folder).query_embedder
        self._known: dict[str, bytes] = {}

    def nearness(self, pair: Pair) -> float:
        """Return the cosine of a pair."""
        for text in (pair.one, pair.other):
            if text not in self._known:
                self._known[text] = self._embedder.embed([text])[0].tobytes()
        return cosine(self._known[pair.one], self._known[pair.other])


def report(name: str, pairs: Iterable[Pair], vectors: Vectors) -> None:
    """Print for each threshold how many pairs are rightly and wrongly taken for the same."""
    measured = [(pair, vectors.nearness(pair)) for pair in pairs]
    right, wrong = (sum(pair.same is same for pair, _near in measured) for same in (True, False))
    print(f"{name}: {right} pairs of one answer, {wrong} of two")
    for threshold in STEPS:
        hits = [
            pair
            for pair, near in measured
            if is_same_question(pair.one, pair.other, near, threshold)
        ]
        found = sum(pair.same for pair in hits)
        print(f"  {threshold:.2f}: {found:4} right, {len(hits) - found:3} wrong")
    for pair, near in measured:
        if not pair.same and is_same_question(pair.one, pair.other, near, STEPS[0]):
            print(f"  wrong at {near:.3f}: {pair.one} | {pair.other}")


def main() -> None:
    """Measure the shipped embedder, or the one that is named."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("embedder", nargs="?", type=Path, default=embedding_model())
    parser.add_argument("squad", nargs="?", type=Path, metavar="SQUAD.jsonl")
    arguments = parser.parse_args()
    vectors = Vectors(arguments.embedder)
    pairs = read_pairs()
    topics = list(dict.fromkeys(pair.topic for pair in pairs))
    chosen = set(topics[::2])
    report("chosen on", [pair for pair in pairs if pair.topic in chosen], vectors)
    report("held out", [pair for pair in pairs if pair.topic not in chosen], vectors)
    if arguments.squad:
        report("SQuAD", squad_pairs(arguments.squad), vectors)


if __name__ == "__main__":
    main()
