"""Lock of the data root for one front end, and open requests that a second start leaves for it."""

import contextlib
import json
import os
import sys
import time
from pathlib import Path

from core.base.atomic_write import write_atomically
from core.base.data_files import read_data_file, write_data_file
from core.base.errors import ErrorCode, StorageError, storage_error_from_os
from core.base.paths import Paths, move_earlier_files

PATIENCE_SECONDS = 10.0
"""Time that a front end, which may be starting or closing, has for what a second start hands on."""
_PAUSE_SECONDS = 0.05
_NO_PATHS = b"[]"


class RootLock:
    """Held from `acquire` to `release`; the system lets go of it when the process ends."""

    def __init__(self, paths: Paths) -> None:
        import filelock  # noqa: PLC0415 - 15 ms that the window's first picture does without

        self._paths = paths
        self._lock = filelock.FileLock(paths.lock, timeout=0, thread_local=False)

    def acquire(self) -> None:
        """Own the root, also if it is owned here. StorageError: ROOT_HELD, or ROOT_UNWRITABLE."""
        if self._lock.is_locked:
            return
        try:
            self._paths.create_folders()
            self._lock.acquire()
            self._move_earlier_files()
        except TimeoutError as error:
            raise _held_error(self._paths) from error
        except (FileExistsError, NotADirectoryError) as error:
            raise StorageError(
                ErrorCode.ROOT_NO_FOLDER, path=str(error.filename or self._paths.root)
            ) from error
        except OSError as error:
            raise storage_error_from_os(error, str(self._paths.root)) from error

    def _move_earlier_files(self) -> None:
        try:
            move_earlier_files(self._paths)
        except OSError:
            self._lock.release()
            raise

    def release(self) -> None:
        """Let the next front end in."""
        self._lock.release()


def is_root_held(paths: Paths) -> bool:
    """Whether another process seems to own the root; only `RootLock.acquire` knows for sure."""
    try:
        handle = os.open(paths.lock, os.O_RDWR)
    except OSError:
        return False
    try:
        return _is_file_locked(handle)
    finally:
        os.close(handle)


def _is_file_locked(handle: int) -> bool:
    """Whether another handle has the lock that `filelock` takes."""
    if sys.platform == "win32":
        import msvcrt  # noqa: PLC0415 - there is none elsewhere

        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except OSError:
            return True
        msvcrt.locking(handle, msvcrt.LK_UNLCK, 1)
    else:
        import fcntl  # noqa: PLC0415 - there is none on Windows

        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        except OSError:
            return False
    return False


def _held_error(paths: Paths) -> StorageError:
    from core.channel.channel_address import read_address  # noqa: PLC0415 - as above

    holder = read_address(paths)
    pid = str(holder.pid) if holder else "?"
    return StorageError(ErrorCode.ROOT_HELD, path=str(paths.root), pid=pid)


def hand_over(paths: Paths, arguments: list[str], patience: float = PATIENCE_SECONDS) -> bool:
    """Hand the paths of a second start to the front end that owns the root.

    Returns whether it took them; False if it has ended, and the root is free. Raises StorageError:
    ROOT_HELD if it does neither, as a command of a terminal does.
    """
    request = send_open_request(paths, arguments)
    deadline = time.monotonic() + patience
    while is_root_held(paths):
        if not request.exists():
            return True
        if time.monotonic() > deadline:
            request.unlink(missing_ok=True)
            raise _held_error(paths)
        time.sleep(_PAUSE_SECONDS)
    request.unlink(missing_ok=True)
    return False


def send_open_request(paths: Paths, arguments: list[str]) -> Path:
    """Leave the paths of a second start for the front end that owns the root; returns the file.

    A start that has no key of an encrypted root only asks for its window.
    """
    import uuid_utils  # noqa: PLC0415 - a second start alone needs it

    request = paths.spool / f"{uuid_utils.uuid7().hex}.json"
    try:
        write_data_file(request, json.dumps(arguments).encode())
    except StorageError as error:
        if error.code is not ErrorCode.DATA_LOCKED:
            raise
        # The paths would lie there plain: the owner is only asked for its window.
        write_atomically(request, _NO_PATHS, private=True)
    return request


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
