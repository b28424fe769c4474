"""Version of the program, as `inglenook --version` prints it."""

import argparse
from typing import NoReturn

from core.cli.console import PROGRAM, write_out
from core.cli.terminal import current_terminal


class ShowVersion(argparse.Action):
    """Prints the version, which takes long to find out: not for each command."""

    def __call__(self, parser: argparse.ArgumentParser, *_given: object) -> NoReturn:
        """Print it and leave. Raises OutputClosed and StorageError."""
        terminal = current_terminal()
        write_out(terminal.out, f"{PROGRAM} {program_version()}\n")
        parser.exit()


def program_version() -> str:
    """Return the version of the installed program, "" if it is not installed."""
    import importlib.metadata  # noqa: PLC0415 - few ask for it

    try:
        return importlib.metadata.version(PROGRAM)
    except importlib.metadata.PackageNotFoundError:
        return ""
