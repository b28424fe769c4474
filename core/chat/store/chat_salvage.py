"""Chat salvage: chats of a damaged chats.db, completed from the newest backup that opens."""

import contextlib
import logging
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import cast

import apsw

from core.base.atomic_write import replace_file
from core.base.database import (
    DAMAGE,
    DATABASE_PARTS,
    IN_MEMORY,
    Migration,
    check_database,
    check_is_file,
    check_table,
    close_damaged,
    connect_database,
    damaged_name,
    move_database,
    open_database,
    open_sound_database,
    transaction,
)
from core.base.errors import ErrorCode, StorageError, storage_error_from_os
from core.base.salvage.database_salvage import (
    SalvagedTable,
    open_damaged_database,
    salvage_tables,
    table_columns,
    try_backups,
)
from core.base.salvage.lost_schema import salvage_pages
from core.chat.conversations.chat_titles import title_from_question
from core.chat.conversations.conversation import Role
from core.chat.store.chat_backups import backup_day, list_backups

_OF_CHATS = ("groups", "chats", "prompts")
_OF_TURNS = ("turns", "summaries", "drafts")
_OF_ANSWERS = (
    "sources",
    "citations",
    "sent_prompts",
    "wrong_sources",
    "assurance",
    "answer_keys",
    "tool_calls",
    "unfinished_edits",
)
TABLES = (*_OF_CHATS, *_OF_TURNS, *_OF_ANSWERS)
"""All tables of chats.db that hold something of a person's, parents before children."""
_TELLING = tuple(
    name for name in TABLES if name not in {"assurance", "tool_calls", "unfinished_edits"}
)
"""Tables whose rows tell by their shape which table is theirs."""
_UNREAD = ".unread"
"""Ends the name of a damaged file from which chats are still read."""
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class SalvagedChats:
    """What came back: chats of the damaged file, and those that only the backup still had."""

    chats: int
    from_backup: int
    backup_of: date | None


def open_chat_database(
    path: Path,
    migrations: Sequence[Migration],
    backups: Path,
    on_damage: Callable[[StorageError], None],
) -> apsw.Connection:
    """Open chats.db; a damaged one is moved aside and its chats are read into a new one.

    `on_damage` is called with what came back. A salvage that a kill ended begins anew: until its
    end the damaged file has a name of its own. Raises what `open_database` raises.
    """
    check_is_file(path)
    unread = path.with_name(path.name + _UNREAD)
    if not unread.exists() and _is_lost(path) and list_backups(backups):
        unread.touch(0o600)  # nothing can be read of it, and all comes from the backups
    if not unread.exists():
        try:
            db = open_sound_database(path, migrations, backups)
            if _is_readable(db, migrations):
                return db
            close_damaged(db, path)
        except (*DAMAGE, apsw.SQLError):  # of a definition that was changed
            _log.exception("%s is damaged", path.name)
        _copy_database(path, unread, with_log=not _is_sound_without_log(path))
    _delete_database(path)  # what it held is in `unread`, or was read out of it by an earlier try
    db = open_sound_database(path, migrations, backups)
    salvaged = salvage_chats(db, unread, backups)
    aside = damaged_name(path)
    move_database(unread, aside)
    on_damage(_put_into_words(path, aside, salvaged))
    return db


def _is_lost(path: Path) -> bool:
    """Whether nothing is left of a file of chats: a power cut or another program emptied it."""
    return not path.exists() or path.stat().st_size == 0


def _is_sound_without_log(path: Path) -> bool:
    """Whether a damaged database is whole by itself: then its log is that of another one.

    Damage to a log of its own would be no damage: SQLite leaves out what has a wrong checksum.
    """
    if not path.with_name(path.name + "-wal").exists():
        return False
    alone = path.with_name(path.name + ".alone")
    try:
        shutil.copyfile(path, alone)
        with contextlib.closing(connect_database(alone)) as db:
            check_database(db, whole=True)
    except (apsw.Error, StorageError, OSError):
        return False
    else:
        return True
    finally:
        _delete_database(alone)


