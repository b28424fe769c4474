"""Command `inglenook update check`: one request for a newer version."""

import argparse
import datetime as dt

from core.base.i18n import _
from core.cli.consent_prompt import ask_consent
from core.cli.console import Console
from core.cli.session import Session


def check_for_update(session: Session, console: Console, options: argparse.Namespace) -> int:
    """Show the address, ask it once, and print the answer."""
    updates = session.app.updates
    address = updates.address
    question = _("Ask {address} whether there is a newer version?").format(address=address)
    ask_consent(console, question, address, beforehand=options.yes)
    checked = session.wait_for(updates.check_for_update())
    if console.as_json:
        fields = {"version": updates.version, "newer": checked.newer, "page": checked.page}
        console.print_json({**fields, "notes": checked.notes, "issued": checked.issued})
    elif checked.newer:
        text = _("Version {version} is there: {page}")
        console.print_line(text.format(version=checked.newer, page=checked.page))
        if checked.notes:
            console.print_line(checked.notes)
    else:
        console.print_line(_("{version} is the newest version.").format(version=updates.version))
    if checked.issued and not console.as_json:
        date = dt.datetime.fromtimestamp(checked.issued, dt.UTC).astimezone().date()
        console.print_line(_("The news are of {date}.").format(date=date))
    return 0
