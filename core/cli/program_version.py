"""Version of the program, as `inglenook --version` prints it."""

import argparse
from typing import NoReturn

from core.channel.standard_output import discard_output
from core.cli.console import PROGRAM, OutputClosed, write_out
from core.cli.terminal import current_terminal


class ShowVersion(argparse.Action):
    """Prints the version, which takes long to find out: not for each command."""

    def __call__(self, parser: argparse.ArgumentParser, *_given: object) -> NoReturn:
        """Print it and leave. Raises OutputClosed and StorageError."""
        _write_version()
        parser.exit()


def print_version() -> int:
    """Print it, without a parser of all commands; returns the exit code. Raises StorageError."""
    try:
        _write_version()
    except OutputClosed:
        discard_output(current_terminal().out)
        return 1
    return 0


def _write_version() -> None:
    write_out(current_terminal().out, f"{PROGRAM} {program_version()}\n")


def program_version() -> str:
    """Return the version of the installed program, "" if it is not installed."""
    import importlib.metadata  # noqa: PLC0415 - few ask for it

    try:
        return importlib.metadata.version(PROGRAM)
    except importlib.metadata.PackageNotFoundError:
        return ""
