"""Convertible files: what a conversion of a data folder goes through, and whether it can at all."""

import contextlib
import logging
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

from core.app.privacy.stored_data import StoredDataKind, list_stored_items
from core.base.errors import ErrorCode, StorageError, storage_error_from_os
from core.base.i18n import _
from core.base.paths import KEY_FILE, Paths

SIDE_SUFFIXES = ("-wal", "-shm", "-journal")
PART_SUFFIX = ".part"
_ROOM = 16 * 1024 * 1024
"""Bytes that are left free beside the copy of a file."""
_ASIDE = re.compile(r"\.damaged(-\d+)?|\.unread")
_log = logging.getLogger(__name__)


def list_convertible_files(paths: Paths) -> Iterator[Path]:
    """Yield what is ours, parts of writes that never ended too; of a database the file itself.

    A folder of ours may be a link to another disk. Any other link is passed over.
    """
    passed = {
        paths.key_file, paths.second_key_file, paths.lock, paths.channel, paths.packs, paths.logs,
    }  # fmt: skip
    for item in list_stored_items(paths):
        if item.kind is StoredDataKind.MODELS or item.path in passed:
            continue
        if item.path.name.startswith(f"{KEY_FILE}."):  # of files that an earlier key encrypted
            continue
        for path in _files_in(item.path, is_top=True):
            if path not in passed and not is_side_file(path):
                yield path


def is_side_file(path: Path) -> bool:
    """Return whether a file belongs to the database beside it."""
    return ".db" in path.name and path.name.endswith(SIDE_SUFFIXES)


def may_stay(paths: Paths, path: Path) -> bool:
    """Return whether a conversion ends well without a file: a copy, or a damaged one."""
    return path.is_relative_to(paths.backups) or bool(_ASIDE.search(path.name))


def original_path(path: Path) -> Path:
    """Return the path that a file had before it was moved aside, or that which it has."""
    return path.with_name(_ASIDE.sub("", path.name))


def check_convertible(paths: Paths) -> None:
    """Raise StorageError, which names the file, if a conversion couldn't go through it all."""
    try:
        for link in _links(paths):
            detail = _("{path} is a link; put what it leads to in its place").format(path=link)
            raise StorageError(ErrorCode.ENCRYPTION_REFUSED, detail=detail)
        for path in list_convertible_files(paths):
            with contextlib.suppress(FileNotFoundError), path.open("r+b"):  # or removed just now
                if shutil.disk_usage(path.parent).free < path.stat().st_size + _ROOM:
                    raise StorageError(ErrorCode.DISK_FULL, path=str(path))
    except OSError as error:
        raise storage_error_from_os(error, str(error.filename or paths.root)) from error


def _links(paths: Paths) -> Iterator[Path]:
    """Yield the links among our files that aren't followed."""
    for item in list_stored_items(paths):
        if item.kind is StoredDataKind.MODELS or item.path in {paths.packs, paths.logs}:
            continue
        if item.path.is_symlink() and not item.path.is_dir():
            yield item.path
        elif item.path.is_dir():
            yield from (path for path in item.path.rglob("*") if path.is_symlink())


def _files_in(path: Path, *, is_top: bool) -> Iterator[Path]:
    if path.is_symlink() and not (is_top and path.is_dir()):
        _log.warning("a link is not followed")
    elif path.is_file():
        yield path
    elif path.is_dir():
        for each in sorted(path.iterdir()):
            yield from _files_in(each, is_top=False)
