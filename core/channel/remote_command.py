"""Remote command: a command typed in this terminal, run by the process that holds the folder.

Nothing else of the application is imported here: a command is answered before it would be loaded.
"""

import contextlib
import os
import signal
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import FrameType
from typing import Self, TextIO

import msgspec

from core.base.i18n import LANGUAGE_VARIABLE
from core.base.interrupts import INTERRUPTED, interrupted_code
from core.base.paths import Paths, default_root
from core.channel.channel_address import reachable_address, read_address
from core.channel.local_socket import LocalConnection, connect_locally
from core.channel.piped_input import is_piped
from core.channel.standard_output import discard_output, has_no_reader
from core.channel.terminal_messages import (
    CommandEnded,
    CommandInterrupted,
    InputRead,
    InputWanted,
    OutputWritten,
    RunCommand,
    TerminalEvent,
    TerminalFacts,
    TerminalRequest,
)

ROOT_OPTION = "--root"
KEY_VARIABLES = "INGLENOOK_"
_ALONE = frozenset({"selftest", "bench", "completion", "man"})
"""Commands that use no data folder, or one of their own."""
PROTOCOL = "mcp"
"""Without an action it speaks with a program, and each request is a command of its own."""
_ASKED_HERE = frozenset({"-h", "--help", "--version"})
_POLL_SECONDS = 0.1
_MAX_MESSAGE = 256 * 1024 * 1024
_MAX_INPUT = 32 * 1024 * 1024 + 1
"""Most bytes of standard input that are sent to the holder."""
_USUAL_COLUMNS = 80
_MOST_INTERRUPTS = 3
"""After so many times of Ctrl+C the terminal no longer waits for the holder."""


class HolderGone(Exception):  # noqa: N818 - the connection's end, said by whoever called
    """The holder has ended before the command had."""


class OutputRefused(Exception):  # noqa: N818 - carries what the system said
    """Standard output takes nothing, as on a full disk."""

    def __init__(self, error: OSError) -> None:
        super().__init__(str(error))
        self.error = error


def typed_root(arguments: Sequence[str]) -> str | None:
    """Return what the last “--root DIR” of a command line names, None without one."""
    root: str | None = None
    words = iter(arguments)
    for word in words:
        if word == "--":
            break
        flag, sign, value = word.partition("=")
        if flag == ROOT_OPTION:
            root = value if sign else next(words, "")
    return root


def runs_alone(arguments: Sequence[str]) -> bool:
    """Whether a command needs no data folder that another process could hold."""
    if _ASKED_HERE & set(arguments) or not arguments:
        return True
    rest: list[str] = []
    words = iter(arguments)
    for word in words:
        if word == ROOT_OPTION:
            next(words, "")
        elif not word.startswith("-"):
            rest.append(word)
    return bool(_ALONE & set(rest[:1])) or rest == [PROTOCOL]


def run_by_holder(arguments: Sequence[str]) -> int | None:
    """Run a command in the process that holds the data folder; None if no process listens there.

    Returns the command's exit code. Raises HolderGone, and OutputRefused.
    """
    if runs_alone(arguments):
        return None
    root = typed_root(arguments)
    paths = Paths(Path(root).expanduser().absolute() if root else default_root())
    found = read_address(paths)
    if found is None:
        return None
    try:
        with reachable_address(found.address) as address:
            connection = connect_locally(address)
    except OSError:
        return None  # of a process that was killed
    request = RunCommand(
        key=found.key,
        arguments=tuple(os.fsencode(word) for word in arguments),
        folder=_folder(),
        terminal=_facts(),
    )
    with contextlib.closing(connection), _Interrupts() as interrupts:
        return _RemoteCommand(connection, interrupts).run(request)


class _Interrupts:
    """Counts Ctrl+C, without raising in the middle of a message."""

    def __init__(self) -> None:
        self.count = 0
        self.last = 0
        """The number of the last signal."""
        self._before: dict[int, object] = {}

    def __enter__(self) -> Self:
        for number in (signal.SIGINT, signal.SIGTERM):
            with contextlib.suppress(ValueError):  # not the main thread
                self._before[number] = signal.signal(number, self._on_signal)
        return self

    def __exit__(self, *_exception: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler or signal.SIG_DFL)  # type: ignore[arg-type]  # as it was given

    def _on_signal(self, number: int, _frame: FrameType | None) -> None:
        self.count += 1
        self.last = number

    @contextlib.contextmanager
    def raised(self) -> Iterator[None]:
        """Raise KeyboardInterrupt for Ctrl+C within: reading would go on otherwise."""
        try:
            before = signal.signal(signal.SIGINT, signal.default_int_handler)
        except ValueError:
            yield
            return
        try:
            yield
        finally:
            signal.signal(signal.SIGINT, before)