def _copy_database(path: Path, target: Path, *, with_log: bool) -> None:
    """Copy a closed database and its log; there is no `target` before all of it is there."""
    partial = target.with_name(target.name + ".part")
    try:
        for suffix in DATABASE_PARTS[1:]:
            log = path.with_name(path.name + suffix)
            target.with_name(target.name + suffix).unlink(missing_ok=True)
            if with_log and log.exists():
                shutil.copyfile(log, target.with_name(target.name + suffix))
        shutil.copyfile(path, partial)
        replace_file(partial, target)
    except OSError as error:
        partial.unlink(missing_ok=True)
        raise storage_error_from_os(error, str(path)) from error


def _delete_database(path: Path) -> None:
    for suffix in DATABASE_PARTS:
        path.with_name(path.name + suffix).unlink(missing_ok=True)


def _is_readable(db: apsw.Connection, migrations: Sequence[Migration]) -> bool:
    """Whether the schema, the list of chats and the way from each chat to its turns are sound.

    SQLite's quick check looks at none of them. A list of a thousand chats takes some milliseconds.
    """
    wanted = open_database(IN_MEMORY, migrations, IN_MEMORY)
    try:
        columns = table_columns(wanted, "chats")
        sizes = ", ".join(f"length(CAST({name} AS BLOB))" for name in columns)
        counts = "(SELECT count(*) FROM turns WHERE turns.chat_id = chats.chat_id)"
        for _row in db.execute(f"SELECT {sizes}, {counts} FROM chats"):  # noqa: S608 - our names
            pass
        check_table(db, "chats")
        is_sound = not _has_lost_turns(db) and _definitions(db) == _definitions(wanted)
        return is_sound and all(
            set(table_columns(wanted, name)) <= set(table_columns(db, name)) for name in TABLES
        )  # in any order: an older version may have made the same changes in another one
    except (apsw.CorruptError, apsw.NotADBError, apsw.SQLError):
        return False  # what else may fail, such as another program's lock, is no damage
    finally:
        wanted.close()


def _has_lost_turns(db: apsw.Connection) -> bool:
    """Return whether a turn belongs to no chat by the index that leads from chats to turns."""
    rows = db.execute(
        "SELECT 1 FROM turns INDEXED BY turns_of_chat"
        " WHERE chat_id NOT IN (SELECT chat_id FROM chats) LIMIT 1"
    )
    return bool(rows.fetchall())


def _definitions(db: apsw.Connection) -> set[tuple[bytes, ...]]:
    """Return the words of each trigger and of the index of words.

    One that names what is not there fails only when it is used.
    """
    rows = db.execute(
        "SELECT CAST(sql AS BLOB) FROM sqlite_schema WHERE type = 'trigger' OR name = 'turn_words'"
    )
    return {tuple(cast("bytes", sql).split()) for (sql,) in rows}


def _put_into_words(path: Path, aside: Path, salvaged: SalvagedChats) -> StorageError:
    if not salvaged.chats:
        return StorageError(ErrorCode.DATABASE_DAMAGED, path=str(path), aside=aside.name)
    facts = {"aside": aside.name, "chats": str(salvaged.chats)}
    if salvaged.backup_of is not None:
        day = salvaged.backup_of.isoformat()
        return StorageError(
            ErrorCode.CHATS_FROM_BACKUP, day=day, old=str(salvaged.from_backup), **facts
        )
    return StorageError(ErrorCode.CHATS_SALVAGED, **facts)


def salvage_chats(db: apsw.Connection, damaged: Path, backups: Path) -> SalvagedChats:
    """Fill the empty chats.db behind `db` from a damaged file and from its backups.

    A chat that was deleted since the backup stays deleted, unless the list of chats itself was
    damaged. Raises StorageError if the disk refuses.
    """
    db.execute("PRAGMA foreign_keys = OFF")
    try:
        with transaction(db):
            read = _read_damaged(db, damaged)
            first = _count(db)
            day = None
            if not all(table.is_whole for table in read):
                day = _complete(db, backups, read)
                _read_damaged(db, damaged, garbled=True)
            _remake_chats(db)
            _drop_orphans(db)
            chats = _count(db)
    finally:
        db.execute("PRAGMA foreign_keys = ON")
    return SalvagedChats(chats, chats - first, day)


