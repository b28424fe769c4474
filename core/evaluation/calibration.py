"""Calibration: whether a confidence of 70 % is right seven times of ten."""

from collections.abc import Sequence

from msgspec import Struct

BINS = 10


class ReliabilityBin(Struct, frozen=True, kw_only=True):
    """Answers whose confidence lies between `low` and `high`: their mean, and how many are right.

    `right` is a share, `count` the number of answers.
    """

    low: float
    high: float
    confidence: float
    right: float
    count: int


class Calibration(Struct, frozen=True, kw_only=True):
    """`error` is the expected calibration error over ten equal bins, `brier` the mean square."""

    error: float
    brier: float
    count: int
    bins: tuple[ReliabilityBin, ...]


def measure_calibration(pairs: Sequence[tuple[float, bool]]) -> Calibration | None:
    """Return how well confidences, 0 to 1, tell what came out; None without any."""
    if not pairs:
        return None
    found: dict[int, list[tuple[float, bool]]] = {}
    for confidence, outcome in pairs:
        found.setdefault(min(BINS - 1, int(confidence * BINS)), []).append((confidence, outcome))
    bins = tuple(
        ReliabilityBin(
            low=place / BINS,
            high=(place + 1) / BINS,
            confidence=sum(confidence for confidence, _right in held) / len(held),
            right=sum(right for _confidence, right in held) / len(held),
            count=len(held),
        )
        for place, held in sorted(found.items())
    )
    error = sum(abs(each.confidence - each.right) * each.count for each in bins) / len(pairs)
    brier = sum((confidence - right) ** 2 for confidence, right in pairs) / len(pairs)
    return Calibration(error=error, brier=brier, count=len(pairs), bins=bins)
