"""Prints nDCG@10, recall@10, MRR@10 and hit@5 of each ranking over retrieval sets.

Usage: python tests/benchmarks/retrieval.py [--cache DIR] SET_DIR...
"""

import argparse
import math
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
from core.library.fusion import fuse, reciprocal_rank_fusion
from core.library.rankings import Rankings
from core.library.scope import Scope
from tests.benchmarks.corpus import RetrievalSet, open_set

Ranked = Mapping[int, float]
METRICS = ("ndcg@10", "recall@10", "mrr@10", "hit@5")
WAYS: dict[str, Callable[[Ranked, Ranked], Ranked]] = {
    "vector": lambda vector, _: vector,
    "bm25": lambda _, keyword: keyword,
    "plain rrf": reciprocal_rank_fusion,
    "ours": fuse,
}


def main() -> None:
    """Measure each set, then the mean."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sets", nargs="+", type=Path)
    parser.add_argument("--cache", type=Path)
    arguments = parser.parse_args()
    cache = arguments.cache or Path(tempfile.mkdtemp())
    means: dict[str, list[float]] = {way: [] for way in WAYS}
    for source in arguments.sets:
        scores = _measure(open_set(source, cache))
        for way in WAYS:
            means[way].append(float(scores[way][:, 0].mean()))
    for way, values in means.items():
        sys.stdout.write(f"mean ndcg@10 {way:10} {np.mean(values):.3f}\n")


def _measure(data: RetrievalSet) -> dict[str, np.ndarray]:
    rankings = Rankings(data.records.connection, data.embedder)
    documents = _documents(data)
    scope = Scope((data.folder.id,))
    rows: dict[str, list[list[float]]] = {way: [] for way in WAYS}
    data.embedder.load()
    started = time.perf_counter()
    for query, text in data.queries.items():
        vector, keyword = rankings.by_vector(text, scope), rankings.by_keyword(text, scope)
        for way, join in WAYS.items():
            ranked = _by_document(join(vector, keyword), documents)
            rows[way].append(_judge(ranked, data.grades[query]))
    milliseconds = 1000 * (time.perf_counter() - started) / len(data.queries)
    scores = {way: np.array(values) for way, values in rows.items()}
    _print(data, scores, milliseconds)
    return scores


def _print(data: RetrievalSet, scores: Mapping[str, np.ndarray], milliseconds: float) -> None:
    sys.stdout.write(f"\n{data.name}: {len(data.queries)} queries, {milliseconds:.1f} ms each\n")
    sys.stdout.write(f"{'':12}" + "".join(f"{metric:>11}" for metric in METRICS) + "\n")
    for way, values in scores.items():
        row = "".join(f"{value:11.3f}" for value in values.mean(axis=0))
        sys.stdout.write(f"{way:12}{row}\n")
    better = max(("vector", "bm25"), key=lambda way: float(scores[way][:, 0].mean()))
    low, high = _bootstrap(scores["ours"][:, 0] - scores[better][:, 0])
    sys.stdout.write(f"ours - {better}: 95 % between {low:+.3f} and {high:+.3f}\n")


def _bootstrap(differences: np.ndarray, rounds: int = 2000) -> tuple[float, float]:
    generator = np.random.default_rng(1)
    picks = generator.integers(0, len(differences), (rounds, len(differences)))
    low, high = np.percentile(differences[picks].mean(axis=1), [2.5, 97.5])
    return float(low), float(high)


def _documents(data: RetrievalSet) -> dict[int, str]:
    rows = data.records.connection.execute(
        "SELECT passage.id, file.name FROM passage JOIN file USING (content_id)"
    )
    return {int(id_): str(name).partition("/")[0] for id_, name in rows}


def _by_document(ranked: Ranked, documents: Mapping[int, str]) -> list[str]:
    ordered = sorted(ranked, key=lambda id_: -ranked[id_])
    return list(dict.fromkeys(documents[id_] for id_ in ordered))


def _judge(ranked: list[str], grades: Mapping[str, int]) -> list[float]:
    gains = [grades.get(document, 0) for document in ranked[:10]]
    ideal = sorted(grades.values(), reverse=True)[:10]
    relevant = sum(1 for grade in grades.values() if grade > 0)
    first = next((rank for rank, gain in enumerate(gains, 1) if gain > 0), 0)
    return [
        _discounted(gains) / _discounted(ideal),
        sum(1 for gain in gains if gain > 0) / relevant,
        1 / first if first else 0.0,
        float(any(gain > 0 for gain in gains[:5])),
    ]


def _discounted(gains: Iterable[float]) -> float:
    return sum(gain / math.log2(rank + 1) for rank, gain in enumerate(gains, 1))


if __name__ == "__main__":
    main()
