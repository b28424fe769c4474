"""Quantization ladder: rows with size, memory, speed and quality loss, and a recommendation."""

from collections.abc import Callable, Sequence

from msgspec import Struct, structs

from core.base.i18n import LocalizedFloat, _
from core.messages import QuantizationPlan
from core.models.model_catalog import CatalogFile

GOOD_LOSS = 0.01
"""Perplexity that grows by this share or less is hard to notice."""
FAIR_LOSS = 0.03
FLUENT_SPEED = 20.0
"""Tokens a second that nobody has to wait for."""
READABLE_SPEED = 8.0
"""About as fast as people read."""
NEAR_FASTEST = 0.8
"""Of the fastest level's speed: what nobody would miss."""
RUN_LOCATIONS = ("gpu", "part", "cpu", "no")
"""All on graphics cards, part of it, on the processor alone, or not at all."""


class QualityLoss(Struct, frozen=True, kw_only=True):
    """What a level loses: `share` by which perplexity grows, and KL divergence in nats.

    `measured` here, against the level `against`; else published, as `source` says. `error` is the
    standard error of a measured perplexity. `same_choice` is the share of places where the level
    writes the same token as the best, 0 where unknown.
    """

    share: float
    divergence: float | None
    measured: bool
    source: str = ""
    against: str = ""
    perplexity: float = 0.0
    error: float = 0.0
    same_choice: float = 0.0


class LadderRow(Struct, frozen=True, kw_only=True):
    """One level. It is here (`ref`, `path`), can be fetched (`fetch`), or made (`makeable`).

    `bytes` of the file, `exactly` or computed from figures; `memory` at `context` tokens in view,
    of which `planned` says whether it is a plan or the weights alone. `where` is one of WHERE, ""
    where that can't be told. `speed` in tokens a second, `speed_measured` on this very level; None
    where unknown. `needs_matrix`: only with an importance matrix.
    """

    level: str
    bits: float
    bytes: int
    exactly: bool
    memory: int
    planned: bool
    where: str
    plan: QuantizationPlan | None = None
    ref: str = ""
    path: str = ""
    fetch: CatalogFile | None = None
    makeable: bool = False
    needs_matrix: bool = False
    speed: float | None = None
    speed_measured: bool = False
    loss: QualityLoss | None = None
    recommended: bool = False


class QuantizationLadder(Struct, frozen=True, kw_only=True):
    """The levels of one model, the lowest first, and why one of them is recommended.

    `source` is the level others would be made of, "" without a file; `catalog_id` and `repository`
    name its entry in the catalog, "" where it is in none. `context` is what was asked for.
    """

    name: str
    context: int
    rows: tuple[LadderRow, ...]
    reason: str
    source: str = ""
    source_path: str = ""
    catalog_id: str = ""
    repository: str = ""

    @property
    def recommended(self) -> LadderRow | None:
        """The row that is recommended, None where nothing runs."""
        return next((row for row in self.rows if row.recommended), None)


def run_location(plan: QuantizationPlan) -> str:
    """Return one of WHERE for a plan."""
    if plan.plan.verdict == "no":
        return "no"
    if plan.placement.gpu_layers <= 0:
        return "cpu"
    whole = plan.placement.gpu_layers >= plan.layers and plan.placement.experts_on_cpu <= 0
    return "gpu" if whole else "part"


def sort_rows(rows: Sequence[LadderRow]) -> list[LadderRow]:
    """Return rows from the lowest level to the highest."""
    return sorted(rows, key=lambda row: (row.bits, row.bytes))


def recommend_row(rows: Sequence[LadderRow]) -> tuple[tuple[LadderRow, ...], str]:
    """Mark the row that is recommended, and say why in a sentence or two."""
    chosen, reason = _choice(rows)
    marked = (structs.replace(row, recommended=row is chosen) for row in rows)
    return tuple(marked), reason


