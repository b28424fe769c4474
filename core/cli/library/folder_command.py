"""Commands `inglenook folder add`, `list`, `sync` and `remove`; folders by name or path."""

import argparse
import os
from collections.abc import Callable
from functools import partial
from pathlib import Path

from core.app.library.folder_service import SyncReply, SyncUpdate
from core.app.problems import describe_skipped, problem_of
from core.base.errors import ErrorCode, LibraryError
from core.base.i18n import LocalizedFloat, _, ngettext
from core.base.time_left import format_time_left
from core.cli.console import Console, one_line
from core.cli.library_session import LibrarySession, RequestRefused
from core.cli.terminal import absolute_path
from core.library.filesystem.path_encoding import display_name
from core.library.store.stored_folders import StoredFolder
from core.messages import EmbedderProgress, FileSkipped, FolderState, SyncDone, SyncProgress


def folder_states(session: LibrarySession) -> tuple[FolderState, ...]:
    """Return all folders as the library has them now, by name."""
    if session.app.library.look_at_folders() == ():
        return ()  # no child is started for that
    folders = session.wait_for(session.app.folders.list_folders())
    return tuple(sorted(folders, key=lambda each: each.name.casefold()))


def resolve_folders(
    session: LibrarySession, console: Console, names: list[str]
) -> tuple[FolderState, ...]:
    """Return the folders with these names or paths; a path that is new is read first and kept."""
    if not names:
        return ()
    check_folder_names(session, names)
    known = folder_states(session)
    found: dict[str, FolderState] = {}
    for name in names:
        folder = _find_folder(known, name)
        if folder is None:
            path = str(_new_path(name))
            folder = _sync(session, console, session.app.folders.add_folder(path)).folder
            kept = _("{name} was read and is kept; “inglenook folder remove NAME” forgets it.")
            console.print_note(kept.format(name=folder.name))
        found[folder.folder_id] = folder
    return tuple(found.values())


def check_folder_names(session: LibrarySession, names: list[str]) -> None:
    """Take a first look, before anything is started. Raises LibraryError for a name of nothing."""
    stored = session.app.library.look_at_folders()
    for name in names if stored is not None else ():
        if not is_stored(stored or (), name):
            _new_path(name)


def is_stored(stored: tuple[StoredFolder, ...], name: str) -> bool:
    """Return whether a folder of this name, or at this path, was added."""
    path = os.path.normcase(display_name(str(absolute_path(name))))
    shown = display_name(name).casefold()
    return any(
        each.name.casefold() == shown or os.path.normcase(each.path) == path for each in stored
    )


def add_folder(session: LibrarySession, console: Console, options: argparse.Namespace) -> int:
    """Read folders and wait until they are done; of several, each that can be read is."""

    def add(path: Path) -> int:
        _check_is_folder(path)
        reply = session.app.folders.add_folder(str(path), hidden=options.include_hidden)
        return wait_and_report(session, console, reply)

    first, *others = dict.fromkeys(map(absolute_path, options.paths))
    if not others:
        return add(first)
    return max(_report_failure(console, partial(add, path)) for path in (first, *others))


def sync_folders(session: LibrarySession, console: Console, options: argparse.Namespace) -> int:
    """Update one folder, or all, from the disk."""
    known = folder_states(session)
    if options.name is None:
        chosen = tuple(folder for folder in known if folder.state != "paused")
        for folder in known:
            if folder.state == "paused":
                _report_paused(console, folder)
    else:
        chosen = (find_folder_by_name(known, options.name),)

    def sync(folder: FolderState) -> int:
        return wait_and_report(session, console, session.app.folders.sync_folder(folder.folder_id))

    codes = [_report_failure(console, partial(sync, folder)) for folder in chosen]
    return max(codes, default=0)


def _report_paused(console: Console, folder: FolderState) -> None:
    if console.as_json:
        console.print_json({"event": "paused", "name": folder.name, "path": folder.path})
        return
    words = _("{name} is paused; “inglenook folder resume” lets it be read again.")
    console.print_note(words.format(name=folder.name))


def remove_folder(session: LibrarySession, console: Console, options: argparse.Namespace) -> int:
    """Forget a folder; its files stay."""
    folder = find_folder_by_name(folder_states(session), options.name)
    session.wait_for(session.app.folders.remove_folder(folder.folder_id))
    if console.as_json:
        console.print_json({"event": "done", "name": folder.name, "path": folder.path})
    else:
        console.print_line(
            _("Forgot {name}; its files are where they were.").format(name=folder.name)
        )
    return 0


def list_folders(session: LibrarySession, console: Console, _options: argparse.Namespace) -> int:
    """List the folders."""
    folders = folder_states(session)
    if console.as_json:
        for folder in folders:
            console.print_json(folder_fields(folder))
    elif folders:
        heads = (_("NAME"), _("FILES"), _("INDEXED"), _("SKIPPED"), _("STATE"), _("PATH"))
        rows = [
            (
                each.name,
                str(each.files),
                str(each.indexed),
                str(each.skipped),
                each.state,
                each.path,
            )
            for each in folders
        ]
        console.print_table(heads, rows)
    else:
        console.print_note(_("There are no folders yet; “inglenook folder add PATH” adds one."))
    return 0


