"""Command `inglenook model quantize`: a smaller quantization of a model, and its measured loss."""

import argparse

from core.app.events.model_events import QuantizationJobFinished
from core.base.errors import ModelError
from core.base.formatting import format_bytes
from core.base.i18n import N_, _
from core.cli.argument_types import non_empty_text
from core.cli.console import Console
from core.cli.models.measure_command import (
    format_quality_loss,
    measurement_fields,
    show_job_progress,
)
from core.cli.models.model_command import ModelCommand, add_model_argument
from core.cli.session import Session
from core.cli.terminal import absolute_path
from core.models.quantizations.quantization_types import makeable_quantization


def quantize_model(session: Session, console: Console, options: argparse.Namespace) -> int:
    """Quantize and measure; Ctrl-C leaves no unfinished file."""
    quantizations = session.app.quantizations
    job = quantizations.create_quantization(
        options.ref,
        options.level,
        matrix=str(absolute_path(options.imatrix)) if options.imatrix else "",
        name=options.name or "",
        measure=not options.no_measure,
    )
    warning = quantizations.quality_warning(options.ref)
    if warning:
        console.print_note(warning)
    made = session.wait_for(job, lambda progress: show_job_progress(console, progress))
    if console.as_json:
        console.print_json(_fields(made, warning))
    else:
        _show(console, made)
    return 0


def _fields(made: QuantizationJobFinished, warning: str) -> dict[str, object]:
    return {
        "event": "made",
        "ref": made.ref,
        "path": made.path,
        "level": made.level,
        "bytes": made.bytes,
        "seconds": round(made.seconds, 2),
        "measured": measurement_fields(made.measured) if made.measured else None,
        "problem": made.problem.message if made.problem else None,
        "warning": warning or None,
    }


def _show(console: Console, made: QuantizationJobFinished) -> None:
    text = _("Made {ref}: {level}, {size}, in {seconds:.0f} s.")
    console.print_line(
        text.format(
            ref=made.ref, level=made.level, size=format_bytes(made.bytes), seconds=made.seconds
        )
    )
    if made.measured:
        console.print_line(format_quality_loss(made.measured))
    if made.problem:
        console.print_note(_("It was not measured: {why}").format(why=made.problem.message))


def _quantization(value: str) -> str:
    try:
        return makeable_quantization(value).name
    except ModelError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def _arguments(parser: argparse.ArgumentParser) -> None:
    add_model_argument(parser)
    parser.add_argument(
        "level", type=_quantization, metavar=_("TYPE"), help=_("the level to make, as Q4_K_M")
    )
    parser.add_argument(
        "--imatrix",
        type=non_empty_text,
        metavar=_("FILE"),
        help=_("an importance matrix, so that the level loses less"),
    )
    parser.add_argument(
        "--name", type=non_empty_text, metavar=_("NAME"), help=_("the new file's name")
    )
    parser.add_argument(
        "--no-measure", action="store_true", help=_("don’t measure what the level lost")
    )


COMMANDS = (
    ModelCommand("quantize", N_("make a lower level of a model here"), quantize_model, _arguments),
)
