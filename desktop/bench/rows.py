"""What is asked of the window, and the table it is compared in."""

from collections.abc import Mapping

from msgspec import Struct

from core.engine.bench.figures import Asked
from core.words import N_


class Row(Struct, frozen=True):
    """A figure of a part: what it is, its unit, and what is asked of it."""

    part: str
    key: str
    what: str
    unit: str
    asked: Asked


ROWS = (
    Row("window", "cold", N_("window accepting keys, first start"), "x", Asked(most=1.5)),
    Row("window", "warm", N_("window accepting keys, later starts"), "x", Asked(most=1.5)),
    Row(
        "transcript",
        "resident_mb_200_turns",
        N_("memory with a chat of 200 turns"),
        "MB",
        Asked(most=220),
    ),
    Row(
        "transcript",
        "gap_ms_p99",
        N_("gaps while streaming into 2,000 turns, p99"),
        "ms",
        Asked(most=16),
    ),
    Row(
        "transcript",
        "gap_ms_max",
        N_("gaps while streaming into 2,000 turns, longest"),
        "ms",
        Asked(most=50),
    ),
    Row(
        "transcript",
        "token_cost_ratio",
        N_("cost of a token, turn 2,000 against turn 1"),
        "x",
        Asked(most=1.2),
    ),
    Row(
        "transcript",
        "open_ms_2000_turns",
        N_("opening a chat of 2,000 turns, to first paint"),
        "ms",
        Asked(most=300),
    ),
    Row(
        "keys",
        "typing_ms_p99",
        N_("typing while streaming and indexing, p99"),
        "ms",
        Asked(most=16),
    ),
    Row(
        "viewer",
        "first_click_ms",
        N_("a citation's page of a PDF of 1,000, from the click"),
        "ms",
        Asked(most=400),
    ),
)
PARTS = tuple(dict.fromkeys(row.part for row in ROWS))


def met(row: Row, figures: Mapping[str, float]) -> bool | None:
    """Whether a figure is as asked; None if it wasn't measured."""
    value = figures.get(row.key)
    return None if value is None else row.asked.met_by(value)
