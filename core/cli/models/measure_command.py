"""Command `inglenook model measure`: quality loss and speed of quantizations."""

import argparse

import msgspec

from core.app.events.model_events import QuantizationMeasurement
from core.app.quantization.quantization_jobs import QuantizationJobProgress
from core.base.i18n import N_, LocalizedFloat, _
from core.cli.console import Console
from core.cli.models.model_command import ModelCommand, add_model_argument
from core.cli.session import Session
from core.models.quantizations.quantization_ladder import format_loss


def measure_quantizations(session: Session, console: Console, options: argparse.Namespace) -> int:
    """Measure and print; later ladders show the results."""
    job = session.app.quantizations.measure_quality(options.ref, every=options.all)
    found = session.wait_for(job, lambda progress: show_job_progress(console, progress))
    if console.as_json:
        for level in found.levels:
            console.print_json(measurement_fields(level))
        return 0
    heads = (_("LEVEL"), _("PERPLEXITY"), _("LOSES"), _("SAME WORD"), _("TOKENS/S"), _("NAME"))
    console.print_table(heads, [_row(level) for level in found.levels])
    if len(found.levels) == 1:
        console.print_note(_("No higher level of this model is here to compare it with."))
    return 0


def show_job_progress(console: Console, progress: QuantizationJobProgress) -> None:
    """Show how far quantizing or measuring is, and how long it will take."""
    stage = _("making") if progress.stage == "making" else _("measuring")
    text = f"{stage} · {progress.current}"
    if progress.seconds_left is not None:
        text += " · " + _("about {seconds:.0f} s left").format(seconds=progress.seconds_left)
    console.show_progress(progress.done, progress.total, text)


def measurement_fields(level: QuantizationMeasurement) -> dict[str, object]:
    """Return a measurement as scripts get it."""
    return {
        "event": "measured",
        "ref": level.ref,
        "path": level.path,
        "level": level.level,
        "perplexity": round(level.perplexity, 4),
        "perplexity_error": round(level.perplexity_error, 4),
        "tokens": level.tokens,
        "tokens_per_second": round(level.tokens_per_second, 2),
        "loss": msgspec.to_builtins(level.loss) if level.loss else None,
    }


def format_quality_loss(level: QuantizationMeasurement) -> str:
    """Say what a quantization lost against the best one."""
    if level.loss is None:
        return _("There is no higher level here to compare it with.")
    text = _(
        "Against {best} it loses {share} (KL divergence {divergence:.4f}) and writes the same "
        "word in {same} of 100 places."
    )
    return text.format(
        best=level.loss.against,
        share=format_loss(level.loss.share),
        divergence=LocalizedFloat(level.loss.divergence or 0),
        same=round(100 * level.loss.same_choice),
    )


def _row(level: QuantizationMeasurement) -> tuple[str, ...]:
    loss = level.loss
    return (
        level.level,
        f"{LocalizedFloat(level.perplexity):.3f} ± {LocalizedFloat(level.perplexity_error):.3f}",
        format_loss(loss.share) if loss else "",
        _("{count} of 100").format(count=round(100 * loss.same_choice)) if loss else "",
        f"{LocalizedFloat(level.tokens_per_second):.1f}",
        level.ref,
    )


def _arguments(parser: argparse.ArgumentParser) -> None:
    add_model_argument(parser)
    parser.add_argument(
        "--all", action="store_true", help=_("measure every level of the model that is here")
    )


COMMANDS = (
    ModelCommand(
        "measure", N_("measure what a level of a model loses"), measure_quantizations, _arguments
    ),
)
