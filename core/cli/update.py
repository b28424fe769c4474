"""`inglenook update check`: asks once whether there is a newer version."""

import argparse

from core.app.events_fetch import UpdateKnown
from core.cli.consent import add_yes, agree
from core.cli.console import Console
from core.cli.session import Session
from core.words import _


def check(session: Session, console: Console, options: argparse.Namespace) -> int:
    """Show the address, ask it once, and say what it says."""
    updates = session.app.updates
    address = updates.address
    question = _("Ask {address} whether there is a newer version?").format(address=address)
    agree(console, question, address, beforehand=options.yes)
    known = session.result(updates.check(), UpdateKnown)
    if console.as_json:
        fields = {"version": updates.version, "newer": known.newer, "page": known.page}
        console.json({**fields, "notes": known.notes})
    elif known.newer:
        said = _("Version {version} is there: {page}")
        console.line(said.format(version=known.newer, page=known.page))
        if known.notes:
            console.line(known.notes)
    else:
        console.line(_("{version} is the newest version.").format(version=updates.version))
    return 0


def add_words(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    add_yes(parser)
