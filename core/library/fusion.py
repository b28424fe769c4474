"""Joins the vector ranking and the keyword ranking into one."""

from collections.abc import Mapping

RRF_K = 60
_RRF_SHARE = 0.5


def fuse(vector: Mapping[int, float], keyword: Mapping[int, float]) -> dict[int, float]:
    """Return passage ids with a fused score between 0 and 1, best first.

    Half of it is reciprocal rank fusion, half the sum of both scores stretched over 0 to 1: ranks
    alone forget how far ahead a hit is, scores alone are ruled by one outlier.
    """
    ranks = _reciprocal_ranks(vector), _reciprocal_ranks(keyword)
    scores = _stretched(vector), _stretched(keyword)
    fused = {
        id_: _RRF_SHARE * sum(rank.get(id_, 0.0) for rank in ranks) / 2
        + (1 - _RRF_SHARE) * sum(score.get(id_, 0.0) for score in scores) / 2
        for id_ in {**vector, **keyword}
    }
    return dict(sorted(fused.items(), key=lambda item: -item[1]))


def _reciprocal_ranks(ranking: Mapping[int, float]) -> dict[int, float]:
    ordered = sorted(ranking, key=lambda id_: -ranking[id_])
    return {id_: (RRF_K + 1) / (RRF_K + 1 + rank) for rank, id_ in enumerate(ordered)}


def _stretched(ranking: Mapping[int, float]) -> dict[int, float]:
    if not ranking:
        return {}
    low, high = min(ranking.values()), max(ranking.values())
    if high == low:
        return dict.fromkeys(ranking, 1.0)
    return {id_: (score - low) / (high - low) for id_, score in ranking.items()}
