"""Ranking metrics: nDCG, recall, MRR and hit rate of a ranking, and a paired bootstrap."""

import math
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import numpy.typing as npt

METRICS = ("ndcg@10", "recall@10", "mrr@10", "hit@5")

Scores = npt.NDArray[np.float64]
"""One row per question, one column per metric."""


def score_ranking(ranked: Sequence[str], grades: Mapping[str, int]) -> list[float]:
    """Return the METRICS of one ranking, best document first; some grade must be above 0.

    nDCG has linear gains, and the best 10 of all graded documents as its ideal.
    """
    gains = [max(0, grades.get(document, 0)) for document in ranked[:10]]
    ideal = sorted((max(0, grade) for grade in grades.values()), reverse=True)[:10]
    relevant = sum(grade > 0 for grade in grades.values())
    first = next((rank for rank, gain in enumerate(gains, 1) if gain > 0), 0)
    return [
        _discounted(gains) / _discounted(ideal),
        sum(gain > 0 for gain in gains) / relevant,
        1 / first if first else 0.0,
        float(any(gain > 0 for gain in gains[:5])),
    ]


def paired_bootstrap(differences: Scores, rounds: int = 2000) -> tuple[float, float]:
    """Return between which two means, with 95 % confidence, the mean difference lies."""
    generator = np.random.default_rng(1)
    picks = generator.integers(0, len(differences), (rounds, len(differences)))
    low, high = np.percentile(differences[picks].mean(axis=1), [2.5, 97.5])
    return float(low), float(high)


def _discounted(gains: Iterable[float]) -> float:
    return sum(gain / math.log2(rank + 1) for rank, gain in enumerate(gains, 1))
