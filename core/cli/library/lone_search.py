"""Lone search: `inglenook search` in a data folder that no other process holds.

Its answer takes a second, and loading the whole application another. So it opens the folders alone,
and leaves to the whole program what it does not do: help, wrong options, folders that are new.
"""

import argparse
from collections.abc import Sequence
from typing import NoReturn

from core.app.library_app import LibraryApp
from core.base.paths import Paths, default_root
from core.channel.standard_output import discard_output
from core.cli.command_run import run_command
from core.cli.common_arguments import add_common_arguments
from core.cli.console import Console, OutputClosed
from core.cli.library.folder_command import is_stored
from core.cli.library.search_arguments import add_search_command
from core.cli.library.search_command import search_folders
from core.cli.library_session import LibrarySession
from core.cli.terminal import absolute_path, current_terminal
from core.library.store.stored_folders import read_stored_folders


def search_alone(arguments: Sequence[str]) -> int | None:
    """Run a search and return its exit code; None for what the whole program must do."""
    try:
        options = _read_arguments(arguments)
    except _OtherArguments:
        return None
    paths = Paths(absolute_path(options.root) if options.root else default_root())
    if options.folders and not _are_stored(paths, options.folders):
        return None
    terminal = current_terminal()
    console = Console(terminal.out, terminal.err, as_json=options.json)
    try:
        return run_command(search_folders, paths, console, options, _open_session)
    except OutputClosed:
        discard_output(terminal.out)
        return 1


class _OtherArguments(Exception):  # noqa: N818 - not an error: the whole program reads them
    """The arguments are not those of a search, or something is wrong with them."""


class _SearchParser(argparse.ArgumentParser):
    """Raises _OtherArguments instead of printing anything."""

    def error(self, _message: str) -> NoReturn:
        raise _OtherArguments

    def print_help(self, _file: object = None) -> NoReturn:
        raise _OtherArguments


def _read_arguments(arguments: Sequence[str]) -> argparse.Namespace:
    parser: argparse.ArgumentParser = _SearchParser(allow_abbrev=False)
    add_common_arguments(parser, root=None, as_json=False)
    add_search_command(parser.add_subparsers(required=True))
    return parser.parse_args(arguments)


def _are_stored(paths: Paths, names: Sequence[str]) -> bool:
    """Whether folders are known; others would be read first. False if that can't be told."""
    stored = None if paths.key_file.exists() else read_stored_folders(paths.library)
    return stored is not None and all(is_stored(stored, name) for name in names)


def _open_session(paths: Paths, console: Console) -> LibrarySession:
    return LibrarySession(paths, LibraryApp, console.print_problem)