def _read_damaged(
    db: apsw.Connection, damaged: Path, *, garbled: bool = False
) -> tuple[SalvagedTable, ...]:
    try:
        with open_damaged_database(damaged, db, changed_pages=garbled) as source:
            if any(table_columns(source, table) for table in TABLES):  # none: a page of zeros
                return salvage_tables(source, db, TABLES, garbled=garbled)
    except (apsw.Error, StorageError, OSError) as error:
        _log.warning("%s opens with no list of tables: %s", damaged.name, type(error).__name__)
    with contextlib.suppress(apsw.Error, StorageError, OSError):
        salvage_pages(damaged, db, _TELLING)
    return tuple(SalvagedTable(name, 0, is_whole=False) for name in TABLES)


def _complete(db: apsw.Connection, backups: Path, read: tuple[SalvagedTable, ...]) -> date | None:
    """Add from the newest backup what the damaged tables had; return its day.

    What is damaged in that one, too, comes from an older one.
    """
    lost = {table.name for table in read if not table.is_whole}
    day = None
    for path, backup in try_backups(list_backups(backups)):
        tables = [name for name in TABLES if name in lost]
        try:
            copied = salvage_tables(backup, db, tables)
        except apsw.Error:
            continue
        day = day or backup_day(path)
        lost = {table.name for table in copied if not table.is_whole}
        if not lost:
            break
    return day


def _remake_chats(db: apsw.Connection) -> None:
    """Make a chat anew of turns whose place in the list of chats is lost: only its title is."""
    for chat_id, created, updated, leaf_id in db.execute(
        "SELECT chat_id, min(created), max(created), max(turn_id) FROM turns"
        " WHERE chat_id NOT IN (SELECT chat_id FROM chats) GROUP BY chat_id"
    ).fetchall():
        question = db.execute(
            "SELECT text FROM turns WHERE chat_id = ? AND role = ? ORDER BY turn_id LIMIT 1",
            (chat_id, Role.USER),
        ).fetchone()
        title = title_from_question(str(question[0])) if question else ""
        db.execute(
            "INSERT INTO chats (chat_id, title, created, updated, leaf_id) VALUES (?, ?, ?, ?, ?)",
            (chat_id, title, created, updated, leaf_id),
        )


def _drop_orphans(db: apsw.Connection) -> None:
    """Delete what belongs to nothing, and let turns and chats point at turns that are there."""
    for table in ("turns", "summaries"):
        db.execute(f"DELETE FROM {table} WHERE chat_id NOT IN (SELECT chat_id FROM chats)")  # noqa: S608
    for table in _OF_ANSWERS:
        db.execute(f"DELETE FROM {table} WHERE turn_id NOT IN (SELECT turn_id FROM turns)")  # noqa: S608
    db.execute(
        """UPDATE turns SET parent_id = (
               SELECT max(before.turn_id) FROM turns before
               WHERE before.chat_id = turns.chat_id AND before.turn_id < turns.turn_id
           ) WHERE parent_id IS NOT NULL AND parent_id NOT IN (SELECT turn_id FROM turns)"""
    )
    db.execute(
        """UPDATE chats SET leaf_id = (
               SELECT max(turn_id) FROM turns WHERE turns.chat_id = chats.chat_id
           ) WHERE leaf_id IS NOT NULL AND leaf_id NOT IN (SELECT turn_id FROM turns)"""
    )
    db.execute(
        "UPDATE chats SET group_id = NULL WHERE group_id NOT IN (SELECT group_id FROM groups)"
    )


def _count(db: apsw.Connection) -> int:
    (count,) = db.execute("SELECT count(*) FROM chats").fetchone() or (0,)
    return int(count)
