"""Lock of the data root for one front end, and open requests that a second start leaves for it."""

import contextlib
import json

import filelock
import uuid_utils

from core.base.data_files import read_data_file, write_data_file
from core.base.errors import ErrorCode, StorageError, storage_error_from_os
from core.base.paths import Paths
from core.channel.channel_address import read_address


class RootLock:
    """Held from `acquire` to `release`; the system lets go of it when the process ends."""

    def __init__(self, paths: Paths) -> None:
        self._paths = paths
        self._lock = filelock.FileLock(paths.lock, timeout=0, thread_local=False)

    def acquire(self) -> None:
        """Own the root. Raises StorageError: ROOT_HELD, or ROOT_UNWRITABLE."""
        try:
            self._paths.create_folders()
            self._lock.acquire()
        except filelock.Timeout as error:
            holder = read_address(self._paths)
            raise StorageError(
                ErrorCode.ROOT_HELD,
                path=str(self._paths.root),
                pid=str(holder.pid) if holder else "?",
            ) from error
        except OSError as error:
            raise storage_error_from_os(error, str(self._paths.root)) from error

    def release(self) -> None:
        """Let the next front end in."""
        self._lock.release()


def send_open_request(paths: Paths, arguments: list[str]) -> None:
    """Leave the paths of a second start for the front end that owns the root."""
    name = f"{uuid_utils.uuid7().hex}.json"
    write_data_file(paths.spool / name, json.dumps(arguments).encode())


def collect_open_requests(paths: Paths) -> list[list[str]]:
    """Return what second starts have left, oldest first, and remove it."""
    taken: list[list[str]] = []
    for file in sorted(paths.spool.glob("*.json")):
        with contextlib.suppress(OSError, ValueError, RecursionError):
            arguments = json.loads(read_data_file(file))
            if isinstance(arguments, list):
                taken.append([str(argument) for argument in arguments])
        with contextlib.suppress(OSError):
            file.unlink()
    return taken