def _choice(rows: Sequence[LadderRow]) -> tuple[LadderRow | None, str]:
    """The smallest level that loses next to nothing, if it is quick; else what comes nearest."""
    usable = [row for row in rows if row.where in {"gpu", "part", "cpu"} and _can_be_had(row)]
    if not usable:
        return None, _("No level of this model fits into this machine's memory.")
    easy = [row for row in usable if row.plan is None or row.plan.plan.verdict == "yes"] or usable
    for most_lost, speed in ((GOOD_LOSS, FLUENT_SPEED), (FAIR_LOSS, READABLE_SPEED)):
        fitting = [row for row in easy if _loses(row) <= most_lost and _speed(row) >= speed]
        if fitting:
            row = min(fitting, key=lambda each: each.bytes)
            return row, _reason(row, rows)
    quick = [row for row in easy if _speed(row) >= READABLE_SPEED]
    if quick:
        row = min(quick, key=lambda each: (_loses(each), each.bytes))
        said = _("{level} loses least of those that write as fast as one reads. {figures}")
        return row, said.format(level=row.level, figures=_figures(row))
    fastest = max(map(_speed, easy))
    near = [row for row in easy if _speed(row) >= NEAR_FASTEST * fastest]
    row = min(near, key=lambda each: (_loses(each), each.bytes))
    said = _("Every level writes slower here than one reads; {level} is no worse. {figures}")
    return row, said.format(level=row.level, figures=_figures(row))


def _reason(row: LadderRow, rows: Sequence[LadderRow]) -> str:
    fast = _speed(row) >= FLUENT_SPEED
    if _loses(row) <= GOOD_LOSS:
        first = _("{level} is the smallest level that loses next to nothing.")
    elif fast:
        first = _("{level} is the smallest level that loses little.")
    else:
        first = _("{level} is the smallest level that loses little and still writes as one reads.")
    said = [first.format(level=row.level), _figures(row)]
    lower = [each for each in rows if each.bytes < row.bytes and each.loss]
    if lower:
        below = max(lower, key=lambda each: each.bytes)
        if _loses(below) > 1.5 * _loses(row):
            next_one = _("{level} below it would lose {share}.")
            said.append(next_one.format(level=below.level, share=format_loss(_loses(below))))
    return " ".join(filter(None, said))


def _figures(row: LadderRow) -> str:
    """Say what is known of a row: lost quality and speed."""
    said = []
    if row.loss:
        words = (
            _("It was measured to lose {share}.")
            if row.loss.measured
            else _("It is published to lose {share} with a model of 8B.")
        )
        said.append(words.format(share=format_loss(row.loss.share)))
    if row.speed:
        words = (
            _("It wrote {speed} tokens a second here.")
            if row.speed_measured
            else _("It should write about {speed} tokens a second.")
        )
        said.append(words.format(speed=format_number(row.speed, 10)))
    return " ".join(said)


def format_loss(share: float, write: Callable[[float, int], str] | None = None) -> str:
    """Return a share of lost quality for people, e.g. "2.8 %".

    A front end that knows the numbers of its system gives the way to `write` one with some places.
    """
    if share < 0.0005:
        return _("next to nothing")
    return _("{number} %").format(number=format_number(100 * share, 10, write))


def format_number(
    number: float, exact: float, write: Callable[[float, int], str] | None = None
) -> str:
    """Return a number for people: with tenths below `exact`, whole above."""
    places = 1 if number < exact else 0
    return write(number, places) if write else f"{LocalizedFloat(number):.{places}f}"


def _can_be_had(row: LadderRow) -> bool:
    return bool(row.path) or row.fetch is not None or (row.makeable and not row.needs_matrix)


def _loses(row: LadderRow) -> float:
    """How much a level loses; one nobody measured or published as one without half its bits."""
    return row.loss.share if row.loss else 0.5 / max(row.bits, 1)


def _speed(row: LadderRow) -> float:
    """A speed that isn't known stands in nobody's way."""
    return FLUENT_SPEED if row.speed is None else row.speed
