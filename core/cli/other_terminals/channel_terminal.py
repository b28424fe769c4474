"""Channel terminal: the terminal of another process, at the other end of the local channel."""

import io
import os
from collections.abc import Mapping
from pathlib import Path
from typing import TextIO

from core.channel.terminal_connection import TerminalConnection, TerminalGone
from core.channel.terminal_messages import OutputWritten, RunCommand
from core.cli.terminal import Terminal


class ChannelTerminal(Terminal):
    """Reads and writes through a connection, as the command at its other end would itself."""

    def __init__(self, request: RunCommand, connection: TerminalConnection) -> None:
        facts = request.terminal
        self._facts = facts
        self._folder = Path(os.fsdecode(request.folder)) if request.folder else None
        self._connection = connection
        self._out = self._stream(is_error=False, is_terminal=facts.writes_terminal)
        self._err = self._stream(is_error=True, is_terminal=facts.tells_terminal)

    def _stream(self, *, is_error: bool, is_terminal: bool) -> TextIO:
        raw = _ChannelStream(self._connection, is_error=is_error, is_terminal=is_terminal)
        try:
            "".encode(self._facts.encoding)
        except LookupError:
            encoding = "utf-8"
        else:
            encoding = self._facts.encoding
        newline = self._facts.line_end if self._facts.line_end in {"\n", "\r\n"} else "\n"
        return io.TextIOWrapper(raw, encoding=encoding, errors="replace", newline=newline)  # type: ignore[type-var]  # it only writes

    @property
    def out(self) -> TextIO:
        """Standard output of the other process."""
        return self._out

    @property
    def err(self) -> TextIO:
        """Standard error of the other process."""
        return self._err

    @property
    def reads_terminal(self) -> bool:
        """Whether a person types there."""
        return self._facts.reads_terminal

    @property
    def has_piped_input(self) -> bool:
        """Whether the other standard input is a pipe or a file."""
        return self._facts.has_piped_input

    @property
    def columns(self) -> int:
        """Width of the other terminal when the command was typed."""
        return self._facts.columns or 80

    @property
    def folder(self) -> Path:
        """Folder the command was typed in. Raises FileNotFoundError if it was removed."""
        if self._folder is None:
            raise FileNotFoundError
        return self._folder

    @property
    def environment(self) -> Mapping[str, str]:
        """What the other process sent of its environment."""
        return self._facts.environment

    def read_line(self) -> str:
        """Return a line of the other standard input, "" at its end."""
        read = self._connection.read_input("line")
        return read.data.decode(errors="surrogateescape").rstrip("\r\n")

    def read_secret(self, prompt: str) -> str:
        """Return a line that is not shown there."""
        read = self._connection.read_input("secret", f"{prompt} ")
        return read.data.decode(errors="surrogateescape").rstrip("\r\n")

    def read_all(self, most: int) -> bytes:
        """Return what comes until the end of input, at most so many bytes."""
        return self._connection.read_input("all").data[:most]


class _ChannelStream(io.BufferedIOBase):
    """Sends what is written, raises BrokenPipeError when nobody reads it any more."""

    def __init__(
        self, connection: TerminalConnection, *, is_error: bool, is_terminal: bool
    ) -> None:
        super().__init__()
        self._connection = connection
        self._is_error = is_error
        self._is_terminal = is_terminal

    def writable(self) -> bool:
        return True

    def isatty(self) -> bool:
        return self._is_terminal

    def write(self, data: bytes, /) -> int:  # type: ignore[override]  # all that a text stream passes
        sent = bytes(data)
        try:
            self._connection.send(OutputWritten(data=sent, is_error=self._is_error))
        except TerminalGone as error:
            raise BrokenPipeError(32, "the terminal has left") from error
        return len(sent)
