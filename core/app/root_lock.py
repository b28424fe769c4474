"""Lock of the data root for one front end, and open requests that a second start leaves for it."""

import contextlib
import json
import os
import sys
from pathlib import Path

from core.base.atomic_write import write_atomically
from core.base.data_files import read_data_file, write_data_file
from core.base.errors import ErrorCode, StorageError, storage_error_from_os
from core.base.paths import Paths
from core.channel.channel_address import read_address

_NO_PATHS = b"[]"


class RootLock:
    """Held from `acquire` to `release`; the system lets go of it when the process ends."""

    def __init__(self, paths: Paths) -> None:
        import filelock  # noqa: PLC0415 - 15 ms that the window's first picture does without

        self._paths = paths
        self._lock = filelock.FileLock(paths.lock, timeout=0, thread_local=False)

    def acquire(self) -> None:
        """Own the root. Raises StorageError: ROOT_HELD, or ROOT_UNWRITABLE."""
        try:
            self._paths.create_folders()
            self._lock.acquire()
        except TimeoutError as error:
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


def is_root_held(paths: Paths) -> bool:
    """Whether another process seems to own the root; only `RootLock.acquire` knows for sure."""
    if sys.platform == "win32":
        return read_address(paths) is not None
    import fcntl  # noqa: PLC0415 - there is none on Windows

    try:
        handle = os.open(paths.lock, os.O_RDWR)
    except OSError:
        return False
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    finally:
        os.close(handle)
    return False


def send_open_request(paths: Paths, arguments: list[str]) -> None:
    """Leave the paths of a second start for the front end that owns the root.

    A start that has no key of an encrypted root only asks for its window.
    """
    import uuid_utils  # noqa: PLC0415 - a second start alone needs it

    name = f"{uuid_utils.uuid7().hex}.json"
    try:
        write_data_file(paths.spool / name, json.dumps(arguments).encode())
    except StorageError as error:
        if error.code is not ErrorCode.DATA_LOCKED:
            raise
        # The paths would lie there plain: the owner is only asked for its window.
        write_atomically(paths.spool / name, _NO_PATHS, private=True)


def collect_open_requests(paths: Paths) -> list[list[str]]:
    """Return what second starts have left, oldest first, and remove it."""
    taken: list[list[str]] = []
    for file in sorted(paths.spool.glob("*.json")):
        with contextlib.suppress(OSError, ValueError, RecursionError):
            arguments = json.loads(_read_open_request(file))
            if isinstance(arguments, list):
                taken.append([str(argument) for argument in arguments])
        with contextlib.suppress(OSError):
            file.unlink()
    return taken


def _read_open_request(file: Path) -> bytes:
    try:
        return read_data_file(file)
    except StorageError:  # plain, where all is encrypted
        return _NO_PATHS
