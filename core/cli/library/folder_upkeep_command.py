"""Commands `folder status`, `pause`, `resume`, `include`, `retry`, `verify` and `embedder`."""

import argparse
import datetime as dt

from core.app.library.library_check_formatting import describe_finding, describe_library_check
from core.base.errors import ErrorCode, LibraryError
from core.base.i18n import _, ngettext
from core.base.paths import embedding_model, multilingual_embedding_model
from core.base.time_left import format_time_left
from core.cli.console import Console
from core.cli.library.folder_command import (
    await_embedder,
    find_folder_by_name,
    folder_states,
    wait_and_report,
)
from core.cli.session import Session
from core.cli.terminal import absolute_path
from core.messages import FolderState, FolderStatus, LibraryStatus


def show_folder_status(session: Session, console: Console, options: argparse.Namespace) -> int:
    """Print the state of each folder, and of the index."""
    listed = session.wait_for(session.app.folders.request_status())
    chosen = listed.folders
    if options.name is not None:
        folder = find_folder_by_name(tuple(each.folder for each in chosen), options.name)
        chosen = tuple(each for each in chosen if each.folder == folder)
    for each in chosen:
        if console.as_json:
            console.print_json(_status_fields(each, listed))
        else:
            _print_status(console, each)
    if not console.as_json:
        console.print_line(_format_index(listed))
    return 0


def pause_folders(session: Session, console: Console, options: argparse.Namespace) -> int:
    """Read nothing in a folder, or in all, until it is resumed."""
    return _set_paused(session, console, options, paused=True)


def resume_folders(session: Session, console: Console, options: argparse.Namespace) -> int:
    """Read on in a folder, or in all; the next sync goes on from where it was."""
    return _set_paused(session, console, options, paused=False)


def include_folder_parts(session: Session, console: Console, options: argparse.Namespace) -> int:
    """Include parts of a folder that are otherwise skipped, or no longer."""
    folder = find_folder_by_name(folder_states(session), options.name)
    patterns = set(folder.included)
    if options.undo:
        patterns -= set(options.patterns)
    else:
        patterns |= set(options.patterns)
    hidden = (folder.hidden or options.hidden) and not options.no_hidden
    changed = tuple(sorted(patterns))
    if (changed, hidden) != (folder.included, folder.hidden):
        folders = session.app.folders
        session.wait_for(folders.set_included_patterns(folder.folder_id, changed, hidden=hidden))
        return wait_and_report(session, console, folders.sync_folder(folder.folder_id))
    if console.as_json:
        console.print_json({"name": folder.name, "hidden": hidden, "included": list(changed)})
    else:
        console.print_line(_format_included(folder))
    return 0


def retry_skipped_files(session: Session, console: Console, options: argparse.Namespace) -> int:
    """Read once more what was skipped."""
    folder = find_folder_by_name(folder_states(session), options.name)
    if options.file:
        skipped = session.wait_for(session.app.folders.list_skipped_files(folder.folder_id))
        if options.file not in {each.file for each in skipped.files}:
            facts = {"file": options.file, "name": folder.name}
            raise LibraryError(ErrorCode.FILE_NOT_SKIPPED, **facts)
    reply = session.app.folders.sync_folder(folder.folder_id, retry=True, file=options.file)
    return wait_and_report(session, console, reply)


def verify_library(session: Session, console: Console, _options: argparse.Namespace) -> int:
    """Check what was read and the index, and mend them."""
    console.show_status(_("Checking …"))
    verified = session.wait_for(session.app.folders.verify_library())
    if console.as_json:
        console.print_json(
            {
                "event": "done",
                "passages": verified.passages,
                "vectors": verified.vectors,
                "seconds": round(verified.seconds, 2),
                "findings": [
                    {"kind": each.kind, "count": each.count, "mended": each.mended}
                    for each in verified.findings
                ],
            }
        )
    else:
        for finding in verified.findings:
            console.print_line(describe_finding(finding))
        console.print_line(describe_library_check(verified))
    return 0 if all(finding.mended for finding in verified.findings) else 1


