"""Version of the program, as `inglenook --version` prints it."""

import argparse
import contextlib
from typing import NoReturn

from core.cli.console import PROGRAM
from core.cli.terminal import current_terminal


class ShowVersion(argparse.Action):
    """Prints the version, which takes long to find out: not for each command."""

    def __call__(self, parser: argparse.ArgumentParser, *_given: object) -> NoReturn:
        """Print it and leave."""
        terminal = current_terminal()
        with contextlib.suppress(OSError):  # nobody reads it
            terminal.out.write(f"{PROGRAM} {program_version()}\n")
            terminal.out.flush()
        parser.exit()


def program_version() -> str:
    """Return the version of the installed program, "" if it is not installed."""
    import importlib.metadata  # noqa: PLC0415 - few ask for it

    try:
        return importlib.metadata.version(PROGRAM)
    except importlib.metadata.PackageNotFoundError:
        return ""
