"""One front end owns a root: the lock, and the spool through which a second start hands over."""

import contextlib
import json

import filelock
import uuid_utils

from core.errors import Code, StorageError, from_os_error
from core.paths import Paths
from core.storage import write_aside


class RootLock:
    """Held from `take` to `release`; the system lets go of it when the process ends."""

    def __init__(self, paths: Paths) -> None:
        self._paths = paths
        self._lock = filelock.FileLock(paths.lock, timeout=0, thread_local=False)

    def take(self) -> None:
        """Own the root. Raises StorageError: ROOT_HELD, or ROOT_UNWRITABLE."""
        try:
            self._paths.create()
            self._lock.acquire()
        except filelock.Timeout as error:
            raise StorageError(Code.ROOT_HELD, path=str(self._paths.root)) from error
        except OSError as error:
            raise from_os_error(error, str(self._paths.root)) from error

    def release(self) -> None:
        """Let the next front end in."""
        self._lock.release()


def hand_over(paths: Paths, arguments: list[str]) -> None:
    """Leave the paths of a second start for the front end that owns the root."""
    name = f"{uuid_utils.uuid7().hex}.json"
    write_aside(paths.spool / name, json.dumps(arguments).encode())


def take_over(paths: Paths) -> list[list[str]]:
    """Return what second starts have left, oldest first, and remove it."""
    taken: list[list[str]] = []
    for file in sorted(paths.spool.glob("*.json")):
        with contextlib.suppress(OSError, ValueError):
            arguments = json.loads(file.read_bytes())
            if isinstance(arguments, list):
                taken.append([str(argument) for argument in arguments])
        with contextlib.suppress(OSError):
            file.unlink()
    return taken
