"""`inglenook model ladder`: every quantization level of a model, and which of them to take."""

import argparse

import msgspec

from core.app.events_ladder import LadderReady
from core.cli.console import Console
from core.cli.model_command import ModelCommand, not_empty
from core.cli.sampling_arguments import whole_number
from core.cli.session import Session
from core.models.ladder import Ladder, LadderRow, percent
from core.sizes import human_bytes
from core.words import N_, Number, _


def ladder(session: Session, console: Console, options: argparse.Namespace) -> int:
    """Print the rows, the lowest level first, and the advice."""
    desk = session.app.ladders
    console.status(_("Looking at what fits here …"))
    request_id = desk.show(options.ref, context=options.context)
    found = session.result(request_id, LadderReady).ladder
    if console.as_json:
        for row in found.rows:
            console.json(row_fields(row))
        console.json(_summary(found))
    else:
        _show(console, found)
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


def _summary(found: Ladder) -> dict[str, object]:
    chosen = found.recommended
    return {
        "event": "ladder",
        "model": found.name,
        "source": found.source or None,
        "catalog": found.catalog_id or None,
        "repository": found.repository or None,
        "recommended": chosen.level if chosen else None,
        "reason": found.reason,
    }


def _show(console: Console, found: Ladder) -> None:
    console.line(found.name)
    console.line("")
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
    console.table(heads, [_row(row) for row in found.rows])
    console.line("")
    console.line(found.reason)
    for note in _notes(found):
        console.note(note)


def _row(row: LadderRow) -> tuple[str, ...]:
    return (
        "→" if row.recommended else "",
        row.level,
        _about(human_bytes(row.bytes), exact=row.exactly) if row.bytes else "",
        human_bytes(row.memory) if row.planned else "",
        where_words(row),
        _about(speed_words(row.speed), exact=row.speed_measured) if row.speed else "",
        _loss(row),
        place_words(row),
    )


def where_words(row: LadderRow) -> str:
    """Say where a level would run."""
    return {
        "gpu": _("graphics card"),
        "part": _("both"),
        "cpu": _("processor"),
        "no": _("does not fit"),
    }.get(row.where, "?")


def place_words(row: LadderRow) -> str:
    """Say where a level is to be had."""
    places = []
    if row.path:
        places.append(_("here: {ref}").format(ref=row.ref))
    if row.fetch:
        places.append(_("to be fetched"))
    if row.makeable:
        matrix = _("can be made here, with an importance matrix")
        places.append(matrix if row.needs_matrix else _("can be made here"))
    return ", ".join(places)


def speed_words(speed: float) -> str:
    """Return tokens a second with two figures."""
    return f"{speed:.0f}" if speed >= 10 else f"{Number(speed):.1f}"


def _loss(row: LadderRow) -> str:
    if row.loss is None:
        return "?"
    mark = "" if row.loss.measured else "*"
    return percent(row.loss.share) + mark


def _about(text: str, *, exact: bool) -> str:
    return text if exact else f"~{text}"


def _notes(found: Ladder) -> list[str]:
    notes = []
    published = next((row.loss for row in found.rows if row.loss and not row.loss.measured), None)
    if published:
        words = _("* published, not measured here: {source}.")
        notes.append(words.format(source=published.source))
    if found.source:
        words = _("“inglenook model quantize” makes a level; “inglenook model measure” measures.")
        notes.append(words)
    if not all(row.exactly for row in found.rows):
        notes.append(_("~ computed, not measured."))
    return notes


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "ref",
        type=not_empty,
        metavar=_("REF"),
        help=_("a name, part of one, a GGUF file, or a name of “inglenook model catalog”"),
    )
    parser.add_argument(
        "--context", type=whole_number(1), default=0, metavar="N", help=_("tokens to keep in view")
    )


COMMANDS = (
    ModelCommand("ladder", N_("compare the quantization levels of a model"), ladder, _arguments),
)
