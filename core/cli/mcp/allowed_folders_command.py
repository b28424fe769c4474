"""Command `inglenook mcp allow`: the folders that other programs may search and read."""

import argparse

from core.base.i18n import _
from core.base.settings.network_settings import EVERY_FOLDER, MCP_FOLDERS
from core.cli.console import Console
from core.cli.library.folder_command import find_folder_by_name, folder_states
from core.cli.session import Session
from core.messages import FolderState


def allow_folders(session: Session, console: Console, options: argparse.Namespace) -> int:
    """Allow folders, or take that back, and list what is allowed. Raises LibraryError."""
    settings = session.app.settings
    if options.none:
        session.app.change_setting(MCP_FOLDERS, MCP_FOLDERS.default)
    elif options.all:
        session.app.change_setting(MCP_FOLDERS, EVERY_FOLDER)
    elif options.names and not options.list:
        known = folder_states(session)
        added = [find_folder_by_name(known, name).folder_id for name in options.names]
        kept = [each.folder_id for each in allowed_folders(session)]
        if settings.get_value(MCP_FOLDERS) != EVERY_FOLDER:
            session.app.change_setting(MCP_FOLDERS, " ".join(dict.fromkeys([*kept, *added])))
    _print_allowed(session, console)
    return 0


def allowed_folders(session: Session) -> tuple[FolderState, ...]:
    """Return the folders that were allowed and are still there, by name."""
    allowed = session.app.settings.get_value(MCP_FOLDERS).split()
    if not allowed:
        return ()
    every = EVERY_FOLDER in allowed
    return tuple(each for each in folder_states(session) if every or each.folder_id in allowed)


def _print_allowed(session: Session, console: Console) -> None:
    folders = allowed_folders(session)
    for folder in folders:
        if console.as_json:
            console.print_json({"name": folder.name, "path": folder.path})
        else:
            console.print_line(folder.name)
    if session.app.settings.get_value(MCP_FOLDERS) == EVERY_FOLDER:
        console.print_note(_("Every folder is allowed, also those added from now on."))
    elif not folders:
        console.print_note(_("No folder is allowed; “inglenook mcp allow NAME” allows one."))
