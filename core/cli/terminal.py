"""Terminal: where a command is typed, its streams, working folder and environment."""

import contextlib
import getpass
import io
import os
import shutil
import signal
import sys
import threading
from collections.abc import Iterator, Mapping
from contextvars import ContextVar
from pathlib import Path
from typing import TextIO

from core.base.errors import ErrorCode, InglenookError
from core.channel.piped_input import is_piped


class Terminal:
    """That of this process; another one's is read and written through the holder's channel."""

    @property
    def out(self) -> TextIO:
        """Standard output. Python has none where the shell closed it, as with “>&-”."""
        return sys.stdout or io.StringIO()

    @property
    def err(self) -> TextIO:
        """Standard error."""
        return sys.stderr or io.StringIO()

    @property
    def reads_terminal(self) -> bool:
        """Whether a person types what standard input holds."""
        return sys.stdin is not None and sys.stdin.isatty()

    @property
    def has_piped_input(self) -> bool:
        """Whether standard input is a pipe or a file."""
        return is_piped(sys.stdin)

    @property
    def columns(self) -> int:
        """Width in characters."""
        return shutil.get_terminal_size().columns

    @property
    def folder(self) -> Path:
        """Folder that relative paths begin at. Raises OSError if it was removed."""
        return Path.cwd()

    @property
    def environment(self) -> Mapping[str, str]:
        """The environment, or what matters of it."""
        return os.environ

    def read_line(self) -> str:
        """Return a line without its end, "" at the end of input. Raises KeyboardInterrupt."""
        with _interruptible():
            return sys.stdin.readline().rstrip("\r\n")

    def read_secret(self, prompt: str) -> str:
        """Return a line that is not shown; from a pipe, its first line.

        Raises InglenookError(PROMPT_LEFT) for Ctrl-C: commands ask for secrets before all else.
        """
        if not self.reads_terminal:
            return self.read_line()
        try:
            with _interruptible():
                return getpass.getpass(f"{prompt} ")
        except KeyboardInterrupt as error:
            raise InglenookError(ErrorCode.PROMPT_LEFT) from error

    def read_all(self, most: int) -> bytes:
        """Return what comes until the end of input, at most so many bytes."""
        if sys.stdin is None:
            return b""
        with _interruptible():
            return sys.stdin.buffer.read(most)


_OWN = Terminal()
_current: ContextVar[Terminal] = ContextVar("terminal", default=_OWN)


def current_terminal() -> Terminal:
    """Return the terminal of the command that this thread runs."""
    return _current.get()


@contextlib.contextmanager
def used_terminal(terminal: Terminal) -> Iterator[None]:
    """Let the commands of this thread read and write at another terminal."""
    token = _current.set(terminal)
    try:
        yield
    finally:
        _current.reset(token)


def absolute_path(name: str) -> Path:
    """Return the path of a name as it was typed: absolute, without “..”, no link followed."""
    path = Path(name).expanduser()
    if not path.is_absolute():
        path = current_terminal().folder / path
    return Path(os.path.abspath(path))  # noqa: PTH100 - resolve follows links


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