class _RemoteCommand:
    """Writes what the holder's command writes, and sends what is typed."""

    def __init__(self, connection: LocalConnection, interrupts: _Interrupts) -> None:
        self._connection = connection
        self._interrupts = interrupts
        self._decoder = msgspec.msgpack.Decoder(TerminalEvent)

    def run(self, request: RunCommand) -> int:
        """Send the command and follow it to its end."""
        told = 0
        try:
            self._send(request)
            while True:
                while told < self._interrupts.count:
                    told += 1
                    if told >= _MOST_INTERRUPTS:
                        return interrupted_code(self._interrupts.last)
                    self._send(CommandInterrupted())
                if not self._connection.poll(_POLL_SECONDS):
                    continue
                event = self._decoder.decode(self._connection.recv_bytes(_MAX_MESSAGE))
                match event:
                    case OutputWritten():
                        if not _write(event):
                            return 1
                    case InputWanted():
                        self._answer(event)
                    case CommandEnded():
                        is_stopped = event.code == INTERRUPTED
                        return interrupted_code(self._interrupts.last) if is_stopped else event.code
        except (EOFError, OSError, ValueError, RecursionError) as error:
            raise HolderGone from error

    def _send(self, request: TerminalRequest) -> None:
        self._connection.send_bytes(msgspec.msgpack.encode(request))

    def _answer(self, wanted: InputWanted) -> None:
        """Read what the command waits for; Ctrl+C ends it."""
        try:
            with self._interrupts.raised():
                read = _read(wanted)
        except KeyboardInterrupt:
            self._send(CommandInterrupted())
            read = InputRead(data=b"", ended=True)
        self._send(read)


def _read(wanted: InputWanted) -> InputRead:
    if sys.stdin is None:
        return InputRead(data=b"", ended=True)
    if wanted.what == "all":
        return InputRead(data=sys.stdin.buffer.read(_MAX_INPUT), ended=True)
    if wanted.what == "secret" and sys.stdin.isatty():
        import getpass  # noqa: PLC0415 - rarely needed

        return InputRead(data=getpass.getpass(wanted.prompt).encode(errors="surrogateescape"))
    line = sys.stdin.buffer.readline()
    return InputRead(data=line, ended=not line)


def _write(event: OutputWritten) -> bool:
    """Write a piece of output; False when its reader has enough. Raises OutputRefused."""
    stream = sys.stderr if event.is_error else sys.stdout
    if stream is None:
        return True
    try:
        stream.buffer.write(event.data)
        stream.buffer.flush()
    except OSError as error:
        if event.is_error:
            return True
        discard_output(stream)
        if not has_no_reader(error):
            raise OutputRefused(error) from error
        return False
    return True


def _folder() -> bytes:
    try:
        return os.fsencode(Path.cwd())
    except OSError:  # it was removed
        return b""


def _facts() -> TerminalFacts:
    environment = {
        name: os.fsencode(value).decode(errors="replace")
        for name, value in os.environ.items()
        if name.startswith(KEY_VARIABLES) or name == "NO_COLOR"
    }
    return TerminalFacts(
        reads_terminal=_is_terminal(sys.stdin),
        writes_terminal=_is_terminal(sys.stdout),
        tells_terminal=_is_terminal(sys.stderr),
        columns=_columns(),
        encoding=(sys.stdout.encoding if sys.stdout else "") or "utf-8",
        has_piped_input=is_piped(sys.stdin),
        line_end=os.linesep,
        languages=_languages(),
        environment=environment,
    )


def _columns() -> int:
    """Return the terminal's width, as `shutil` does, which takes long to load."""
    with contextlib.suppress(ValueError):
        if (named := int(os.environ.get("COLUMNS", ""))) > 0:
            return named
    with contextlib.suppress(AttributeError, ValueError, OSError):
        return os.get_terminal_size(sys.__stdout__.fileno()).columns  # type: ignore[union-attr]  # None is an AttributeError
    return _USUAL_COLUMNS


def _is_terminal(stream: TextIO | None) -> bool:
    return stream is not None and stream.isatty()


def _languages() -> tuple[str, ...]:
    """Return what the environment says of languages, in gettext's own order."""
    for name in (LANGUAGE_VARIABLE, "LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        if value := os.environ.get(name):
            return tuple(value.split(":"))
    return ()
