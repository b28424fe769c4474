"""Consent prompt: a person's yes before anything leaves, typed or given by --yes."""

import argparse
import contextlib
import getpass
import signal
import sys
import threading
from collections.abc import Iterator

from core.base.errors import ErrorCode, NetworkError
from core.base.i18n import _
from core.cli.console import Console


def add_yes_argument(parser: argparse.ArgumentParser) -> None:
    """Add `--yes`, which agrees beforehand."""
    parser.add_argument("--yes", action="store_true", help=_("agree beforehand; asks nothing"))


def ask_consent(console: Console, question: str, host: str, *, beforehand: bool) -> None:
    """Ask on the terminal. Raises NetworkError when nobody can be asked, and for a no."""
    if beforehand:
        return
    if not sys.stdin.isatty():
        raise NetworkError(ErrorCode.CONSENT_NEEDED, host=host)
    console.print_note(f"{question} [y/N]")
    try:
        with _interruptible():
            answer = input()
    except EOFError:
        answer = ""
    if answer.strip().casefold() not in {"y", "yes", _("y"), _("yes")}:
        raise NetworkError(ErrorCode.CONSENT_REFUSED, host=host)


def read_secret(prompt: str) -> str:
    """Read a key without showing it; from a pipe, the first line of it."""
    if sys.stdin.isatty():
        with _interruptible():
            return getpass.getpass(f"{prompt} ")
    return sys.stdin.readline().strip()


@contextlib.contextmanager
def _interruptible() -> Iterator[None]:
    """Let Ctrl-C end a prompt: the session's handler only sets a flag, and reading would go on."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
