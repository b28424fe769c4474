"""`inglenook folder reranker`: the cross-encoder that puts what a search found into order."""

import argparse
from pathlib import Path

from core import settings
from core.app.events import RerankerReady
from core.cli.console import Console
from core.cli.session import Session
from core.messages import RerankerChosen
from core.words import Number, _


def reranker(session: Session, console: Console, options: argparse.Namespace) -> int:
    """Show the reranker, or try another one and keep it if it can be used."""
    kept = str(session.app.settings.get(settings.RERANKER))
    changes = options.path is not None or options.none
    path = kept
    if changes:
        path = str(Path(options.path).expanduser().absolute()) if options.path else ""
    console.status(_("Trying the reranker …"))
    chosen = session.result(session.app.folders.choose_reranker(path), RerankerReady).chosen
    console.clear()
    if changes:
        session.app.settings.set(settings.RERANKER, path)
    if console.as_json:
        console.json(
            {
                "reranker": chosen.path or None,
                "milliseconds": round(chosen.milliseconds, 2),
                "used": chosen.used,
            }
        )
    else:
        console.line(_words(chosen))
    return 0


def _words(chosen: RerankerChosen) -> str:
    if not chosen.path:
        return _("There is no reranker.")
    speed = _("{milliseconds:.1f} ms for a passage").format(
        milliseconds=Number(chosen.milliseconds)
    )
    if chosen.used:
        return _("Reranker: {path} ({speed})").format(path=chosen.path, speed=speed)
    return _("Reranker: {path}, too slow on this machine to be used ({speed})").format(
        path=chosen.path, speed=speed
    )
