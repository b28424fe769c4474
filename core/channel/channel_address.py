"""Channel address: where the holder of a data folder listens, and the key to be let in.

Terminals read it before they load anything of the application, and without a data key.
"""

import contextlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec
from msgspec import Struct

from core.base.paths import Paths

MAX_SOCKET_PATH = 100
"""Bytes of a path that every system binds a socket to; macOS takes 104 with the last zero."""
_SOCKET = "commands"


class ChannelAddress(Struct, frozen=True, kw_only=True):
    """The holder's process, where it listens (a socket's path or a pipe's name), and the key."""

    pid: int
    address: str
    key: str


def write_address(paths: Paths, address: ChannelAddress) -> None:
    """Let terminals find the holder. Raises OSError."""
    part = paths.channel_address.with_suffix(".part")
    part.unlink(missing_ok=True)
    part.touch(mode=0o600)
    part.write_bytes(msgspec.json.encode(address))
    part.replace(paths.channel_address)


def read_address(paths: Paths) -> ChannelAddress | None:
    """Return where the holder listens, None if none said so; that of a killed one stays."""
    try:
        return msgspec.json.decode(paths.channel_address.read_bytes(), type=ChannelAddress)
    except (OSError, ValueError, RecursionError):
        return None


def remove_address(paths: Paths) -> None:
    """Let no terminal look for this process any more."""
    with contextlib.suppress(OSError):
        paths.channel_address.unlink(missing_ok=True)


def new_address(paths: Paths) -> str | None:
    """Return the path to listen at, its folder made for this user alone; None: a named pipe.

    A socket that a killed process left there is removed. Raises OSError.
    """
    if sys.platform == "win32":
        return None
    folder = paths.channel
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)
    path = folder / _SOCKET
    if len(os.fsencode(path)) > MAX_SOCKET_PATH and not _has_descriptor_paths():
        import tempfile  # noqa: PLC0415 - rarely needed

        path = Path(tempfile.mkdtemp(prefix="inglenook-")) / _SOCKET
    path.unlink(missing_ok=True)
    return str(path)


@contextlib.contextmanager
def reachable_address(address: str) -> Iterator[str]:
    """Yield a name for `address` that is short enough to bind or connect to."""
    if sys.platform == "win32" or len(os.fsencode(address)) <= MAX_SOCKET_PATH:
        yield address
        return
    folder = os.open(Path(address).parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield f"/proc/self/fd/{folder}/{Path(address).name}"
    finally:
        os.close(folder)


def remove_socket(address: str) -> None:
    """Remove a socket that nobody listens at any more, and a folder that was made for it alone."""
    if sys.platform == "win32":
        return
    with contextlib.suppress(OSError):
        Path(address).unlink(missing_ok=True)
        if Path(address).parent.name.startswith("inglenook-"):
            Path(address).parent.rmdir()


def _has_descriptor_paths() -> bool:
    return sys.platform == "linux"
