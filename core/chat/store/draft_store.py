"""Draft store: what was typed and not sent yet, for each chat."""

import time

import apsw
import msgspec
from msgspec import Struct

from core.base.database import Migration, transaction

MIGRATIONS: tuple[Migration, ...] = (
    (
        "2026-11-drafts",
        """
        CREATE TABLE drafts (
            chat_id TEXT PRIMARY KEY,
            text TEXT NOT NULL,
            files TEXT NOT NULL,
            saved REAL NOT NULL
        ) STRICT;
        CREATE TRIGGER draft_of_deleted_chat AFTER DELETE ON chats BEGIN
            DELETE FROM drafts WHERE chat_id = OLD.chat_id;
        END;
        """,
    ),
)


class MessageDraft(Struct, frozen=True):
    """A text, and absolute paths of the files it is to be asked of."""

    text: str = ""
    files: tuple[str, ...] = ()


NO_DRAFT = MessageDraft()


class MessageDraftStore:
    """By chat id; the id of a chat that isn't saved yet is empty. Over the connection of `Chats`.

    Temporary chats have no place here: whoever calls keeps theirs in memory.
    """

    def __init__(self, db: apsw.Connection) -> None:
        self._db = db

    def get_draft(self, chat_id: str) -> MessageDraft:
        """Return what was typed in a chat."""
        row = self._db.execute(
            "SELECT text, files FROM drafts WHERE chat_id = ?", (chat_id,)
        ).fetchone()
        if row is None:
            return NO_DRAFT
        return MessageDraft(row[0], tuple(msgspec.json.decode(row[1], type=list[str])))

    def save_draft(self, chat_id: str, draft: MessageDraft) -> None:
        """Keep a draft, an empty one by forgetting it. Raises StorageError."""
        if draft == self.get_draft(chat_id):
            return
        with transaction(self._db):
            self._db.execute("DELETE FROM drafts WHERE chat_id = ?", (chat_id,))
            if draft != NO_DRAFT:
                files = msgspec.json.encode(draft.files).decode()
                self._db.execute(
                    "INSERT INTO drafts VALUES (?, ?, ?, ?)",
                    (chat_id, draft.text, files, time.time()),
                )
