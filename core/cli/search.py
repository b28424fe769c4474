"""`inglenook search`: the passages that fit a question best."""

import argparse

from core.app.events import SearchFinished
from core.cli.console import Console
from core.cli.folders import resolve_folders
from core.cli.session import Session
from core.messages import Filters, Hit
from core.words import Number, _


def search(session: Session, console: Console, options: argparse.Namespace) -> int:
    """Print the passages that fit a question best."""
    folders = resolve_folders(session, console, options.folders)
    folder_ids = tuple(folder.folder_id for folder in folders)
    filters = Filters(
        types=tuple(options.types),
        paths=tuple(options.paths),
        since=options.since,
        until=options.until,
    )
    request_id = session.app.folders.search(options.query, folder_ids, options.k, filters)
    hits = session.result(request_id, SearchFinished).hits
    for hit in hits:
        if console.as_json:
            console.json(_hit_fields(hit))
        else:
            _print_hit(console, hit)
    if not hits and not console.as_json:
        console.note(_("The folders hold nothing on that."))
    return 0


def _hit_fields(hit: Hit) -> dict[str, object]:
    return {
        "rank": hit.rank,
        "file": hit.file,
        "path": hit.path,
        "page": hit.page,
        "line": hit.line,
        "heading": hit.heading,
        "text": hit.text,
        "score": round(hit.score, 4),
    }


def _print_hit(console: Console, hit: Hit) -> None:
    place = hit.page or hit.line
    where = hit.file if place is None else f"{hit.file}:{place}"
    heading = f" — {hit.heading}" if hit.heading else ""
    console.line(f"{hit.rank:2}. {where}{heading}  ({Number(hit.score):.2f})")
    console.line(f"    {' '.join(hit.text.split())}")
