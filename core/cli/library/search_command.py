"""Command `inglenook search`: the passages that fit a question best."""

import argparse

from core.base.errors import ErrorCode, LibraryError
from core.base.i18n import LocalizedFloat, _
from core.chat.answering.refusal_text import missing_value_text, other_subject_text
from core.cli.console import Console, one_line
from core.cli.library.folder_command import resolve_folders
from core.cli.library_session import LibrarySession
from core.cli.question_input import read_query
from core.messages import SearchFilters, SearchHit, SearchVerdict
from core.messages.search_fields import search_hit_fields


def search_folders(session: LibrarySession, console: Console, options: argparse.Namespace) -> int:
    """Print the passages that fit a question best. Raises LibraryError without any folder."""
    if not options.folders and session.app.library.look_at_folders() == ():
        raise LibraryError(ErrorCode.NO_FOLDERS)
    query = read_query(console, options.query)
    folders = resolve_folders(session, console, options.folders)
    folder_ids = tuple(folder.folder_id for folder in folders)
    filters = SearchFilters(
        types=tuple(options.types),
        paths=tuple(options.paths),
        since=options.since,
        until=options.until,
    )
    reply = session.app.library.search_folders(query, folder_ids, options.k, filters)
    found = session.wait_for(reply)
    if console.as_json:
        for hit in found.hits:
            console.print_json(search_hit_fields(hit, found))
        return 0
    if not found.hits:
        console.print_note(_("The folders hold nothing on that."))
    elif found.verdict is not SearchVerdict.ANSWERED:
        other = other_subject_text(found.asked_subject, found.found_subject)
        if said := other or missing_value_text(found.missing_value):
            console.print_note(said)
        console.print_note(_("Nothing here seems to answer this; nearest passages:"))
    for hit in found.hits:
        _print_hit(console, hit)
    return 0


def _print_hit(console: Console, hit: SearchHit) -> None:
    place = hit.page or hit.line
    where = hit.file if place is None else f"{hit.file}:{place}"
    heading = f" — {hit.heading}" if hit.heading else ""
    console.print_line(
        f"{hit.rank:2}. {one_line(where + heading)}  ({LocalizedFloat(hit.score):.2f})"
    )
    console.print_line(f"    {' '.join(hit.text.split())}")
