"""Stored data of the app in its root: kinds, sizes, and erasing it.

Whatever else lies in the root is someone's own and is left alone, and no link is ever followed.
"""

import contextlib
import inspect
import logging
import os
import re
import shutil
import stat
import time
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path

from msgspec import Struct

from core.app.root_lock import RootLock
from core.base.i18n import N_
from core.base.paths import Paths

_log = logging.getLogger(__name__)
_UNFINISHED = re.compile(r"\.(part(\.json|\.lock)?|copying|quantizing)$")
_PATIENCE = 5.0
"""Seconds for which a file is tried again that a child or a virus scanner still holds."""


class StoredDataKind(StrEnum):
    """What a file of ours is about, in words."""

    CHATS = N_("Chats")
    LIBRARY = N_("What was read from your folders")
    MODELS = N_("Models in Inglenook's own folder")
    LOGS = N_("Logs")
    OTHERS = N_("Settings and notes")


_KINDS = {
    "chats": StoredDataKind.CHATS,
    "states": StoredDataKind.CHATS,
    "attachments": StoredDataKind.CHATS,
    "backups": StoredDataKind.CHATS,
    "adapters": StoredDataKind.CHATS,
    "training_folder": StoredDataKind.CHATS,
    "library": StoredDataKind.LIBRARY,
    "next_library": StoredDataKind.LIBRARY,
    "library_folder": StoredDataKind.LIBRARY,
    "index": StoredDataKind.LIBRARY,
    "models": StoredDataKind.MODELS,
    "logs": StoredDataKind.LOGS,
    "contacts": StoredDataKind.LOGS,
    "contacts_folder": StoredDataKind.LOGS,
    "api_log": StoredDataKind.LOGS,
    "usage": StoredDataKind.LOGS,
}
"""By the name of the place in Paths."""


class StoredItem(Struct, frozen=True):
    """One thing of ours in the root."""

    path: Path
    kind: StoredDataKind


def list_stored_items(paths: Paths) -> tuple[StoredItem, ...]:
    """Return what is ours in the root, without looking into folders."""
    places = {
        getattr(paths, name).name: _KINDS.get(name, StoredDataKind.OTHERS)
        for name, _property in inspect.getmembers(Paths, lambda each: isinstance(each, property))
    }
    found = []
    with contextlib.suppress(OSError):
        for entry in sorted(paths.root.iterdir()):
            place = next((each for each in places if _belongs(entry.name, each)), None)
            if place is not None:
                found.append(StoredItem(entry, places[place]))
    return tuple(found)


def _belongs(name: str, place: str) -> bool:
    """Tell a place, its side files and its damaged copies from what has another name."""
    stem = Path(place).stem
    beside = (f"{place}-", f"{place}.", f"{stem}.damaged")
    return name == place or ("." in place and name.startswith(beside))


def iterate_file_sizes(paths: Paths) -> Iterator[tuple[StoredDataKind, int]]:
    """Return the size of each file of ours on the disk, one by one; there may be many."""
    for holding in list_stored_items(paths):
        for file in _files(holding.path):
            with contextlib.suppress(OSError):
                yield holding.kind, file.lstat().st_size


def _files(path: Path) -> Iterator[Path]:
    if path.is_symlink() or not path.is_dir():
        yield path
        return
    for folder, _folders, names in os.walk(path):
        yield from (Path(folder) / name for name in names)


def erase_stored_data(
    paths: Paths, *, models: bool, patience: float = _PATIENCE
) -> tuple[Path, ...]:
    """Delete what is ours; returns what could not be deleted. Nobody may own the root.

    `models` takes those along that lie in the root; without it, unfinished ones go all the same:
    what would complete them is erased. Files are deleted, not overwritten: solid-state disks write
    elsewhere anyway. Raises StorageError if someone owns the root.
    """
    lock = RootLock(paths)
    lock.acquire()
    held = {paths.lock}
    try:
        for holding in list_stored_items(paths):
            if holding.path not in held and (models or holding.kind is not StoredDataKind.MODELS):
                _delete(holding.path, patience)
        for path in _unfinished_models(paths.models):
            _delete(path, patience)
    finally:
        lock.release()
    _delete(paths.lock, patience)
    kept = () if models else (paths.models,)
    left = [each.path for each in list_stored_items(paths) if each.path not in kept]
    if not models:
        left += _unfinished_models(paths.models)
    for folder in (paths.models, paths.root):
        with contextlib.suppress(OSError):
            folder.rmdir()  # only if nothing of anyone's is left in it
    return tuple(left)


def _unfinished_models(folder: Path) -> list[Path]:
    """List what was downloaded, copied or made in part, with what tells how far it was."""
    return [path for path in _files(folder) if _UNFINISHED.search(path.name)]


def _delete(path: Path, patience: float) -> None:
    end = time.monotonic() + patience
    while True:
        try:
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path, onerror=_make_writable_and_retry)
            else:
                path.unlink(missing_ok=True)
        except OSError:
            if time.monotonic() >= end:
                return
            time.sleep(0.1)
        else:
            return


def _make_writable_and_retry(function: object, path: str, _error: object) -> None:
    """Windows deletes nothing that is marked read-only; a file that is gone is as wished."""
    with contextlib.suppress(FileNotFoundError):
        Path(path).chmod(stat.S_IWRITE | stat.S_IREAD)
        if function is os.rmdir:
            Path(path).rmdir()
        else:
            Path(path).unlink()
