"""Rows of a quantization ladder: files here, downloads, quantizations to create, known metrics."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from msgspec import structs

from core import gguf
from core.app.quantization.quantization_files import QuantizationFile
from core.base.errors import InglenookError
from core.messages import QuantizationPlan, QuantizationsPlanned, TensorTypeSpeed
from core.models.model_catalog import CatalogModel
from core.models.quantizations.catalog_header import estimate_bytes
from core.models.quantizations.measurement_store import FileMeasurements, MeasurementStore
from core.models.quantizations.quantization_ladder import (
    LadderRow,
    QualityLoss,
    QuantizationLadder,
    recommend_row,
    run_location,
    sort_rows,
)
from core.models.quantizations.quantization_types import (
    LADDER_QUANTIZATIONS,
    LOW_BITS,
    PUBLISHED_SOURCE,
    Quantization,
    find_quantization,
)
from core.models.quantizations.speed_estimate import (
    MeasuredRun,
    estimate_seconds_per_token,
    estimate_tokens_per_second,
)


class LadderInputs(NamedTuple):
    """All a ladder is made of; `text` names the text that quality is measured with."""

    name: str
    context: int
    siblings: Sequence[QuantizationFile]
    catalog: CatalogModel | None
    planned: QuantizationsPlanned
    speeds: tuple[TensorTypeSpeed, ...]
    measured: MeasurementStore
    text: str


def quantizations_to_plan(
    siblings: Sequence[QuantizationFile], catalog: CatalogModel | None
) -> list[Quantization]:
    """Return the levels that have a row though no file of the shelf has them."""
    here = {each.entry.quantization for each in siblings}
    fetchable = [find_quantization(file.level) for file in catalog.files] if catalog else []
    wanted = {level.name: level for level in (*LADDER_QUANTIZATIONS, *filter(None, fetchable))}
    return [level for name, level in wanted.items() if name not in here]


def build_ladder(known: LadderInputs) -> QuantizationLadder:
    """Return the ladder, with one row recommended."""
    rows = [*_local_rows(known), *_available_rows(known)]
    figures = _measured_files(known)
    runs = [run for run in (_timed_run(row, figures, known.speeds) for row in rows) if run]
    filled = [_with_metrics(row, figures.get(row.path), runs, known) for row in rows]
    marked, reason = recommend_row(sort_rows(filled))
    source = known.siblings[0].entry if known.siblings else None
    return QuantizationLadder(
        name=known.name,
        context=known.context,
        rows=marked,
        reason=reason,
        source=source.quantization if source else "",
        source_path=source.path if source else "",
        catalog_id=known.catalog.id if known.catalog else "",
        repository=known.catalog.repository if known.catalog else "",
    )


def _local_rows(known: LadderInputs) -> list[LadderRow]:
    plans = {plan.path: plan for plan in known.planned.plans if plan.path}
    return [
        LadderRow(
            level=entry.quantization,
            bits=bits,
            bytes=entry.bytes_on_disk,
            exactly=True,
            memory=plans[entry.path].plan.total,
            planned=True,
            where=run_location(plans[entry.path]),
            plan=plans[entry.path],
            ref=entry.ref,
            path=entry.path,
        )
        for entry, bits in ((each.entry, each.bits) for each in known.siblings)
    ]


def _available_rows(known: LadderInputs) -> list[LadderRow]:
    """Rows of levels that would be fetched or made; without a file, only those to be fetched."""
    plans = {plan.level: plan for plan in known.planned.plans if not plan.path}
    rows = []
    for level in quantizations_to_plan(known.siblings, known.catalog):
        fetch = known.catalog.file_for_quantization(level.name) if known.catalog else None
        plan = plans.get(level.name)
        makeable = level in LADDER_QUANTIZATIONS and _is_less(level, plan, known.siblings)
        if makeable or fetch:
            rows.append(_available_row(level, plan, known, makeable=makeable))
    return rows


def _is_less(
    level: Quantization, plan: QuantizationPlan | None, siblings: Sequence[QuantizationFile]
) -> bool:
    """Whether making a level of the best file would save anything."""
    if not siblings or plan is None:
        return False
    best = siblings[0]
    return level.bits < best.bits and plan.bytes < best.entry.bytes_on_disk


def _available_row(
    level: Quantization, plan: QuantizationPlan | None, known: LadderInputs, *, makeable: bool
) -> LadderRow:
    fetch = known.catalog.file_for_quantization(level.name) if known.catalog else None
    computed = estimate_bytes(known.catalog, level.name) if known.catalog else 0
    size = (fetch.bytes if fetch else None) or (plan.bytes if plan else computed)
    return LadderRow(
        level=level.name,
        bits=level.bits,
        bytes=size,
        exactly=bool(fetch and fetch.bytes) or (makeable and plan is not None),
        memory=plan.plan.total if plan else size,
        planned=plan is not None,
        where=run_location(plan) if plan else _where_by_size(size, known),
        plan=plan,
        fetch=fetch,
        makeable=makeable,
        needs_matrix=plan.needs_matrix if plan else level.needs_matrix,
    )


def _where_by_size(size: int, known: LadderInputs) -> str:
    """A model of which only its size is known: "no" if that alone is too much, else unsaid."""
    free = sum(device.free for device in known.planned.devices if device.kind in {"cpu", "gpu"})
    return "no" if size > free else ""


def _measured_files(known: LadderInputs) -> dict[str, FileMeasurements]:
    """Return what was measured of the files that are here, by their paths."""
    found = {}
    for entry, header in known.siblings:
        try:
            found[entry.path] = known.measured.file_measurements(
                gguf.fingerprint(Path(entry.path), header)
            )
        except (InglenookError, OSError):  # it went while it was looked at
            continue
    return found


def _timed_run(
    row: LadderRow, figures: dict[str, FileMeasurements], speeds: tuple[TensorTypeSpeed, ...]
) -> MeasuredRun | None:
    """Return what a level that ran was expected to take, and what it took."""
    measured = figures.get(row.path)
    if row.plan is None or measured is None:
        return None
    speed = measured.speed_for_placement(row.plan.placement)
    expected = estimate_seconds_per_token(row.plan, speeds)
    return MeasuredRun(expected, 1 / speed) if speed and expected else None


def _with_metrics(
    row: LadderRow, figures: FileMeasurements | None, runs: list[MeasuredRun], known: LadderInputs
) -> LadderRow:
    """Return the row with its speed and its loss, as far as they are known."""
    speed = figures.speed_for_placement(row.plan.placement) if figures and row.plan else 0.0
    expected = estimate_seconds_per_token(row.plan, known.speeds) if row.plan else None
    runs_here = row.where in {"gpu", "part", "cpu"}
    estimate = estimate_tokens_per_second(expected, runs) if expected and runs_here else None
    return structs.replace(
        row,
        speed=speed or estimate,
        speed_measured=bool(speed),
        loss=_measured_loss(figures, known.text) or _published_loss(row, known.siblings),
    )


def _measured_loss(figures: FileMeasurements | None, text: str) -> QualityLoss | None:
    quality = figures.quality if figures else None
    if quality is None or quality.text != text or quality.tokens == 0 or quality.is_best:
        return None
    return QualityLoss(
        share=max(quality.loss, 0.0),
        divergence=quality.divergence,
        measured=True,
        against=quality.best_level,
        perplexity=quality.perplexity,
        error=quality.perplexity_error,
        same_choice=quality.same_choice,
    )


def _published_loss(row: LadderRow, siblings: Sequence[QuantizationFile]) -> QualityLoss | None:
    """Return what was published; what is made of a low level has lost that one's share already."""
    level = find_quantization(row.level)
    if level is None or level.published_loss is None:
        return None
    share = level.published_loss
    if row.makeable and not row.fetch and siblings[0].bits < LOW_BITS:
        source = find_quantization(siblings[0].entry.quantization)
        share += (source.published_loss or 0.0) if source else 0.0
    return QualityLoss(
        share=share, divergence=level.divergence, measured=False, source=PUBLISHED_SOURCE
    )
