"""State files: the one reader of JSON files in the data folder, with limits and damage reports.

A file that can't be read is moved aside under a name that none had before, and recorded; the
owner of the application says it in one sentence (`take_damage_reports`).
"""

import json
import logging
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from core.base.data_files import move_damaged_aside, read_data_file
from core.base.errors import ErrorCode, StorageError

MAX_STATE_BYTES = 64 * 1024 * 1024
"""Bytes; a list of ten thousand models has some 4 MB."""
Content = TypeVar("Content")
_log = logging.getLogger(__name__)
_reports: list[tuple[Path, StorageError]] = []
_lock = threading.Lock()  # `_reports`


def read_state_file(path: Path, kind: type[Content]) -> Content | None:
    """Return the content of a JSON file, of the type `kind`; None if there is none.

    None, too, for one that is damaged, too large, nested too deeply or of another shape: it is
    moved aside and reported; and for a link that leads nowhere, which is reported. Raises
    StorageError(DATA_KEY_WRONG) for one of another key.
    """
    import msgspec  # noqa: PLC0415 - 35 ms that the window's first picture does without

    return _read(path, lambda content: msgspec.json.decode(content, type=kind))


def read_plain_state(path: Path) -> dict[str, Any] | None:
    """Return a JSON object like `read_state_file`, but without loading msgspec."""
    return _read(path, _decode_object)


def _decode_object(content: bytes) -> dict[str, Any]:
    found = json.loads(content.decode())
    if not isinstance(found, dict):
        raise ValueError("no object")
    # Numbers and letters that JSON doesn't know, and which Python reads all the same.
    json.dumps(found, ensure_ascii=False, allow_nan=False).encode()
    return found


def _read(path: Path, decode: Callable[[bytes], Content]) -> Content | None:
    try:
        if path.stat().st_size > MAX_STATE_BYTES:
            raise ValueError("too large")
        return decode(read_data_file(path))
    except (FileNotFoundError, NotADirectoryError):
        if path.is_symlink():
            _report(path, StorageError(ErrorCode.STATE_LINK_DEAD, file=path.name))
        return None
    except (OSError, ValueError, RecursionError) as error:  # msgspec's errors are ValueErrors
        report_damaged_file(path, error)
        return None


def report_damaged_file(path: Path, error: Exception) -> None:
    """Move a file aside that was read and makes no sense, and record it. Any thread may call it."""
    aside = move_damaged_aside(path)
    # no traceback: before the log file is open, it would go to the terminal
    _log.warning("%s is unreadable (%s); kept as %s", path.name, type(error).__name__, aside.name)
    _report(path, StorageError(ErrorCode.STATE_DAMAGED, file=path.name, aside=aside.name))


def _report(path: Path, report: StorageError) -> None:
    with _lock:
        _reports.append((path.parent, report))


def take_damage_reports(folder: Path) -> tuple[StorageError, ...]:
    """Return what was recorded of files in `folder` since the last call, oldest first."""
    with _lock:
        taken = [report for report in _reports if report[0] == folder]
        _reports[:] = [report for report in _reports if report[0] != folder]
    return tuple(error for _folder, error in taken)
