"""Command `inglenook update check`: one request for a newer version."""

import argparse

from core.app.events.network_events import UpdateCheckFinished
from core.base.i18n import _
from core.cli.consent_prompt import ask_consent
from core.cli.console import Console
from core.cli.session import Session


def check_for_update(session: Session, console: Console, options: argparse.Namespace) -> int:
    """Show the address, ask it once, and say what it says."""
    updates = session.app.updates
    address = updates.address
    question = _("Ask {address} whether there is a newer version?").format(address=address)
    ask_consent(console, question, address, beforehand=options.yes)
    known = session.wait_for_result(updates.check_for_update(), UpdateCheckFinished)
    if console.as_json:
        fields = {"version": updates.version, "newer": known.newer, "page": known.page}
        console.print_json({**fields, "notes": known.notes})
    elif known.newer:
        said = _("Version {version} is there: {page}")
        console.print_line(said.format(version=known.newer, page=known.page))
        if known.notes:
            console.print_line(known.notes)
    else:
        console.print_line(_("{version} is the newest version.").format(version=updates.version))
    return 0
