"""Command `inglenook model time`: what is measured of a model on this machine, and chosen."""

import argparse

import msgspec

from core.app.loading.tuning_text import describe_tuning
from core.base.errors import ErrorCode, ModelError
from core.base.i18n import N_, _
from core.cli.console import Console
from core.cli.models.model_command import ModelCommand, add_model_argument
from core.cli.session import Session
from core.messages import AnswerDone


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
        heads = (_("TOKENS"), _("AFTER"), _("WITH FLASH ATTENTION"), _("WITHOUT"), _("WEIGHTS"))
        weights = {timing.rows: timing.seconds for timing in tuning.weights}
        rows = [
            (
                str(timing.rows),
                str(timing.depth),
                f"{1000 * timing.fused:.1f} ms",
                f"{1000 * timing.separate:.1f} ms",
                f"{1000 * weights[timing.rows]:.1f} ms" if timing.rows in weights else "",
            )
            for timing in sorted(tuning.attention, key=lambda each: (each.depth, each.rows))
        ]
        console.print_table(heads, rows)
    return 0


COMMANDS = (
    ModelCommand(
        "time",
        N_("time how a model computes fastest on this machine"),
        time_model,
        add_model_argument,
    ),
)
