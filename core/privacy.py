"""The network lock: no internet socket in this process, and a log of what tried.

The audit hook sees Python's sockets only, so it is a tripwire; the variables keep libraries from
trying at all. What native code does is checked by the tests with the kernel's own eyes (strace).
"""

import logging
import os
import sys
from collections.abc import Mapping

OFFLINE_ENVIRONMENT: Mapping[str, str] = {
    "HF_HUB_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "TRANSFORMERS_OFFLINE": "1",
    "DO_NOT_TRACK": "1",
    "ANONYMIZED_TELEMETRY": "False",
    "TOKENIZERS_PARALLELISM": "false",
}
_EVENTS = frozenset(
    {"socket.connect", "socket.bind", "socket.getaddrinfo", "socket.sendto", "socket.gethostbyname"}
)
_log = logging.getLogger(__name__)
_locked = False


class NetworkLockedError(ConnectionError):
    """Something in this process tried to reach the network."""


def _refuse(event: str, arguments: tuple[object, ...]) -> None:
    if event not in _EVENTS:
        return
    address = arguments[1] if event != "socket.getaddrinfo" else arguments[0]
    if isinstance(address, str | bytes) and event != "socket.getaddrinfo":
        return  # a path: AF_UNIX stays on this machine
    _log.warning("network lock refused %s", event)
    raise NetworkLockedError(f"{event} is refused: nothing leaves this machine")


def lock_network() -> None:
    """Refuse internet sockets in this process from now on; can't be undone."""
    global _locked  # noqa: PLW0603 - an audit hook can't be removed, so it is added once
    os.environ.update(OFFLINE_ENVIRONMENT)
    if not _locked:
        _locked = True
        sys.addaudithook(_refuse)
