"""Terminal connection: one terminal that a command runs for, seen from the holder."""

import contextlib
import queue
import threading
from collections.abc import Callable

import msgspec

from core.channel.local_socket import LocalConnection
from core.channel.terminal_messages import (
    CommandInterrupted,
    InputRead,
    InputWanted,
    RunCommand,
    TerminalEvent,
    TerminalRequest,
)

MAX_MESSAGE = 64 * 1024 * 1024
"""Largest message in bytes that either side reads."""
_POLL_SECONDS = 0.2
"""Wait after which a reader looks whether its command has ended or the holder closes."""


class TerminalGone(Exception):  # noqa: N818 - not an error: whoever asked has left
    """The terminal has closed its end; nobody reads what a command writes."""


class TerminalConnection:
    """Carries what one command reads and writes. `send` may be called by any thread."""

    def __init__(self, connection: LocalConnection) -> None:
        self._connection = connection
        self._write_lock = threading.Lock()  # one message at a time on `_connection`
        self._inputs: queue.SimpleQueue[InputRead] = queue.SimpleQueue()
        self.is_gone = False
        """Whether the terminal has left."""
        self.was_interrupted = False
        """Whether Ctrl+C was pressed there, perhaps before anybody listened to `on_interrupt`."""
        self.on_interrupt: Callable[[], None] = lambda: None
        """Called on the reader's thread for each Ctrl+C, and when the terminal leaves."""

    def is_same_person(self) -> bool:
        """Return whether the terminal's process runs as this one's user."""
        from core.channel.peer_check import is_same_person  # noqa: PLC0415 - ctypes can wait

        return is_same_person(self._connection.fileno())

    def receive(self) -> TerminalRequest | None:
        """Return the next message; None at the end of the connection and for what is no message."""
        decoder: msgspec.msgpack.Decoder[TerminalRequest] = msgspec.msgpack.Decoder(TerminalRequest)
        try:
            return decoder.decode(self._connection.recv_bytes(MAX_MESSAGE))
        except (EOFError, OSError, ValueError, RecursionError):  # msgspec's are ValueErrors
            return None

    def has_message(self) -> bool:
        """Wait a moment for a message, or for the end of the connection."""
        try:
            return self._connection.poll(_POLL_SECONDS)
        except (EOFError, OSError):
            return True

    def follow_terminal(self, has_ended: Callable[[], bool]) -> None:
        """Read what the terminal sends until `has_ended`, or it leaves."""
        while not has_ended():
            if not self.has_message():
                continue
            match self.receive():
                case InputRead() as read:
                    self._inputs.put(read)
                case CommandInterrupted():
                    self.was_interrupted = True
                    self.on_interrupt()
                case RunCommand() | None:
                    self.end_command()
                    return

    def end_command(self) -> None:
        """Let the command end: its terminal has left, or the holder closes."""
        self.is_gone = True
        self._inputs.put(InputRead(data=b"", ended=True))
        self.on_interrupt()

    def send(self, event: TerminalEvent) -> None:
        """Send one message. Raises TerminalGone."""
        try:
            with self._write_lock:
                self._connection.send_bytes(msgspec.msgpack.encode(event))
        except (OSError, ValueError) as error:
            raise TerminalGone from error

    def read_input(self, what: str, prompt: str = "") -> InputRead:
        """Ask the terminal for input and wait for it. Raises TerminalGone."""
        self.send(InputWanted(what=what, prompt=prompt))
        return self._inputs.get()

    def close(self) -> None:
        """Close this end."""
        with contextlib.suppress(OSError):
            self._connection.close()
