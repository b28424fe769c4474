"""Origin of a question: the window, the command line, or a program by the name of its token."""

import contextlib
from collections.abc import Iterator
from contextvars import ContextVar

from core.base.i18n import _

WINDOW = "window"
COMMAND_LINE = "cli"
PROGRAM_PREFIX = "api:"
"""The name of a program's token follows."""
_origin = ContextVar("origin", default=WINDOW)


def current_origin() -> str:
    """Return who asks in the call that runs now."""
    return _origin.get()


@contextlib.contextmanager
def asked_by(origin: str) -> Iterator[None]:
    """Count what is begun within as asked by `origin`."""
    token = _origin.set(origin)
    try:
        yield
    finally:
        _origin.reset(token)


def describe_origin(origin: str) -> str:
    """Return an origin in words; a program by the name of its token."""
    if origin.startswith(PROGRAM_PREFIX):
        return origin.removeprefix(PROGRAM_PREFIX)
    return _("command line") if origin == COMMAND_LINE else _("window")


def program_origin(client: str) -> str:
    """Return the origin of a program with a token of this name."""
    return PROGRAM_PREFIX + client