def select_embedder(session: Session, console: Console, options: argparse.Namespace) -> int:
    """Show the embedding model, or let another replace it and wait until it has."""
    requested = ""
    path = _requested_embedder(options)
    if path is None:
        listed = session.wait_for(session.app.folders.request_status())
    else:
        listed = session.wait_for(session.app.folders.set_embedder(path))
        requested = listed.next_embedder
        if requested:
            await_embedder(session, console)
            listed = session.wait_for(session.app.folders.request_status())
    if console.as_json:
        console.print_json({"embedder": listed.embedder, "next": listed.next_embedder or None})
    else:
        console.print_line(_("Embedding model: {path}").format(path=listed.embedder))
        if listed.next_embedder:
            console.print_line(_format_next_embedder(listed))
    return 0 if requested in {"", listed.embedder} else 1


def _requested_embedder(options: argparse.Namespace) -> str | None:
    """Return the folder of the model asked for, "" for what the languages need, None for none."""
    if options.multilingual:
        return str(multilingual_embedding_model())
    if options.english:
        return str(embedding_model())
    if options.default:
        return ""
    return str(absolute_path(options.path)) if options.path else None


def _set_paused(
    session: Session, console: Console, options: argparse.Namespace, *, paused: bool
) -> int:
    known = folder_states(session)
    chosen = known if options.name is None else (find_folder_by_name(known, options.name),)
    folder_ids = tuple(folder.folder_id for folder in chosen)
    if folder_ids:
        session.wait_for(session.app.folders.pause_folders(folder_ids, paused=paused))
    for folder in chosen:
        if console.as_json:
            console.print_json({"name": folder.name, "paused": paused})
        else:
            words = _("{name} is paused.") if paused else _("{name} is read again.")
            console.print_line(words.format(name=folder.name))
    return 0


def _status_fields(status: FolderStatus, library: LibraryStatus) -> dict[str, object]:
    """Return a folder's state as scripts get it; times in seconds, `last_sync` in ISO 8601."""
    folder, progress = status.folder, status.progress
    synced = folder.synced
    return {
        "name": folder.name,
        "path": folder.path,
        "state": folder.state,
        "files": {
            "total": folder.files,
            "indexed": folder.indexed,
            "waiting": folder.waiting,
            "changes": folder.changes,
            "skipped": folder.skipped,
        },
        "passages": folder.passages,
        "offline": folder.state == "offline",
        "watched": folder.watched or None,
        "hidden": folder.hidden,
        "included": list(folder.included),
        "current": progress.current if progress else None,
        "seconds_left": progress.seconds_left if progress else None,
        "last_sync": dt.datetime.fromtimestamp(synced, dt.UTC).isoformat() if synced else None,
        "index": library.index or None,
        "embedder": library.embedder,
        "next_embedder": library.next_embedder or None,
    }


def _print_status(console: Console, status: FolderStatus) -> None:
    folder, progress = status.folder, status.progress
    console.print_line(f"{folder.name}: {folder.state}  ({folder.path})")
    files = _("{indexed} indexed, {waiting} waiting, {skipped} skipped").format(
        indexed=folder.indexed, waiting=folder.waiting, skipped=folder.skipped
    )
    left = format_time_left(progress.seconds_left if progress else None)
    console.print_line("    " + " · ".join(filter(None, [files, left])))
    if folder.synced and folder.is_in_step:
        moment = dt.datetime.fromtimestamp(folder.synced).astimezone()
        console.print_line("    " + _("in step on {when}").format(when=f"{moment:%Y-%m-%d %H:%M}"))
    if folder.hidden or folder.included:
        console.print_line("    " + _format_included(folder))


def _format_included(folder: FolderState) -> str:
    parts = [*([_("hidden folders")] if folder.hidden else []), *folder.included]
    listed = ", ".join(parts) or _("nothing")
    return _("Read although passed over elsewhere: {parts}").format(parts=listed)


def _format_index(status: LibraryStatus) -> str:
    if not status.index:
        words = ngettext(
            "Exact search answers, over {count} vector.",
            "Exact search answers, over {count} vectors.",
            status.vectors,
        )
        return words.format(count=status.vectors)
    words = ngettext(
        "Index {generation} answers, with {indexed} of {vectors} vector.",
        "Index {generation} answers, with {indexed} of {vectors} vectors.",
        status.vectors,
    )
    return words.format(generation=status.index, indexed=status.indexed, vectors=status.vectors)


def _format_next_embedder(status: LibraryStatus) -> str:
    words = ngettext(
        "Next: {path}; {done} of {total} document is embedded with it.",
        "Next: {path}; {done} of {total} documents are embedded with it.",
        status.next_total,
    )
    return words.format(path=status.next_embedder, done=status.next_done, total=status.next_total)
