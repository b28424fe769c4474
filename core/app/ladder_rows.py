"""Puts a ladder together: what is here, what can be fetched, what can be made, what is known."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from msgspec import structs

from core import gguf
from core.app.siblings import Sibling
from core.errors import InglenookError
from core.messages import LevelPlan, LevelsPlanned, TypeSpeed
from core.models.catalog import CatalogModel
from core.models.catalog_header import bytes_of
from core.models.ladder import Ladder, LadderRow, Loss, advised, in_order, where_it_runs
from core.models.levels import LADDER, LOW_BITS, PUBLISHED_SOURCE, Level, level_named
from core.models.measured import FileFigures, Measured
from core.models.pace import Run, seconds_a_token, tokens_a_second


class Known(NamedTuple):
    """All a ladder is made of; `text` names the text that quality is measured with."""

    name: str
    context: int
    siblings: Sequence[Sibling]
    catalog: CatalogModel | None
    planned: LevelsPlanned
    speeds: tuple[TypeSpeed, ...]
    measured: Measured
    text: str


def levels_to_plan(siblings: Sequence[Sibling], catalog: CatalogModel | None) -> list[Level]:
    """Return the levels that have a row though no file of the shelf has them."""
    here = {each.entry.quantization for each in siblings}
    fetchable = [level_named(file.level) for file in catalog.files] if catalog else []
    wanted = {level.name: level for level in (*LADDER, *filter(None, fetchable))}
    return [level for name, level in wanted.items() if name not in here]


def build(known: Known) -> Ladder:
    """Return the ladder, with one row recommended."""
    rows = [*_here(known), *_elsewhere(known)]
    figures = _figures(known)
    runs = [run for run in (_run(row, figures, known.speeds) for row in rows) if run]
    filled = [_filled(row, figures.get(row.path), runs, known) for row in rows]
    marked, reason = advised(in_order(filled))
    source = known.siblings[0].entry if known.siblings else None
    return Ladder(
        name=known.name,
        context=known.context,
        rows=marked,
        reason=reason,
        source=source.quantization if source else "",
        source_path=source.path if source else "",
        catalog_id=known.catalog.id if known.catalog else "",
        repository=known.catalog.repository if known.catalog else "",
    )


def _here(known: Known) -> list[LadderRow]:
    plans = {plan.path: plan for plan in known.planned.plans if plan.path}
    return [
        LadderRow(
            level=entry.quantization,
            bits=bits,
            bytes=entry.bytes_on_disk,
            exactly=True,
            memory=plans[entry.path].plan.total,
            planned=True,
            where=where_it_runs(plans[entry.path]),
            plan=plans[entry.path],
            ref=entry.ref,
            path=entry.path,
        )
        for entry, bits in ((each.entry, each.bits) for each in known.siblings)
    ]


def _elsewhere(known: Known) -> list[LadderRow]:
    """Rows of levels that would be fetched or made; without a file, only those to be fetched."""
    plans = {plan.level: plan for plan in known.planned.plans if not plan.path}
    rows = []
    for level in levels_to_plan(known.siblings, known.catalog):
        fetch = known.catalog.file(level.name) if known.catalog else None
        plan = plans.get(level.name)
        makeable = level in LADDER and _is_less(level, plan, known.siblings)
        if makeable or fetch:
            rows.append(_planned(level, plan, known, makeable=makeable))
    return rows


def _is_less(level: Level, plan: LevelPlan | None, siblings: Sequence[Sibling]) -> bool:
    """Whether making a level of the best file would save anything."""
    if not siblings or plan is None:
        return False
    best = siblings[0]
    return level.bits < best.bits and plan.bytes < best.entry.bytes_on_disk


def _planned(level: Level, plan: LevelPlan | None, known: Known, *, makeable: bool) -> LadderRow:
    fetch = known.catalog.file(level.name) if known.catalog else None
    computed = bytes_of(known.catalog, level.name) if known.catalog else 0
    size = (fetch.bytes if fetch else None) or (plan.bytes if plan else computed)
    return LadderRow(
        level=level.name,
        bits=level.bits,
        bytes=size,
        exactly=bool(fetch and fetch.bytes) or (makeable and plan is not None),
        memory=plan.plan.total if plan else size,
        planned=plan is not None,
        where=where_it_runs(plan) if plan else _by_size(size, known),
        plan=plan,
        fetch=fetch,
        makeable=makeable,
        needs_matrix=plan.needs_matrix if plan else level.needs_matrix,
    )


def _by_size(size: int, known: Known) -> str:
    """A model of which only its size is known: "no" if that alone is too much, else unsaid."""
    free = sum(device.free for device in known.planned.devices if device.kind in {"cpu", "gpu"})
    return "no" if size > free else ""


def _figures(known: Known) -> dict[str, FileFigures]:
    """Return what was measured of the files that are here, by their paths."""
    found = {}
    for entry, header in known.siblings:
        try:
            found[entry.path] = known.measured.file(gguf.fingerprint(Path(entry.path), header))
        except (InglenookError, OSError):  # it went while it was looked at
            continue
    return found


def _run(
    row: LadderRow, figures: dict[str, FileFigures], speeds: tuple[TypeSpeed, ...]
) -> Run | None:
    """Return what a level that ran was expected to take, and what it took."""
    measured = figures.get(row.path)
    if row.plan is None or measured is None:
        return None
    speed = measured.speed(row.plan.placement)
    expected = seconds_a_token(row.plan, speeds)
    return Run(expected, 1 / speed) if speed and expected else None


def _filled(
    row: LadderRow, figures: FileFigures | None, runs: list[Run], known: Known
) -> LadderRow:
    """Return the row with its speed and its loss, as far as they are known."""
    speed = figures.speed(row.plan.placement) if figures and row.plan else 0.0
    expected = seconds_a_token(row.plan, known.speeds) if row.plan else None
    runs_here = row.where in {"gpu", "part", "cpu"}
    estimate = tokens_a_second(expected, runs) if expected and runs_here else None
    return structs.replace(
        row,
        speed=speed or estimate,
        speed_measured=bool(speed),
        loss=_measured_loss(figures, known.text) or _published_loss(row, known.siblings),
    )


def _measured_loss(figures: FileFigures | None, text: str) -> Loss | None:
    quality = figures.quality if figures else None
    if quality is None or quality.text != text or quality.tokens == 0 or quality.is_best:
        return None
    return Loss(
        share=max(quality.loss, 0.0),
        divergence=quality.divergence,
        measured=True,
        against=quality.best_level,
        perplexity=quality.perplexity,
        error=quality.perplexity_error,
        same_choice=quality.same_choice,
    )


def _published_loss(row: LadderRow, siblings: Sequence[Sibling]) -> Loss | None:
    """Return what was published; what is made of a low level has lost that one's share already."""
    level = level_named(row.level)
    if level is None or level.published_loss is None:
        return None
    share = level.published_loss
    if row.makeable and not row.fetch and siblings[0].bits < LOW_BITS:
        source = level_named(siblings[0].entry.quantization)
        share += (source.published_loss or 0.0) if source else 0.0
    return Loss(share=share, divergence=level.divergence, measured=False, source=PUBLISHED_SOURCE)
