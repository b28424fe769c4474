"""Consent prompt: a person's yes before anything leaves, typed or given by --yes."""

import argparse

from core.base.errors import ErrorCode, ModelError, NetworkError
from core.base.i18n import _
from core.cli.console import Console
from core.cli.terminal import current_terminal


def add_yes_argument(parser: argparse.ArgumentParser) -> None:
    """Add `--yes`, which agrees beforehand."""
    parser.add_argument("--yes", action="store_true", help=_("agree beforehand; asks nothing"))


def ask_consent(console: Console, question: str, host: str, *, beforehand: bool) -> None:
    """Ask on the terminal. Raises NetworkError when nobody can be asked, and for a no."""
    if beforehand:
        return
    if not current_terminal().reads_terminal:
        raise NetworkError(ErrorCode.CONSENT_NEEDED, host=host)
    if not _is_agreed(console, question):
        raise NetworkError(ErrorCode.CONSENT_REFUSED, host=host)


def ask_to_start(console: Console, question: str, name: str, *, beforehand: bool) -> None:
    """Ask before a program is started. Raises ModelError as `ask_consent` its own."""
    if beforehand:
        return
    if not current_terminal().reads_terminal:
        raise ModelError(ErrorCode.START_CONSENT, name=name)
    if not _is_agreed(console, question):
        raise ModelError(ErrorCode.START_REFUSED, name=name)


def _is_agreed(console: Console, question: str) -> bool:
    console.print_note(f"{question} [y/N]")
    answer = current_terminal().read_line()
    return answer.strip().casefold() in {"y", "yes", _("y"), _("yes")}


def read_secret(prompt: str) -> str:
    """Read a key without showing it; from a pipe, the first line of it."""
    return current_terminal().read_secret(prompt).strip()
