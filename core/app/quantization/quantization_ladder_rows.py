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
    RUNS_HERE,
    LadderRow,
    QualityLoss,
    QuantizationLadder,
    RunLocation,
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
    """Everything a ladder is built from; `text` is the hash of the text for quality."""

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
    """Return the quantizations that have a row without a file here."""
    here = {each.entry.quantization for each in siblings}
    downloadable = [find_quantization(file.level) for file in catalog.files] if catalog else []
    wanted = {level.name: level for level in (*LADDER_QUANTIZATIONS, *filter(None, downloadable))}
    return [level for name, level in wanted.items() if name not in here]


def build_ladder(inputs: LadderInputs) -> QuantizationLadder:
    """Return the ladder, with one row recommended."""
    rows = [*_local_rows(inputs), *_available_rows(inputs)]
    measurements = _measured_files(inputs)
    runs = [run for run in (_timed_run(row, measurements, inputs.speeds) for row in rows) if run]
    filled = [_with_metrics(row, measurements.get(row.path), runs, inputs) for row in rows]
    marked, reason = recommend_row(sort_rows(filled))
    source = inputs.siblings[0].entry if inputs.siblings else None
    return QuantizationLadder(
        name=inputs.name,
        context=inputs.context,
        rows=marked,
        reason=reason,
        source=source.quantization if source else "",
        source_path=source.path if source else "",
        catalog_id=inputs.catalog.id if inputs.catalog else "",
        repository=inputs.catalog.repository if inputs.catalog else "",
    )


def _local_rows(inputs: LadderInputs) -> list[LadderRow]:
    plans = {plan.path: plan for plan in inputs.planned.plans if plan.path}
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
        for entry, bits in ((each.entry, each.bits) for each in inputs.siblings)
    ]


def _available_rows(inputs: LadderInputs) -> list[LadderRow]:
    """Return rows without a file here: to download, or to make if there is another file."""
    plans = {plan.level: plan for plan in inputs.planned.plans if not plan.path}
    rows = []
    for level in quantizations_to_plan(inputs.siblings, inputs.catalog):
        fetch = inputs.catalog.file_for_quantization(level.name) if inputs.catalog else None
        plan = plans.get(level.name)
        makeable = level in LADDER_QUANTIZATIONS and _is_less(level, plan, inputs.siblings)
        if makeable or fetch:
            rows.append(_available_row(level, plan, inputs, makeable=makeable))
    return rows


def _is_less(
    level: Quantization, plan: QuantizationPlan | None, siblings: Sequence[QuantizationFile]
) -> bool:
    """Return whether quantizing the best file would save memory."""
    if not siblings or plan is None:
        return False
    best = siblings[0]
    return level.bits < best.bits and plan.bytes < best.entry.bytes_on_disk


def _available_row(
    level: Quantization, plan: QuantizationPlan | None, inputs: LadderInputs, *, makeable: bool
) -> LadderRow:
    fetch = inputs.catalog.file_for_quantization(level.name) if inputs.catalog else None
    computed = estimate_bytes(inputs.catalog, level.name) if inputs.catalog else 0
    size = (fetch.bytes if fetch else None) or (plan.bytes if plan else computed)
    return LadderRow(
        level=level.name,
        bits=level.bits,
        bytes=size,
        exactly=bool(fetch and fetch.bytes) or (makeable and plan is not None),
        memory=plan.plan.total if plan else size,
        planned=plan is not None,
        where=run_location(plan) if plan else _where_by_size(size, inputs),
        plan=plan,
        fetch=fetch,
        makeable=makeable,
        needs_matrix=plan.needs_matrix if plan else level.needs_matrix,
    )


def _where_by_size(size: int, inputs: LadderInputs) -> RunLocation:
    """Tell only whether the size alone is too much for the memory."""
    free = sum(device.free for device in inputs.planned.devices if device.kind in {"cpu", "gpu"})
    return RunLocation.NOWHERE if size > free else RunLocation.UNKNOWN


def _measured_files(inputs: LadderInputs) -> dict[str, FileMeasurements]:
    """Return the measurements of the files that are here, by their paths."""
    found = {}
    for entry, header in inputs.siblings:
        try:
            found[entry.path] = inputs.measured.file_measurements(
                gguf.fingerprint(Path(entry.path), header)
            )
        except (InglenookError, OSError):  # it was removed meanwhile
            continue
    return found


def _timed_run(
    row: LadderRow, measurements: dict[str, FileMeasurements], speeds: tuple[TensorTypeSpeed, ...]
) -> MeasuredRun | None:
    """Return the estimated and the measured time of a file that ran."""
    measured = measurements.get(row.path)
    if row.plan is None or measured is None:
        return None
    expected = estimate_seconds_per_token(row.plan, speeds)
    speed = measured.speed_for_placement(row.plan.placement, expected)
    return MeasuredRun(expected, 1 / speed) if speed and expected else None


def _with_metrics(
    row: LadderRow, measured: FileMeasurements | None, runs: list[MeasuredRun], inputs: LadderInputs
) -> LadderRow:
    """Return the row with its speed and its loss, where inputs."""
    expected = estimate_seconds_per_token(row.plan, inputs.speeds) if row.plan else None
    speed = 0.0
    if measured and row.plan:
        speed = measured.speed_for_placement(row.plan.placement, expected)
    runs_here = row.where in RUNS_HERE
    estimate = estimate_tokens_per_second(expected, runs) if expected and runs_here else None
    return structs.replace(
        row,
        speed=speed or estimate,
        speed_measured=bool(speed),
        loss=_measured_loss(measured, inputs.text) or _published_loss(row, inputs.siblings),
    )


def _measured_loss(measured: FileMeasurements | None, text: str) -> QualityLoss | None:
    quality = measured.quality if measured else None
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
    """Return the published loss, plus that of a low source if the row is made from it."""
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
