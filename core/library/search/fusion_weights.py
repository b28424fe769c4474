"""Fusion weights: how much a question's vectors count beside its keywords, as was learned.

An embedder that doesn't know a language ranks its passages at random, and the keywords show it:
their best passages are nowhere near. Of four features (the others: the keyword score of the
best passage, the lead of the nearest one, what the nearest hold of the words) it was the one whose
weights did best on sets that they were not fitted on, alone. `packaging/training/fit_fusion.py`
fits and says on what.
"""

import math
from collections.abc import Mapping

import numpy as np

BIAS, AGREEMENT = -0.59, 1.0
"""Height of the share of the vectors on the logistic curve, and what a unit of agreement adds."""
_LOOKED_AT = 3
"""Best passages of the keyword ranking whose cosines are looked at."""
_MOST = 2.0
"""Agreement beyond which none was seen."""


def ranking_agreement(
    vector: Mapping[int, float], keyword: Mapping[int, float], beyond: Mapping[int, float]
) -> float:
    """Return how far above the mean the cosines of the best keyword passages lie.

    In units of three deviations of the cosines of the vector ranking, so that 1 is much; 0 if there
    is nothing to compare. `beyond` are cosines of passages that only the keywords found.
    """
    if len(vector) < 2 or not keyword:
        return 0.0
    cosines = np.fromiter(vector.values(), np.float64)
    mean, deviation = float(cosines.mean()), float(cosines.std()) + 1e-6
    lowest = float(cosines.min())
    first = sorted(keyword, key=lambda id_: -keyword[id_])[:_LOOKED_AT]
    heights = [(vector.get(id_, beyond.get(id_, lowest)) - mean) / deviation for id_ in first]
    return min(_MOST, max(-_MOST, sum(heights) / len(heights) / 3))


def vector_share(
    vector: Mapping[int, float], keyword: Mapping[int, float], beyond: Mapping[int, float]
) -> float:
    """Return the weight of the vectors, 0 to 1; that of the keywords is the rest."""
    height = BIAS + AGREEMENT * ranking_agreement(vector, keyword, beyond)
    return 1 / (1 + math.exp(-height))
