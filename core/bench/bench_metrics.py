"""Benchmark metrics: medians, their spread, and the targets they should meet."""

import statistics
from collections.abc import Sequence

from msgspec import Struct


class MeasuredValues(Struct, frozen=True):
    """One thing measured several times, in the order of the rounds."""

    values: tuple[float, ...]

    @property
    def median(self) -> float:
        """The value in the middle; 0 if there is none."""
        return statistics.median(self.values) if self.values else 0.0

    @property
    def spread(self) -> float:
        """From the smallest to the largest, as a share of the median."""
        if not self.values or not self.median:
            return 0.0
        return (max(self.values) - min(self.values)) / abs(self.median)

    def ratios_to(self, other: "MeasuredValues") -> "MeasuredValues":
        """Return the ratios round by round: a disturbance of a round affects both values."""
        pairs = zip(self.values, other.values, strict=True)
        return MeasuredValues(tuple(ours / theirs for ours, theirs in pairs if theirs))


class MetricTarget(Struct, frozen=True, kw_only=True):
    """Bounds of a ratio, or of the value where there is no ratio; None: no such bound."""

    least: float | None = None
    most: float | None = None

    def is_met_by(self, value: float) -> bool:
        """Return whether `value` is good enough."""
        low_enough = self.most is None or value <= self.most
        return low_enough and (self.least is None or value >= self.least)


class BenchMetric(Struct, frozen=True, kw_only=True):
    """One line of the table. `key` names it for programs, `what` for people.

    `reference` is the value it is compared with, and `reference_name` says of what. A metric
    without a `value` has only a `note`.
    """

    key: str
    what: str
    unit: str = ""
    value: float | None = None
    spread: float = 0.0
    reference: float | None = None
    reference_name: str = ""
    reference_spread: float = 0.0
    ratio: float | None = None
    ratio_spread: float = 0.0
    asked: MetricTarget | None = None
    note: str = ""

    @property
    def meets_target(self) -> bool | None:
        """Whether it meets its target; None without a target or a measurement."""
        judged = self.value if self.ratio is None else self.ratio
        return None if self.asked is None or judged is None else self.asked.is_met_by(judged)


def compared_metric(
    key: str,
    what: str,
    unit: str,
    measured: Sequence[float],
    reference: Sequence[float],
    *,
    reference_name: str,
    asked: MetricTarget | None = None,
    note: str = "",
) -> BenchMetric:
    """Return the metric of something that was measured beside its reference in each round."""
    ours, theirs = MeasuredValues(tuple(measured)), MeasuredValues(tuple(reference))
    ratios = ours.ratios_to(theirs)
    return BenchMetric(
        key=key,
        what=what,
        unit=unit,
        value=ours.median,
        spread=ours.spread,
        reference=theirs.median,
        reference_name=reference_name,
        reference_spread=theirs.spread,
        ratio=ratios.median if ratios.values else None,
        ratio_spread=ratios.spread,
        asked=asked,
        note=note,
    )
