"""Command `inglenook model measure`: quality loss and speed of quantizations."""

import argparse
from collections.abc import Callable

import msgspec

from core.app.events.app_events import AppEvent
from core.app.events.model_events import (
    QuantizationJobUpdated,
    QuantizationMeasurement,
    QuantizationsMeasured,
)
from core.base.i18n import N_, LocalizedFloat, _
from core.cli.console import Console
from core.cli.models.model_command import ModelCommand, add_model_argument
from core.cli.session import Interrupted, Session
from core.models.quantizations.quantization_ladder import format_loss


def measure_quantizations(session: Session, console: Console, options: argparse.Namespace) -> int:
    """Measure and print; what was found is remembered for the ladder."""
    desk = session.app.quantizations
    request_id = desk.measure_quality(options.ref, every=options.all)
    try:
        found = session.wait_for_result(
            request_id, QuantizationsMeasured, watch=progress_watcher(console)
        )
    except Interrupted:
        desk.cancel(request_id)
        raise
    if console.as_json:
        for level in found.levels:
            console.print_json(measurement_fields(level))
        return 0
    heads = (_("LEVEL"), _("PERPLEXITY"), _("LOSES"), _("SAME WORD"), _("TOKENS/S"), _("NAME"))
    console.print_table(heads, [_row(level) for level in found.levels])
    if len(found.levels) == 1:
        console.print_note(_("No higher level of this model is here to compare it with."))
    return 0


def progress_watcher(console: Console) -> Callable[[AppEvent], None]:
    """Return what shows how far making or measuring is."""

    def watch(event: AppEvent) -> None:
        if isinstance(event, QuantizationJobUpdated):
            console.show_progress(event.done, event.total, format_progress(event))

    return watch


def format_progress(event: QuantizationJobUpdated) -> str:
    """Say what is being done, and how long it will take."""
    words = _("making") if event.stage == "making" else _("measuring")
    said = f"{words} · {event.current}"
    if event.seconds_left is not None:
        said += " · " + _("about {seconds:.0f} s left").format(seconds=event.seconds_left)
    return said


def measurement_fields(level: QuantizationMeasurement) -> dict[str, object]:
    """Return a measured level as scripts get it."""
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
    """Say what a level lost against the best one."""
    if level.loss is None:
        return _("There is no higher level here to compare it with.")
    words = _(
        "Against {best} it loses {share} (KL divergence {divergence:.4f}) and writes the same "
        "word in {same} of 100 places."
    )
    return words.format(
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
