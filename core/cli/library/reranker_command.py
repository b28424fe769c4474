"""Command `inglenook folder reranker`: the cross-encoder that sorts search results."""

import argparse

from core.base.i18n import LocalizedFloat, _
from core.base.settings import app_settings
from core.cli.console import Console
from core.cli.session import Session
from core.cli.terminal import absolute_path
from core.messages import RerankerChosen


def select_reranker(session: Session, console: Console, options: argparse.Namespace) -> int:
    """Show the reranker, or try another one and keep it if it can be used."""
    current = session.app.settings.get_value(app_settings.RERANKER)
    changes = options.path is not None or options.none
    path = current
    if changes:
        path = str(absolute_path(options.path)) if options.path else ""
    if changes or path:
        console.show_status(_("Trying the reranker …"))
        chosen = session.wait_for(session.app.folders.set_reranker(path))
        console.clear_status()
    else:
        chosen = RerankerChosen(request_id="", path="")
    if changes:
        session.app.change_setting(app_settings.RERANKER, path)
    if console.as_json:
        console.print_json(
            {
                "reranker": chosen.path or None,
                "milliseconds": round(chosen.milliseconds, 2),
                "used": chosen.used,
            }
        )
    else:
        console.print_line(_format_reranker(chosen))
    return 0


def _format_reranker(chosen: RerankerChosen) -> str:
    if not chosen.path:
        return _("There is no reranker.")
    speed = _("{milliseconds:.1f} ms for a passage").format(
        milliseconds=LocalizedFloat(chosen.milliseconds)
    )
    if chosen.used:
        return _("Reranker: {path} ({speed})").format(path=chosen.path, speed=speed)
    return _("Reranker: {path}, too slow on this machine to be used ({speed})").format(
        path=chosen.path, speed=speed
    )