def folder_fields(folder: FolderState) -> dict[str, object]:
    """Return a folder as scripts get it."""
    return {
        "name": folder.name,
        "path": folder.path,
        "files": folder.files,
        "indexed": folder.indexed,
        "skipped": folder.skipped,
        "state": folder.state,
    }


def wait_and_report(session: LibrarySession, console: Console, reply: SyncReply) -> int:
    """Wait for a sync, print what was skipped, and then the state of the folder."""
    synced = _sync(session, console, reply)
    state = synced.folder
    listed = session.wait_for(session.app.folders.list_skipped_files(state.folder_id))
    for skipped in listed.files:
        _print_skipped(console, skipped)
    if state.state == "empty":
        raise LibraryError(ErrorCode.FOLDER_EMPTY, path=state.path)
    statistics = synced.statistics
    if console.as_json:
        seconds = round(statistics.seconds, 2)
        console.print_json({"event": "done", **folder_fields(state), "seconds": seconds})
    else:
        text = ngettext(
            "{name}: {count} file indexed", "{name}: {count} files indexed", state.indexed
        )
        indexed = text.format(name=one_line(state.name), count=state.indexed)
        rest = _(", {skipped} skipped, {seconds:.1f} s.")
        console.print_line(
            indexed + rest.format(skipped=state.skipped, seconds=LocalizedFloat(statistics.seconds))
        )
    return 0


def _report_failure(console: Console, read: Callable[[], int]) -> int:
    """Read a folder; a failure is printed, so that the next folders are read as well."""
    try:
        return read()
    except RequestRefused as error:
        console.print_failure(error.problem)
    except LibraryError as error:
        console.print_failure(problem_of(error))
    return 1


def _sync(session: LibrarySession, console: Console, reply: SyncReply) -> SyncDone:
    def show_progress(update: SyncUpdate) -> None:
        if isinstance(update, SyncProgress):
            skipped = _("{count} skipped").format(count=update.skipped)
            part = f"{update.part:.0%}" if update.part else ""
            left = format_time_left(update.seconds_left)
            rest = " · ".join(filter(None, [skipped, left, update.current, part]))
            console.show_progress(update.done, update.total, rest)

    console.show_status(_("Starting …"))
    synced = session.wait_for(reply, show_progress)
    console.clear_status()
    if not session.is_guest:  # the program beside sees to it itself
        _await_languages(session, console)
    return synced


def _await_languages(session: LibrarySession, console: Console) -> None:
    """Wait until texts in other languages can be found by their meaning, too.

    Whoever only types commands has no program that would see to it later.
    """
    if session.wait_for(session.app.folders.request_status()).next_embedder:
        words = _("Not all of it is English: everything is embedded for other languages, too.")
        console.print_note(words)
        await_embedder(session, console)


def await_embedder(session: LibrarySession, console: Console) -> None:
    """Wait until everything is embedded with the next model, or that has failed."""
    for event in session.events():
        if isinstance(event, EmbedderProgress):
            if event.changed or event.failed:
                console.clear_status()
                return
            console.show_progress(event.done, event.total, _("embedded anew"))


def _print_skipped(console: Console, skipped: FileSkipped) -> None:
    problem = describe_skipped(skipped)
    if console.as_json:
        console.print_json(
            {
                "event": "skipped",
                "file": skipped.file,
                "code": skipped.code,
                "message": problem.message,
                "hint": problem.hint,
            }
        )
    else:
        words = _("Skipped {file}: {reason}")
        console.print_note(one_line(words.format(file=skipped.file, reason=problem.message)))


def find_folder_by_name(folders: tuple[FolderState, ...], name: str) -> FolderState:
    """Return the folder of that name or path. Raises LibraryError."""
    folder = _find_folder(folders, name)
    if folder is None:
        raise LibraryError(ErrorCode.FOLDER_UNKNOWN, name=name)
    return folder


def _find_folder(folders: tuple[FolderState, ...], name: str) -> FolderState | None:
    """Return the folder of that name, else the one at that path."""
    path = os.path.normcase(display_name(str(absolute_path(name))))
    name = display_name(name)
    for folder in folders:
        if folder.name == name:
            return folder
    for folder in folders:
        same = folder.name.casefold() == name.casefold()
        if same or os.path.normcase(folder.path) == path:
            return folder
    return None


def _new_path(name: str) -> Path:
    path = absolute_path(name)
    _check_is_no_file(path)
    if not path.is_dir():
        raise LibraryError(ErrorCode.FOLDER_UNKNOWN, name=name)
    return path


def _check_is_folder(path: Path) -> None:
    """Take a first look, before the library is started. Raises LibraryError."""
    _check_is_no_file(path)
    if not path.exists():
        raise LibraryError(ErrorCode.FOLDER_GONE, path=display_name(str(path)))


def _check_is_no_file(path: Path) -> None:
    if path.is_file():
        detail = _("it is a file, not a folder")
        raise LibraryError(ErrorCode.FOLDER_REFUSED, path=str(path), detail=detail)
