"""Rank fusion: the vector ranking and the keyword ranking joined into one.

How sure each of them is can't be read from its scores: of a dozen signs, as how far the first hit
stands out, how much the rankings agree or how rare the words are, only one told on sets that it was
not chosen on: how much of what the question's words can bring the best passage has.
"""

from collections.abc import Mapping

from core.library.search.candidate_rankings import CANDIDATES

RRF_K = 60
VECTOR_SHARE = 0.55
"""What the vectors count for in a question whose words stand nowhere."""
COVERAGE_SHIFT = 0.4
"""How much of that goes over to the keywords where the best passage has all of its words. Fitted
on 45 sets of questions over nine kinds of text at once. With one kind left out it came out the
same, but without company reports, which need it most, half as much."""


def fuse_rankings(
    vector: Mapping[int, float],
    keyword: Mapping[int, float],
    beyond: Mapping[int, float] | None = None,
) -> dict[int, float]:
    """Return passage ids with a fused score between 0 and 1, best first.

    Scores are added, not ranks: ranks forget how far ahead a hit is. Each ranking is stretched
    from what its list begins at to its best, since what it doesn't list could have as much: from
    the worst cosine, and from the worst keyword score where the list is as long as it may be. The
    cosines of what only the keywords found, `beyond`, can lie below.
    """
    worded = _stretched(keyword, min(keyword.values()) if len(keyword) >= CANDIDATES else 0.0)
    near = _stretched(vector, min(vector.values(), default=0.0), beyond)
    share = vector_share(keyword)
    fused = {
        id_: share * near.get(id_, 0.0) + (1 - share) * worded.get(id_, 0.0)
        for id_ in {**vector, **keyword}
    }
    best = sorted(fused.items(), key=lambda item: -item[1])
    return {id_: max(0.0, score) for id_, score in best}


def vector_share(keyword: Mapping[int, float]) -> float:
    """Return what the vectors count for: less, the more of the question the best passage holds.

    Words that are scattered over many passages, or stand nowhere, leave it to the vectors.
    """
    return VECTOR_SHARE - COVERAGE_SHIFT * min(1.0, max(keyword.values(), default=0.0))


def reciprocal_rank_fusion(
    vector: Mapping[int, float], keyword: Mapping[int, float]
) -> dict[int, float]:
    """Return the sum of reciprocal ranks, best first; the reference for `fuse_rankings`."""
    fused: dict[int, float] = {}
    for ranking in (vector, keyword):
        for rank, id_ in enumerate(sorted(ranking, key=lambda id_: -ranking[id_]), 1):
            fused[id_] = fused.get(id_, 0.0) + 1 / (RRF_K + rank)
    return dict(sorted(fused.items(), key=lambda item: -item[1]))


def _stretched(
    ranking: Mapping[int, float], low: float, beyond: Mapping[int, float] | None = None
) -> dict[int, float]:
    high = max(ranking.values(), default=low)
    if high <= low:
        return dict.fromkeys(ranking, 1.0)
    scores = {**(beyond or {}), **ranking}
    return {id_: (score - low) / (high - low) for id_, score in scores.items()}
