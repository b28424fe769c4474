"""Prints how well search finds on retrieval sets, and how sure it is that the fusion gains.

Usage: python tests/benchmarks/retrieval.py [--cache DIR] SET_DIR...
What `inglenook eval retrieval` says of one set, for several, and plain reciprocal rank fusion.
"""

import argparse
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
from core.library.search.rank_fusion import reciprocal_rank_fusion
from core.library.search.search_scope import SearchScope
from core.library.tasks.retrieval_evaluation import (
    METRICS,
    RetrievalEvaluator,
    RetrievalSet,
    Scores,
    paired_bootstrap,
    score_ranking,
)
from tests.benchmarks.corpus import open_set


def main() -> None:
    """Measure each set, then the means."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sets", nargs="+", type=Path)
    parser.add_argument("--cache", type=Path)
    arguments = parser.parse_args()
    cache = arguments.cache or Path(tempfile.mkdtemp())
    means: dict[str, list[float]] = {}
    for source in arguments.sets:
        for way, scores in _measure(source, cache).items():
            means.setdefault(way, []).append(float(scores[:, 0].mean()))
    for way, values in means.items():
        _say(f"mean ndcg@10 {way:10} {np.mean(values):.3f}")


def _measure(source: Path, cache: Path) -> dict[str, Scores]:
    asked, library = open_set(source, cache)
    with library:
        measure = RetrievalEvaluator(asked, library.new_searcher(), library)
        for _step in measure.evaluate_in_steps():
            pass
        scores = {**measure.scores, "plain rrf": _plain_fusion(asked, measure)}
        _print(asked, scores, measure)
    return scores


def _plain_fusion(asked: RetrievalSet, measure: RetrievalEvaluator) -> Scores:
    rows = []
    for query, text in asked.queries.items():
        ranked = measure.searcher.rank_passages(text, SearchScope())
        plain = reciprocal_rank_fusion(ranked.vector, ranked.keyword)
        rows.append(score_ranking(measure.ranked_documents(plain), asked.grades[query]))
    return np.array(rows)


def _print(asked: RetrievalSet, scores: dict[str, Scores], measure: RetrievalEvaluator) -> None:
    _say(f"\n{asked.name}: {len(asked.queries)} questions")
    _say(f"{'':12}" + "".join(f"{metric:>11}" for metric in (*METRICS, "ms")))
    for way, values in scores.items():
        means: Sequence[float] = values.mean(axis=0).tolist()
        row = "".join(f"{value:11.3f}" for value in means)
        _say(f"{way:12}{row}{1000 * measure.seconds.get(way, 0.0):11.1f}")
    better = max(("vector", "bm25"), key=lambda way: float(scores[way][:, 0].mean()))
    low, high = paired_bootstrap(scores["fused"][:, 0] - scores[better][:, 0])
    _say(f"fused - {better}: 95 % between {low:+.3f} and {high:+.3f}")


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
