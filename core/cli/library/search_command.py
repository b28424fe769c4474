"""Command `inglenook search`: the passages that fit a question best."""

import argparse

from core.base.i18n import LocalizedFloat, _
from core.cli.console import Console
from core.cli.library.folder_command import resolve_folders
from core.cli.session import Session
from core.messages import SearchFilters, SearchHit


def search_folders(session: Session, console: Console, options: argparse.Namespace) -> int:
    """Print the passages that fit a question best."""
    folders = resolve_folders(session, console, options.folders)
    folder_ids = tuple(folder.folder_id for folder in folders)
    filters = SearchFilters(
        types=tuple(options.types),
        paths=tuple(options.paths),
        since=options.since,
        until=options.until,
    )
    reply = session.app.library.search_folders(options.query, folder_ids, options.k, filters)
    hits = session.wait_for(reply).hits
    for hit in hits:
        if console.as_json:
            console.print_json(_hit_fields(hit))
        else:
            _print_hit(console, hit)
    if not hits and not console.as_json:
        console.print_note(_("The folders hold nothing on that."))
    return 0


def _hit_fields(hit: SearchHit) -> dict[str, object]:
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


def _print_hit(console: Console, hit: SearchHit) -> None:
    place = hit.page or hit.line
    where = hit.file if place is None else f"{hit.file}:{place}"
    heading = f" — {hit.heading}" if hit.heading else ""
    console.print_line(f"{hit.rank:2}. {where}{heading}  ({LocalizedFloat(hit.score):.2f})")
    console.print_line(f"    {' '.join(hit.text.split())}")
