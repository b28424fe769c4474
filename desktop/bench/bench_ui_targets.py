"""Target values of the window's benchmarks, in the order of the table."""

from collections.abc import Mapping

from msgspec import Struct

from core.base.i18n import N_
from core.bench.bench_metrics import MetricTarget


class UiTarget(Struct, frozen=True):
    """A metric of a part: its description, unit and target."""

    part: str
    key: str
    what: str
    unit: str
    asked: MetricTarget


UI_TARGETS = (
    UiTarget(
        "window", "cold", N_("window accepting keys, first start"), "x", MetricTarget(most=1.5)
    ),
    UiTarget(
        "window", "warm", N_("window accepting keys, later starts"), "x", MetricTarget(most=1.5)
    ),
    UiTarget(
        "transcript",
        "resident_mb_200_turns",
        N_("memory with a chat of 200 turns"),
        "MB",
        MetricTarget(most=220),
    ),
    UiTarget(
        "transcript",
        "gap_ms_p99",
        N_("gaps while streaming into 2,000 turns, p99"),
        "ms",
        MetricTarget(most=16),
    ),
    UiTarget(
        "transcript",
        "gap_ms_max",
        N_("gaps while streaming into 2,000 turns, longest"),
        "ms",
        MetricTarget(most=50),
    ),
    UiTarget(
        "transcript",
        "token_cost_ratio",
        N_("cost of a token, turn 2,000 against turn 1"),
        "x",
        MetricTarget(most=1.2),
    ),
    UiTarget(
        "transcript",
        "open_ms_2000_turns",
        N_("opening a chat of 2,000 turns, to first paint"),
        "ms",
        MetricTarget(most=300),
    ),
    UiTarget(
        "keys",
        "typing_ms_p99",
        N_("typing while streaming and indexing, p99"),
        "ms",
        MetricTarget(most=16),
    ),
    UiTarget(
        "viewer",
        "first_click_ms",
        N_("a citation's page of a PDF of 1,000, from the click"),
        "ms",
        MetricTarget(most=400),
    ),
)
PARTS = tuple(dict.fromkeys(row.part for row in UI_TARGETS))


def is_target_met(row: UiTarget, figures: Mapping[str, float]) -> bool | None:
    """Whether a metric meets its target; None if it wasn't measured."""
    value = figures.get(row.key)
    return None if value is None else row.asked.is_met_by(value)
