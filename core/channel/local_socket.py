"""Local sockets: Unix sockets, on Windows named pipes, that carry whole messages."""

import select
import struct
import sys
from typing import Protocol

from core.ipc.network_lock import connect_unix_socket

_LENGTH = struct.Struct("!i")
_LONG_LENGTH = struct.Struct("!Q")
_IS_LONG = _LENGTH.pack(-1)
_MOST_SHORT = 0x7FFFFFFF


class LocalConnection(Protocol):
    """A connected end. Its methods raise OSError, and EOFError at the other end's close."""

    def send_bytes(self, buf: bytes, /) -> None:
        """Send one message."""

    def recv_bytes(self, maxlength: int | None = None) -> bytes:
        """Wait for the next message, which may have so many bytes."""

    def poll(self, timeout: float | None = 0.0) -> bool:
        """Wait at most so many seconds for a message or the end."""

    def fileno(self) -> int:
        """Return the descriptor."""

    def close(self) -> None:
        """Close this end."""


class LocalListener(Protocol):
    """A bound socket or pipe."""

    @property
    def address(self) -> object:
        """The path of the socket, or the name of the pipe."""

    def accept(self) -> LocalConnection:
        """Wait for the next connection."""

    def close(self) -> None:
        """Listen no more, and remove the socket's file."""


class SocketConnection:
    """A connected Unix socket, with messages as `multiprocessing.connection` frames them.

    Loading that takes a terminal longer than all the rest of its command.
    """

    def __init__(self, address: str) -> None:
        """Raises OSError."""
        self._socket = connect_unix_socket(address)

    def send_bytes(self, buf: bytes, /) -> None:
        """Send one message."""
        is_long = len(buf) > _MOST_SHORT
        head = _IS_LONG + _LONG_LENGTH.pack(len(buf)) if is_long else _LENGTH.pack(len(buf))
        self._socket.sendall(head)
        self._socket.sendall(buf)

    def recv_bytes(self, maxlength: int | None = None) -> bytes:
        """Wait for the next message. Raises EOFError, and OSError for one that is too long."""
        head = self._receive(_LENGTH.size)
        (length,) = _LENGTH.unpack(head)
        if head == _IS_LONG:
            (length,) = _LONG_LENGTH.unpack(self._receive(_LONG_LENGTH.size))
        if maxlength is not None and length > maxlength:
            self.close()
            raise OSError("the message is too long")
        return self._receive(length)

    def poll(self, timeout: float | None = 0.0) -> bool:
        """Wait at most so many seconds for a message or the end."""
        return bool(select.select([self._socket], [], [], timeout)[0])

    def fileno(self) -> int:
        """Return the descriptor."""
        return self._socket.fileno()

    def close(self) -> None:
        """Close this end."""
        self._socket.close()

    def _receive(self, count: int) -> bytes:
        received = bytearray()
        while len(received) < count:
            piece = self._socket.recv(count - len(received))
            if not piece:
                raise EOFError
            received += piece
        return bytes(received)


def connect_locally(address: str) -> LocalConnection:
    """Connect to a listener. Raises OSError if there is none."""
    if sys.platform != "win32":
        return SocketConnection(address)
    from multiprocessing.connection import Client  # noqa: PLC0415, TID251 - starts no process

    return Client(address)


def listen_locally(path: str | None) -> LocalListener:
    """Listen at the path of a socket, None: at a named pipe of a random name. Raises OSError."""
    from multiprocessing.connection import Listener  # noqa: PLC0415, TID251 - starts no process

    return Listener(path, "AF_UNIX" if path else "AF_PIPE", backlog=16)
