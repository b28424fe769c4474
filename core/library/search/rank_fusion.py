"""Rank fusion: the vector ranking and the keyword ranking joined into one.

Which of them to trust can't be seen in its scores: of a dozen features, such as the lead of the
first hit, the agreement of the rankings or the rarity of the words, only one predicted it on sets
that it was not chosen on: the keyword score of the best passage, as a share of the highest
possible.
"""

from collections.abc import Mapping

from core.library.search.candidate_rankings import CANDIDATES

RRF_K = 60
VECTOR_SHARE = 0.55
"""Weight of the vectors for a question whose words are found nowhere."""
COVERAGE_SHIFT = 0.4
"""Part of that weight that goes to the keywords if the best passage has all words. Fitted on 45
sets of questions over nine kinds of text at once. With one kind left out it was the same, except
for company reports, which need it most: without them it was half as much."""


def fuse_rankings(
    vector: Mapping[int, float],
    keyword: Mapping[int, float],
    beyond: Mapping[int, float] | None = None,
) -> dict[int, float]:
    """Return passage ids with a fused score between 0 and 1, best first.

    Scores are added, not ranks: ranks lose how far ahead a hit is. Each ranking is scaled so that
    its best score is 1, and its worst is 0, since passages that it doesn't list may have as much;
    keyword scores from 0 if the list is complete. `beyond` are cosines of passages that only the
    keywords found; they may be below 0 then.
    """
    keyword_scores = _scaled(keyword, min(keyword.values()) if len(keyword) >= CANDIDATES else 0.0)
    vector_scores = _scaled(vector, min(vector.values(), default=0.0), beyond)
    share = vector_share(keyword)
    fused = {
        id_: share * vector_scores.get(id_, 0.0) + (1 - share) * keyword_scores.get(id_, 0.0)
        for id_ in {**vector, **keyword}
    }
    best = sorted(fused.items(), key=lambda item: -item[1])
    return {id_: max(0.0, score) for id_, score in best}


def vector_share(keyword: Mapping[int, float]) -> float:
    """Return the weight of the vectors: the lower, the more words the best passage has.

    If words are scattered over many passages, or found nowhere, the vectors decide.
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


def _scaled(
    ranking: Mapping[int, float], low: float, beyond: Mapping[int, float] | None = None
) -> dict[int, float]:
    high = max(ranking.values(), default=low)
    if high <= low:
        return dict.fromkeys(ranking, 1.0)
    scores = {**(beyond or {}), **ranking}
    return {id_: (score - low) / (high - low) for id_, score in scores.items()}
