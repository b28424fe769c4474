"""Network lock: refuses internet sockets in this process and logs every attempt.

The audit hook sees Python's sockets only, so it is a tripwire; the variables keep libraries from
trying at all. What native code does is checked by the tests with the kernel's own eyes (strace).
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # loaded by whoever has a socket
    import socket

OFFLINE_ENVIRONMENT: Mapping[str, str] = {
    "HF_HUB_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "TRANSFORMERS_OFFLINE": "1",
    "DO_NOT_TRACK": "1",
    "ANONYMIZED_TELEMETRY": "False",
    "ORT_DISABLE_TELEMETRY": "1",
    "TOKENIZERS_PARALLELISM": "false",
}
_SOCKET_EVENTS = frozenset({"socket.connect", "socket.bind", "socket.sendto", "socket.sendmsg"})
"""Their arguments are the socket and an address."""
_LOOKUP_EVENTS = frozenset({"socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr"})
"""Their first argument is a host."""
_locked = False
_allowed: set[tuple[str, int]] = set()
"""Addresses and ports that the person gave; only ever added to, by `allow_server`."""


class NetworkLockedError(ConnectionError):
    """Something in this process tried to reach the network."""


def _refuse(event: str, arguments: tuple[object, ...]) -> None:
    if event in _LOOKUP_EVENTS:
        target = arguments[0]
        if tuple(arguments[:2]) in _allowed:
            return
    elif event in _SOCKET_EVENTS:
        import socket  # noqa: PLC0415 - loaded by whoever has a socket

        if getattr(arguments[0], "family", None) == getattr(socket, "AF_UNIX", -1):
            return  # stays on this machine
        target = arguments[1]
        if event == "socket.connect" and isinstance(target, tuple) and target[:2] in _allowed:
            return
    else:
        return
    _warn("network lock refused %s to %.200r", event, target)
    raise NetworkLockedError(f"{event} is refused: nothing leaves this machine")


def _warn(message: str, *arguments: object) -> None:
    import logging  # noqa: PLC0415 - most terminals have nothing to warn of

    logging.getLogger(__name__).warning(message, *arguments)


def connect_unix_socket(path: str) -> socket.socket:
    """Return a socket connected to a path of this machine. Raises OSError."""
    if sys.platform == "win32":
        raise OSError("there are no such sockets here")
    import socket  # noqa: PLC0415 - the window's first picture does without

    connected = socket.socket(socket.AF_UNIX)
    try:
        connected.connect(path)
    except OSError:
        connected.close()
        raise
    return connected


def lock_network() -> None:
    """Refuse internet sockets in this process from now on; can't be undone."""
    global _locked  # noqa: PLW0603 - an audit hook can't be removed, so it is added once
    os.environ.update(OFFLINE_ENVIRONMENT)
    if not _locked:
        _locked = True
        sys.addaudithook(_refuse)


def disable_telemetry() -> None:
    """Have no library tell its makers anything, in a process that may reach the network."""
    os.environ.update(OFFLINE_ENVIRONMENT)
    for name in ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE"):
        os.environ[name] = "0"
    os.environ["HF_HUB_DISABLE_IMPLICIT_TOKEN"] = "1"  # noqa: S105 - no token goes out unasked


def allow_server(host: str, port: int) -> None:
    """Let this process connect to one server of the person's own; `host` is a numeric address."""
    _warn("network lock lets %s, port %d, through: a server from the settings", host, port)
    _allowed.add((host, port))
