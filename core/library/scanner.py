"""Walks a folder: which regular files are there, and which entries are passed over and why."""

import os
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from core.errors import Code

MAX_DEPTH = 64
SKIPPED_FOLDERS = frozenset(
    {"node_modules", "__pycache__", "site-packages", "$recycle.bin", "system volume information"}
)
_ENVIRONMENT_MARK = "pyvenv.cfg"
_SKIPPED_FILES = frozenset({"thumbs.db", "desktop.ini"})
_OFFICE_LOCK = "~$"
_REPARSE_POINT = getattr(stat, "FILE_ATTRIBUTE_REPARSE_POINT", 0x400)


@dataclass(frozen=True, slots=True)
class Found:
    """One entry of a folder. `code` None: a file to read; else why it isn't read.

    `relative` has "/" between its parts and may hold lone surrogates for bytes that are no text.
    """

    relative: str
    size: int
    modified_ns: int
    code: Code | None = None


def walk(root: Path, excluded: Path | None = None) -> Iterator[Found]:
    """Yield what lies under `root`, sorted within each folder; follows no link, opens nothing.

    Hidden folders, package caches and virtual environments are left out, as is `excluded` (the
    app's own root). Raises OSError when `root` itself can't be listed; a folder below it that
    can't be is yielded as unreadable.
    """
    forbidden = identity(excluded) if excluded else None
    stack = [("", _entries(str(root)))]
    while stack:
        prefix, entries = stack.pop()
        for entry in entries:
            found = _look_at(entry, prefix)
            if found is not None:
                yield found
                continue
            if _is_passed_over(entry, forbidden) or prefix.count("/") >= MAX_DEPTH:
                continue
            relative = f"{prefix}{entry.name}/"
            try:
                stack.append((relative, _entries(entry.path)))
            except OSError:
                yield Found(relative.rstrip("/"), 0, 0, Code.FILE_UNREADABLE)


def gone(known: Iterable[str], found: Iterable[Found]) -> set[str]:
    """Return which known files are no longer there.

    Nobody knows what a folder holds that can't be listed: its files are not gone.
    """
    codes = {entry.relative: entry.code for entry in found}
    closed = tuple(f"{name}/" for name, code in codes.items() if code == Code.FILE_UNREADABLE)
    return {name for name in known if name not in codes and not name.startswith(closed)}


def _entries(folder: str) -> list[os.DirEntry[str]]:
    with os.scandir(folder) as entries:
        return sorted(entries, key=lambda entry: entry.name)


def _look_at(entry: os.DirEntry[str], prefix: str) -> Found | None:
    """Return what a plain entry is, None for a folder."""
    relative = prefix + entry.name
    try:
        status = entry.stat(follow_symlinks=False)
    except OSError:
        return Found(relative, 0, 0, Code.FILE_UNREADABLE)
    if stat.S_ISLNK(status.st_mode) or _is_junction(status):
        return Found(relative, 0, 0, Code.FILE_LINK)
    if stat.S_ISDIR(status.st_mode):
        return None
    if not stat.S_ISREG(status.st_mode):
        return Found(relative, 0, 0, Code.FILE_SPECIAL)
    return Found(relative, status.st_size, status.st_mtime_ns)


def is_document(found: Found) -> bool:
    """Return whether a file is worth a word: hidden ones and those of the desktop are not."""
    name = found.relative.rpartition("/")[2]
    hidden = name.startswith((".", _OFFICE_LOCK)) or name.lower() in _SKIPPED_FILES
    return not hidden


def _is_passed_over(entry: os.DirEntry[str], forbidden: tuple[int, int] | None) -> bool:
    name = entry.name.lower()
    if name.startswith(".") or name in SKIPPED_FOLDERS:
        return True
    if forbidden is not None and identity(Path(entry.path)) == forbidden:
        return True
    return os.path.lexists(os.path.join(entry.path, _ENVIRONMENT_MARK))  # noqa: PTH118 - fast


def identity(path: Path) -> tuple[int, int] | None:
    """Return what tells a folder from another put in its place, None if it is not there."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino


def _is_junction(status: os.stat_result) -> bool:
    """Windows: a junction or a cloud placeholder is no plain folder or file."""
    return bool(getattr(status, "st_file_attributes", 0) & _REPARSE_POINT)
