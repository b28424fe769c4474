"""Messages between a terminal and the process that holds the data folder and runs its command.

They stand here and not in `core.messages`: a terminal loads nothing but the channel.
"""

from msgspec import Struct


class TerminalMessage(Struct, frozen=True, kw_only=True, tag=True):
    """Base of these messages, distinguished by their class name."""


class TerminalFacts(Struct, frozen=True, kw_only=True):
    """The terminal a command was typed in; `columns` is its width, 0 if nobody said.

    `has_piped_input`: standard input is a pipe or a file.

    `languages` are gettext codes, the one wanted first. `encoding` is that of its output,
    `line_end` what ends a line there.
    """

    reads_terminal: bool
    writes_terminal: bool
    tells_terminal: bool
    columns: int = 0
    encoding: str = "utf-8"
    has_piped_input: bool = False
    line_end: str = "\n"
    languages: tuple[str, ...] = ()
    environment: dict[str, str] = {}


class RunCommand(TerminalMessage, frozen=True, kw_only=True):
    """First message of a terminal: run `arguments` (without the program's name) in `folder`.

    `key` is what the holder wrote into its address file: who may read that file may ask. Words and
    folder are as the system has them: names of files need not be text.
    """

    key: str
    arguments: tuple[bytes, ...]
    folder: bytes
    terminal: TerminalFacts


class InputRead(TerminalMessage, frozen=True, kw_only=True):
    """What was read from the terminal's standard input; `ended` at its end."""

    data: bytes
    ended: bool = False


class CommandInterrupted(TerminalMessage, frozen=True, kw_only=True):
    """Ctrl+C was pressed in the terminal."""


class OutputWritten(TerminalMessage, frozen=True, kw_only=True):
    """Bytes for the terminal's standard output, or for its standard error."""

    data: bytes
    is_error: bool


class InputWanted(TerminalMessage, frozen=True, kw_only=True):
    """The command waits for input: `what` is "line", "secret" (not shown) or "all"."""

    what: str
    prompt: str


class CommandEnded(TerminalMessage, frozen=True, kw_only=True):
    """The command has ended with an exit code; the last message."""

    code: int


TerminalRequest = RunCommand | InputRead | CommandInterrupted
TerminalEvent = OutputWritten | InputWanted | CommandEnded
