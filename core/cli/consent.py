"""A person's yes before anything leaves: typed, or given with the command."""

import argparse
import getpass
import sys

from core.cli.console import Console
from core.errors import Code, NetworkError
from core.words import _


def add_yes(parser: argparse.ArgumentParser) -> None:
    """Let a command be agreed to beforehand."""
    parser.add_argument("--yes", action="store_true", help=_("agree beforehand; asks nothing"))


def agree(console: Console, question: str, host: str, *, beforehand: bool) -> None:
    """Ask on the terminal. Raises NetworkError when nobody can be asked, and for a no."""
    if beforehand:
        return
    if not sys.stdin.isatty():
        raise NetworkError(Code.CONSENT_NEEDED, host=host)
    console.note(f"{question} [y/N]")
    try:
        answer = input()
    except EOFError:
        answer = ""
    if answer.strip().casefold() not in {"y", "yes", _("y"), _("yes")}:
        raise NetworkError(Code.CONSENT_REFUSED, host=host)


def secret(prompt: str) -> str:
    """Read a key without showing it; from a pipe, the first line of it."""
    if sys.stdin.isatty():
        return getpass.getpass(f"{prompt} ")
    return sys.stdin.readline().strip()
