"""Command `inglenook model ladder`: all quantizations of a model, and the recommended one."""

import argparse

import msgspec

from core.base.formatting import format_bytes
from core.base.i18n import N_, LocalizedFloat, _
from core.cli.argument_types import non_empty_text, whole_number
from core.cli.console import Console
from core.cli.models.model_command import ModelCommand
from core.cli.session import Session
from core.models.quantizations.quantization_ladder import (
    LadderRow,
    QuantizationLadder,
    RunLocation,
    format_loss,
)


def show_ladder(session: Session, console: Console, options: argparse.Namespace) -> int:
    """Print a row for each quantization, the smallest first, and the recommendation."""
    console.show_status(_("Looking at what fits here …"))
    ladders = session.app.quantization_ladders
    ladder = session.wait_for(ladders.request_ladder(options.ref, context=options.context))
    if console.as_json:
        for row in ladder.rows:
            console.print_json(row_fields(row))
        console.print_json(_summary(ladder))
    else:
        _show(console, ladder)
    return 0


def row_fields(row: LadderRow) -> dict[str, object]:
    """Return a row as scripts get it."""
    return {
        "level": row.level,
        "bits_per_weight": row.bits,
        "bytes": row.bytes,
        "bytes_exact": row.exactly,
        "memory": row.memory,
        "memory_planned": row.planned,
        "context": row.plan.placement.context if row.plan else None,
        "runs_on": row.where or None,
        "ref": row.ref or None,
        "path": row.path or None,
        "fetch": row.fetch.name if row.fetch else None,
        "makeable": row.makeable,
        "needs_matrix": row.needs_matrix,
        "tokens_per_second": round(row.speed, 2) if row.speed else None,
        "speed_measured": row.speed_measured,
        "loss": msgspec.to_builtins(row.loss) if row.loss else None,
        "recommended": row.recommended,
    }


def _summary(ladder: QuantizationLadder) -> dict[str, object]:
    chosen = ladder.recommended
    return {
        "event": "ladder",
        "model": ladder.name,
        "source": ladder.source or None,
        "catalog": ladder.catalog_id or None,
        "repository": ladder.repository or None,
        "recommended": chosen.level if chosen else None,
        "reason": ladder.reason,
    }


def _show(console: Console, ladder: QuantizationLadder) -> None:
    console.print_line(ladder.name)
    console.print_line("")
    heads = (
        "",
        _("LEVEL"),
        _("SIZE"),
        _("MEMORY"),
        _("RUNS ON"),
        _("TOKENS/S"),
        _("LOSES"),
        _("WHERE IT IS"),
    )
    console.print_table(heads, [_row(row) for row in ladder.rows])
    console.print_line("")
    console.print_line(ladder.reason)
    for note in _notes(ladder):
        console.print_note(note)


def _row(row: LadderRow) -> tuple[str, ...]:
    return (
        "→" if row.recommended else "",
        row.level,
        _about(format_bytes(row.bytes), exact=row.exactly) if row.bytes else "",
        format_bytes(row.memory) if row.planned else "",
        format_run_location(row),
        _about(format_speed(row.speed), exact=row.speed_measured) if row.speed else "",
        _loss(row),
        format_availability(row),
    )


def format_run_location(row: LadderRow) -> str:
    """Say on which device a quantization would run."""
    return {
        RunLocation.GPU: _("graphics card"),
        RunLocation.PARTLY_GPU: _("both"),
        RunLocation.CPU: _("processor"),
        RunLocation.NOWHERE: _("does not fit"),
    }.get(row.where, "?")


def format_availability(row: LadderRow) -> str:
    """Say where a quantization can be had."""
    places = []
    if row.path:
        places.append(_("here: {ref}").format(ref=row.ref))
    if row.fetch:
        places.append(_("to be fetched"))
    if row.makeable:
        matrix = _("can be made here, with an importance matrix")
        places.append(matrix if row.needs_matrix else _("can be made here"))
    return ", ".join(places)


def format_speed(speed: float) -> str:
    """Return tokens a second with two figures."""
    return f"{speed:.0f}" if speed >= 10 else f"{LocalizedFloat(speed):.1f}"


def _loss(row: LadderRow) -> str:
    if row.loss is None:
        return "?"
    mark = "" if row.loss.measured else "*"
    return format_loss(row.loss.share) + mark


def _about(text: str, *, exact: bool) -> str:
    return text if exact else f"~{text}"


def _notes(ladder: QuantizationLadder) -> list[str]:
    notes = []
    published = next((row.loss for row in ladder.rows if row.loss and not row.loss.measured), None)
    if published:
        text = _("* published, not measured here: {source}.")
        notes.append(text.format(source=published.source))
    if ladder.source:
        notes.append(
            _("“inglenook model quantize” makes a level; “inglenook model measure” measures.")
        )
    if not all(row.exactly for row in ladder.rows):
        notes.append(_("~ computed, not measured."))
    return notes


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "ref",
        type=non_empty_text,
        metavar=_("REF"),
        help=_("a name, part of one, a GGUF file, or a name of “inglenook model catalog”"),
    )
    parser.add_argument(
        "--context", type=whole_number(1), default=0, metavar="N", help=_("tokens to keep in view")
    )


COMMANDS = (
    ModelCommand(
        "ladder", N_("compare the quantization levels of a model"), show_ladder, _arguments
    ),
)
