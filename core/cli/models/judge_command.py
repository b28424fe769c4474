"""Command `inglenook model judge`: how well a model judges passages and statements."""

import argparse

from core.app.judging.ability_formatting import ability_fields, format_ability
from core.base.errors import ErrorCode, ModelError
from core.base.i18n import N_, _
from core.cli.console import Console
from core.cli.models.model_command import ModelCommand, add_model_argument
from core.cli.session import Session


def measure_judging(session: Session, console: Console, options: argparse.Namespace) -> int:
    """Measure a model over the bundled cases, unless that is known, and print the result."""
    entry = session.app.models.find_usable_model(options.ref)
    reply = session.app.abilities.measure_model(entry.path, anew=options.anew)
    ability = session.wait_for(
        reply,
        lambda progress: console.show_progress(
            progress.done, progress.total, _("judging test cases")
        ),
    )
    console.clear_status()
    if ability is None:
        raise ModelError(ErrorCode.CANCELLED)
    if console.as_json:
        fields = ability_fields(ability) or {}
        console.print_json({"event": "judged", "ref": entry.ref, "path": entry.path, **fields})
    else:
        console.print_line(f"{entry.ref}: {format_ability(ability)}")
    return 0


def _arguments(parser: argparse.ArgumentParser) -> None:
    add_model_argument(parser)
    parser.add_argument(
        "--anew", action="store_true", help=_("measure again what is known already")
    )


COMMANDS = (
    ModelCommand(
        "judge", N_("measure how well a model judges passages"), measure_judging, _arguments
    ),
)
