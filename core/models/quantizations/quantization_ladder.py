"""Quantization ladder: rows with size, memory, speed and quality loss, and a recommendation."""

from collections.abc import Callable, Sequence
from enum import StrEnum

from msgspec import Struct, structs

from core.base.i18n import LocalizedFloat, _
from core.messages import QuantizationPlan
from core.models.model_catalog import CatalogFile

GOOD_LOSS = 0.01
"""An increase of perplexity by this share is hard to notice."""
FAIR_LOSS = 0.03
FLUENT_SPEED = 20.0
"""Tokens per second that are faster than people read."""
READABLE_SPEED = 8.0
"""About as fast as people read."""
NEAR_FASTEST = 0.8
"""Share of the fastest row's speed that is nearly as good."""


class RunLocation(StrEnum):
    """Where the layers of a quantization would be computed."""

    GPU = "gpu"
    PARTLY_GPU = "part"
    CPU = "cpu"
    NOWHERE = "no"
    UNKNOWN = ""


RUNS_HERE = frozenset({RunLocation.GPU, RunLocation.PARTLY_GPU, RunLocation.CPU})


class QualityLoss(Struct, frozen=True, kw_only=True):
    """Quality loss of a quantization: increase of perplexity as a share, KL divergence in nats.

    `measured` here against the quantization `against`, else published by `source`. `error` is the
    standard error of a measured perplexity. `same_choice` is the share of positions with the same
    token as the best quantization, 0 if unknown.
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
    """One quantization: here (`ref`, `path`), in the catalog (`fetch`), or `makeable` here.

    `bytes` of the file are exact (`exactly`) or estimated; `memory` is a plan (`planned`) or the
    weights alone. `speed` is in tokens per second, `speed_measured` or estimated, None if
    unknown. `needs_matrix`: it can be made only with an importance matrix.
    """

    level: str
    bits: float
    bytes: int
    exactly: bool
    memory: int
    planned: bool
    where: RunLocation
    plan: QuantizationPlan | None
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
    """The quantizations of one model, the smallest first, with the reason for the recommended one.

    `source` is the quantization from which others would be made, "" without a file; `catalog_id`
    and `repository` name the catalog entry, "" if there is none. `context` is as requested.
    """

    name: str
    context: int
    rows: tuple[LadderRow, ...]
    reason: str
    source: str
    source_path: str
    catalog_id: str
    repository: str

    @property
    def recommended(self) -> LadderRow | None:
        """The recommended row, None if nothing runs."""
        return next((row for row in self.rows if row.recommended), None)


def run_location(plan: QuantizationPlan) -> RunLocation:
    """Return where a plan has the layers computed."""
    if plan.plan.verdict == "no":
        return RunLocation.NOWHERE
    if plan.placement.gpu_layers <= 0:
        return RunLocation.CPU
    whole = plan.placement.gpu_layers >= plan.layers and plan.placement.experts_on_cpu <= 0
    return RunLocation.GPU if whole else RunLocation.PARTLY_GPU


def sort_rows(rows: Sequence[LadderRow]) -> list[LadderRow]:
    """Return rows from the smallest quantization to the largest."""
    return sorted(rows, key=lambda row: (row.bits, row.bytes))


def recommend_row(rows: Sequence[LadderRow]) -> tuple[tuple[LadderRow, ...], str]:
    """Mark the recommended row; return the reason, too, in a sentence or two."""
    chosen, reason = _choice(rows)
    marked = (structs.replace(row, recommended=row is chosen) for row in rows)
    return tuple(marked), reason


def _choice(rows: Sequence[LadderRow]) -> tuple[LadderRow | None, str]:
    """Return the smallest row with little loss if it is fast, else the best compromise."""
    usable = [row for row in rows if row.where in RUNS_HERE and _is_available(row)]
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
        text = _("{level} loses least of those that write as fast as one reads. {figures}")
        return row, text.format(level=row.level, figures=_describe_metrics(row))
    fastest = max(map(_speed, easy))
    near = [row for row in easy if _speed(row) >= NEAR_FASTEST * fastest]
    row = min(near, key=lambda each: (_loses(each), each.bytes))
    text = _("Every level writes slower here than one reads; {level} is no worse. {figures}")
    return row, text.format(level=row.level, figures=_describe_metrics(row))


def _reason(row: LadderRow, rows: Sequence[LadderRow]) -> str:
    fast = _speed(row) >= FLUENT_SPEED
    if _loses(row) <= GOOD_LOSS:
        first = _("{level} is the smallest level that loses next to nothing.")
    elif fast:
        first = _("{level} is the smallest level that loses little.")
    else:
        first = _("{level} is the smallest level that loses little and still writes as one reads.")
    sentences = [first.format(level=row.level), _describe_metrics(row)]
    lower = [each for each in rows if each.bytes < row.bytes and each.loss]
    if lower:
        below = max(lower, key=lambda each: each.bytes)
        if _loses(below) > 1.5 * _loses(row):
            next_one = _("{level} below it would lose {share}.")
            sentences.append(next_one.format(level=below.level, share=format_loss(_loses(below))))
    return " ".join(filter(None, sentences))


def _describe_metrics(row: LadderRow) -> str:
    """Describe the quality loss and the speed of a row."""
    sentences = []
    if row.loss:
        text = (
            _("It was measured to lose {share}.")
            if row.loss.measured
            else _("It is published to lose {share} with a model of 8B.")
        )
        sentences.append(text.format(share=format_loss(row.loss.share)))
    if row.speed:
        text = (
            _("It wrote {speed} tokens a second here.")
            if row.speed_measured
            else _("It should write about {speed} tokens a second.")
        )
        sentences.append(text.format(speed=format_number(row.speed)))
    return " ".join(sentences)


def format_loss(share: float, write: Callable[[float, int], str] | None = None) -> str:
    """Return a share of lost quality for people, e.g. "2.8 %".

    `write` formats a number with so many decimal places, as a front end wants it.
    """
    if share < 0.0005:
        return _("next to nothing")
    return _("{number} %").format(number=format_number(100 * share, write))


def format_number(number: float, write: Callable[[float, int], str] | None = None) -> str:
    """Return a number for people: with one decimal place below 10, none above."""
    places = 1 if number < 10 else 0
    return write(number, places) if write else f"{LocalizedFloat(number):.{places}f}"


def _is_available(row: LadderRow) -> bool:
    return bool(row.path) or row.fetch is not None or (row.makeable and not row.needs_matrix)


def _loses(row: LadderRow) -> float:
    """Return the loss of a row; for an unknown one, a guess from its bits."""
    return row.loss.share if row.loss else 0.5 / max(row.bits, 1)


def _speed(row: LadderRow) -> float:
    """Return the speed of a row; an unknown one counts as fast."""
    return FLUENT_SPEED if row.speed is None else row.speed
