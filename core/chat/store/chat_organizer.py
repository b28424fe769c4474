"""Chat organizer: pins, groups and the trash of the chat list."""

from collections.abc import Iterable

import apsw
import uuid_utils
from msgspec import Struct

from core.base.clock import WallClock
from core.base.database import Migration, transaction
from core.chat.conversations.conversation import ChatListEntry
from core.chat.store.chat_repair import read_repaired

MIGRATIONS: tuple[Migration, ...] = (
    (
        "2026-11-arranging",
        """
        CREATE TABLE groups (
            group_id TEXT PRIMARY KEY,
            name TEXT NOT NULL
        ) STRICT;
        ALTER TABLE chats ADD COLUMN group_id TEXT REFERENCES groups ON DELETE SET NULL;
        ALTER TABLE chats ADD COLUMN pinned INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE chats ADD COLUMN trashed REAL;
        ALTER TABLE chats ADD COLUMN titled_by TEXT NOT NULL DEFAULT 'rules';
        ALTER TABLE chats ADD COLUMN manner TEXT NOT NULL DEFAULT '{}';
        CREATE INDEX chats_of_group ON chats (group_id);
        """,
    ),
)
TRASH_SECONDS = 30 * 86_400.0
"""Seconds after which chats in the trash are deleted."""


class ChatGroup(Struct, frozen=True, kw_only=True):
    """A named group of chats in the list."""

    group_id: str
    name: str


class ChatOrganizer:
    """Part of `ChatDatabase`, on its thread; each call is one transaction."""

    def __init__(self, db: apsw.Connection, clock: WallClock) -> None:
        self._db = db
        self._clock = clock

    def list_chats(self, *, trashed: bool = False) -> tuple[ChatListEntry, ...]:
        """Return the chats that are not in the trash, or those that are; the latest first."""
        order = "trashed DESC" if trashed else "updated DESC"
        rows = self._db.execute(
            f"""SELECT chat_id, title, created, updated,
                       (SELECT count(*) FROM turns WHERE turns.chat_id = chats.chat_id),
                       pinned, coalesce(group_id, ''), coalesce(trashed, 0)
                FROM chats WHERE (trashed IS NOT NULL) = ? ORDER BY {order}, chat_id DESC""",  # noqa: S608 - one of two words of this function
            (trashed,),
        )
        return tuple(
            ChatListEntry(
                chat_id=row[0],
                title=row[1],
                created=row[2],
                updated=row[3],
                turns=row[4],
                pinned=bool(row[5]),
                group_id=row[6],
                trashed=row[7],
            )
            for row in rows
        )

    def pin_chat(self, chat_id: str, *, pinned: bool) -> None:
        """Keep a chat on top of the list, or no longer."""
        self._change("pinned = ?", int(pinned), chat_id)

    def move_to_group(self, chat_id: str, group_id: str) -> None:
        """Put a chat into a group, "" takes it out of its own.

        It is pinned no longer then, since a pinned chat is listed among those alone.
        """
        unpinned = ", pinned = 0" if group_id else ""
        self._change(f"group_id = ?{unpinned}", group_id or None, chat_id)

    def trash_chat(self, chat_id: str) -> None:
        """Move a chat to the trash; it is deleted after TRASH_SECONDS."""
        self._change("trashed = ?", self._clock(), chat_id)

    def restore_chat(self, chat_id: str) -> None:
        """Take a chat out of the trash."""
        self._change("trashed = ?", None, chat_id)

    def expired_chat_ids(self) -> tuple[str, ...]:
        """Return the ids of chats that were in the trash for TRASH_SECONDS."""
        before = self._clock() - TRASH_SECONDS
        rows = self._db.execute("SELECT chat_id FROM chats WHERE trashed < ?", (before,))
        return tuple(str(row[0]) for row in rows)

    def list_groups(self) -> tuple[ChatGroup, ...]:
        """Return all groups, by name."""
        return read_repaired(self._db, self._read_groups)

    def _read_groups(self) -> tuple[ChatGroup, ...]:
        rows: Iterable[tuple[str, str]] = self._db.execute("SELECT group_id, name FROM groups")
        groups = [ChatGroup(group_id=group_id, name=name) for group_id, name in rows]
        return tuple(sorted(groups, key=lambda group: (group.name.casefold(), group.group_id)))

    def add_group(self, name: str) -> ChatGroup:
        """Add a group, or return the one that has the name already."""
        for group in self.list_groups():
            if group.name.casefold() == name.casefold():
                return group
        made = ChatGroup(group_id=str(uuid_utils.uuid7()), name=name)
        with transaction(self._db):
            self._db.execute("INSERT INTO groups VALUES (?, ?)", (made.group_id, made.name))
        return made

    def rename_group(self, group_id: str, name: str) -> None:
        """Give a group another name."""
        with transaction(self._db):
            self._db.execute("UPDATE groups SET name = ? WHERE group_id = ?", (name, group_id))

    def remove_group(self, group_id: str) -> None:
        """Remove a group; its chats stay in the list."""
        with transaction(self._db):
            self._db.execute("DELETE FROM groups WHERE group_id = ?", (group_id,))

    def _change(self, change: str, value: float | str | None, chat_id: str) -> None:
        with transaction(self._db):
            self._db.execute(f"UPDATE chats SET {change} WHERE chat_id = ?", (value, chat_id))  # noqa: S608 - `change` stands in this file
