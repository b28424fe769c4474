"""Local sockets: Unix sockets, on Windows named pipes, that carry whole messages."""

from typing import Protocol


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


def connect_locally(address: str) -> LocalConnection:
    """Connect to a listener. Raises OSError if there is none."""
    from multiprocessing.connection import Client  # noqa: PLC0415, TID251 - starts no process

    return Client(address)


def listen_locally(path: str | None) -> LocalListener:
    """Listen at the path of a socket, None: at a named pipe of a random name. Raises OSError."""
    from multiprocessing.connection import Listener  # noqa: PLC0415, TID251 - starts no process

    return Listener(path, "AF_UNIX" if path else "AF_PIPE", backlog=16)
