"""Command `inglenook usage`: tokens counted by day, model and origin."""

import argparse

from msgspec import structs

from core.app.usage.asking_origin import describe_origin
from core.app.usage.usage_store import KEPT_DAYS, UsageRow
from core.base.i18n import _
from core.cli.argument_types import whole_number
from core.cli.console import Console
from core.cli.session import Session

_USUAL_DAYS = 30


def add_usage_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the number of days."""
    parser.add_argument(
        "--days",
        type=whole_number(1, KEPT_DAYS),
        default=_USUAL_DAYS,
        metavar="N",
        help=_("show the last N days (30)"),
    )


def show_usage(session: Session, console: Console, options: argparse.Namespace) -> int:
    """Print a row for each day, model and origin; what own servers cost this month follows."""
    app = session.app
    rows = app.usage.list_usage(options.days)
    if console.as_json:
        for row in rows:
            console.print_json(structs.asdict(row))
        return 0
    if not rows:
        console.print_note(_("Nothing has been counted."))
    else:
        console.print_table(_heads(), [_cells(row) for row in rows])
    for server in app.servers.list_servers():
        if server.budget:
            text = _("{name}: {cost:.2f} of {budget:.2f} this month")
            cost = app.usage.month_cost(server.name)
            console.print_line(text.format(name=server.name, cost=cost, budget=server.budget))
    return 0


def _heads() -> tuple[str, ...]:
    return (
        _("DAY"), _("MODEL"), _("ORIGIN"), _("ANSWERS"), _("READ"), _("WRITTEN"), _("SECONDS"),
        _("COST"),
    )  # fmt: skip


def _cells(row: UsageRow) -> tuple[str, ...]:
    return (
        row.day,
        row.model,
        describe_origin(row.origin),
        str(row.answers),
        str(row.tokens_read),
        str(row.tokens_written),
        f"{row.seconds:.0f}",
        f"{row.cost:.2f}" if row.cost else "",
    )
