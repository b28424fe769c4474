"""`inglenook model quantize`: makes a lower level of a model, and measures what it lost."""

import argparse
import os
from pathlib import Path

from core.app.events_ladder import LevelFinished
from core.cli.console import Console
from core.cli.measure import level_fields, lost_words, progress_on
from core.cli.model_command import ModelCommand, add_ref, not_empty
from core.cli.session import Interrupted, Session
from core.errors import ModelError
from core.models.levels import makeable
from core.sizes import human_bytes
from core.words import N_, _


def quantize(session: Session, console: Console, options: argparse.Namespace) -> int:
    """Make it; Ctrl-C leaves nothing half-made."""
    desk = session.app.levels
    request_id = desk.make(
        options.ref,
        options.level,
        matrix=os.path.abspath(Path(options.imatrix).expanduser()) if options.imatrix else "",  # noqa: PTH100 - no link is followed
        name=options.name or "",
        measure=not options.no_measure,
    )
    warning = desk.warning(options.ref)
    if warning:
        console.note(warning)
    try:
        made = session.result(request_id, LevelFinished, watch=progress_on(console))
    except Interrupted:
        desk.cancel(request_id)
        raise
    if console.as_json:
        console.json(_fields(made, warning))
    else:
        _show(console, made)
    return 0


def _fields(made: LevelFinished, warning: str) -> dict[str, object]:
    return {
        "event": "made",
        "ref": made.ref,
        "path": made.path,
        "level": made.level,
        "bytes": made.bytes,
        "seconds": round(made.seconds, 2),
        "measured": level_fields(made.measured) if made.measured else None,
        "problem": made.problem.message if made.problem else None,
        "warning": warning or None,
    }


def _show(console: Console, made: LevelFinished) -> None:
    words = _("Made {ref}: {level}, {size}, in {seconds:.0f} s.")
    console.line(
        words.format(
            ref=made.ref, level=made.level, size=human_bytes(made.bytes), seconds=made.seconds
        )
    )
    if made.measured:
        console.line(lost_words(made.measured))
    if made.problem:
        console.note(_("It was not measured: {why}").format(why=made.problem.message))


def _level(value: str) -> str:
    try:
        return makeable(value).name
    except ModelError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def _arguments(parser: argparse.ArgumentParser) -> None:
    add_ref(parser)
    parser.add_argument(
        "level", type=_level, metavar=_("TYPE"), help=_("the level to make, as Q4_K_M")
    )
    parser.add_argument(
        "--imatrix",
        type=not_empty,
        metavar=_("FILE"),
        help=_("an importance matrix, so that the level loses less"),
    )
    parser.add_argument("--name", type=not_empty, metavar=_("NAME"), help=_("the new file's name"))
    parser.add_argument(
        "--no-measure", action="store_true", help=_("don’t measure what the level lost")
    )


COMMANDS = (
    ModelCommand("quantize", N_("make a lower level of a model here"), quantize, _arguments),
)
