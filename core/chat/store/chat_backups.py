"""Chat backups: a copy of chats.db a day, made while nothing else is done, the newest few kept."""

import contextlib
import logging
from datetime import UTC, date, datetime
from pathlib import Path

import apsw

from core.base.database import back_up, connect_database, remove_old_copies
from core.base.errors import StorageError
from core.base.lazy_regex import lazy_pattern

KEPT_BACKUPS = 3
_NAME = lazy_pattern(r"chats-(\d{4}-\d\d-\d\d)\.db")
_log = logging.getLogger(__name__)


def list_backups(folder: Path) -> list[Path]:
    """Return the daily copies, the newest first."""
    try:
        names = sorted((path.name for path in folder.iterdir()), reverse=True)
    except OSError:
        return []
    return [folder / name for name in names if _NAME.fullmatch(name)]


def backup_day(path: Path) -> date:
    """Return the day of a daily copy."""
    match = _NAME.fullmatch(path.name)
    assert match is not None
    return date.fromisoformat(match[1])


def is_backup_due(folder: Path, now: float) -> bool:
    """Whether there is no copy of today (in UTC, so that a journey makes none twice)."""
    return not (folder / _name(now)).exists()


def make_backup(chats: Path, folder: Path, now: float) -> None:
    """Copy chats.db with SQLite's own backup, check the copy, and delete the oldest ones.

    Runs in a thread of its own, with a connection of its own. A disk that refuses makes none.
    """
    target = folder / _name(now)
    try:
        source = connect_database(chats, flags=apsw.SQLITE_OPEN_READWRITE)
        try:
            back_up(source, target)
        finally:
            source.close()
        if not _is_sound(target):
            target.unlink()
            return
        for old in list_backups(folder)[KEPT_BACKUPS:]:
            old.unlink(missing_ok=True)
    except (apsw.Error, StorageError, OSError):
        _log.exception("no copy of the chats was made")


def remove_backups(chats: Path, folder: Path) -> None:
    """Delete all copies of chats.db: they hold what was deleted since."""
    remove_old_copies(chats, folder)
    for path in [*list_backups(folder), *folder.glob("chats-*.part*")]:
        with contextlib.suppress(OSError):
            path.unlink(missing_ok=True)


def _is_sound(path: Path) -> bool:
    copy = connect_database(path, flags=apsw.SQLITE_OPEN_READWRITE)
    try:
        return copy.execute("PRAGMA quick_check(1)").fetchone() == ("ok",)
    finally:
        copy.close()


def _name(now: float) -> str:
    return f"chats-{datetime.fromtimestamp(now, UTC).date().isoformat()}.db"
