"""Printing of checks: the doubtful sentences of an answer that were asked about again."""

import msgspec

from core.app.events.app_events import AnswerChecked
from core.base.i18n import _
from core.chat.verification.check_formatting import format_check
from core.cli.console import Console
from core.cli.session import Session


def print_checks(session: Session, console: Console, chat_id: str, turn_id: str) -> None:
    """Check the doubtful sentences of an answer that is saved, and print what that shows."""
    if not session.app.verification.check_sentences(chat_id, turn_id):
        if console.as_json:
            console.print_json({"event": "verified", "checks": []})
        else:
            console.print_note(_("No sentence of it is doubtful."))
        return
    for event in session.events(lambda: session.app.answers.stop_answer(turn_id)):
        if isinstance(event, AnswerChecked) and event.turn_id == turn_id and event.has_ended:
            break
    turn = session.app.chat_service.load_chat(chat_id).turns[turn_id]
    checks = turn.assurance.checks or ()
    if console.as_json:
        console.print_json({"event": "verified", "checks": msgspec.to_builtins(checks)})
        return
    console.print_line("\n" + _("Checked sentences:"))
    for check in checks:
        console.print_line(f"- {format_check(check, turn.text)}")
