"""Bootstrap: how sure a mean and a difference of two means are, by drawing the questions anew."""

import math
import random
from collections.abc import Sequence
from fractions import Fraction

from msgspec import Struct

_ROUNDS, _SEED = 2000, 1
_SHARE = 0.95


class MeanEstimate(Struct, frozen=True, kw_only=True):
    """A mean over `count` questions; the true one lies between `low` and `high`, 95 of 100 times.

    Percentile bootstrap over the questions; both are the mean itself for fewer than two.
    """

    mean: float
    low: float
    high: float
    count: int


class PairedDifference(Struct, frozen=True, kw_only=True):
    """How much the second of two is above the first, on the questions that both answered.

    `better`, `worse` and `equal` count questions. `p` is that of the two-sided sign test: how often
    chance alone would share out the unequal ones so unevenly.
    """

    mean: float
    low: float
    high: float
    count: int
    better: int
    worse: int
    equal: int
    p: float


def estimate_mean(values: Sequence[float]) -> MeanEstimate:
    """Return the mean of some values, at least one, with its interval."""
    low, high = _interval(values)
    return MeanEstimate(mean=_mean(values), low=low, high=high, count=len(values))


def compare_pairs(first: Sequence[float], second: Sequence[float]) -> PairedDifference:
    """Return the difference of two scores a question, at least one: paired bootstrap, sign test."""
    differences = [after - before for before, after in zip(first, second, strict=True)]
    low, high = _interval(differences)
    better = sum(each > 1e-9 for each in differences)
    worse = sum(each < -1e-9 for each in differences)
    return PairedDifference(
        mean=_mean(differences),
        low=low,
        high=high,
        count=len(differences),
        better=better,
        worse=worse,
        equal=len(differences) - better - worse,
        p=sign_test(better, worse),
    )


def sign_test(better: int, worse: int) -> float:
    """Return the two-sided p of the sign test."""
    total = better + worse
    if total == 0:
        return 1.0
    tail = sum(math.comb(total, count) for count in range(min(better, worse) + 1))
    return float(min(Fraction(1), Fraction(2 * tail, 2**total)))


def _interval(values: Sequence[float]) -> tuple[float, float]:
    if len(values) < 2:
        return _mean(values), _mean(values)
    generator = random.Random(_SEED)  # noqa: S311 - no secret: the same draw each time is wanted
    means = sorted(
        math.fsum(generator.choices(values, k=len(values))) / len(values) for _ in range(_ROUNDS)
    )
    tail = (1 - _SHARE) / 2
    return means[int(tail * _ROUNDS)], means[min(_ROUNDS - 1, int((1 - tail) * _ROUNDS))]


def _mean(values: Sequence[float]) -> float:
    return math.fsum(values) / len(values)
