"""Command `inglenook model time`: what is measured of a model on this machine, and chosen."""

import argparse

import msgspec

from core.app.loading.tuning_text import describe_tuning
from core.base.errors import ErrorCode, ModelError
from core.base.i18n import N_, _
from core.cli.console import Console
from core.cli.models.model_command import ModelCommand, add_model_argument
from core.cli.session import Session
from core.messages import AnswerDone, EngineTuning


def time_model(session: Session, console: Console, options: argparse.Namespace) -> int:
    """Load a model, time it, and print what was chosen."""
    entry = session.app.models.find_usable_model(options.ref)
    timed = session.wait_for(session.app.model_timing.time_model(entry.path))
    if isinstance(timed, AnswerDone):
        raise ModelError(ErrorCode.CANCELLED)
    tuning = timed.tuning
    if console.as_json:
        console.print_json({"ref": entry.ref, "tuning": msgspec.to_builtins(tuning)})
    elif tuning is None:
        console.print_line(_("There is nothing to choose for this model and these settings."))
    else:
        console.print_line(f"{entry.ref}: {describe_tuning(tuning)}")
        _print_timings(console, tuning)
    return 0


def _print_timings(console: Console, tuning: EngineTuning) -> None:
    """Print what batches take, by depth and size, then what threads do."""
    heads = (
        _("TOKENS"), _("AFTER"), _("WITH FLASH ATTENTION"), "Q8_0", "Q4_0", _("WITHOUT"),
        _("WEIGHTS"),
    )  # fmt: skip
    weights = {timing.rows: timing.seconds for timing in tuning.weights}
    rows = [
        (
            str(timing.rows),
            str(timing.depth),
            *map(_format_seconds, (timing.fused, timing.q8_0, timing.q4_0, timing.separate)),
            _format_seconds(weights.get(timing.rows, 0.0)),
        )
        for timing in sorted(tuning.attention, key=lambda each: (each.depth, each.rows))
    ]
    console.print_table(heads, rows)
    if tuning.by_threads:
        rows = [
            (str(each.threads), _format_seconds(each.written), _format_seconds(each.read))
            for each in tuning.by_threads
        ]
        console.print_table((_("THREADS"), _("A TOKEN WRITTEN"), _("A TOKEN READ")), rows)


def _format_seconds(seconds: float) -> str:
    return f"{1000 * seconds:.1f} ms" if seconds else ""


COMMANDS = (
    ModelCommand(
        "time",
        N_("time how a model computes fastest on this machine"),
        time_model,
        add_model_argument,
    ),
)
