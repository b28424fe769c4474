"""Draft store: text that was typed but not sent yet, for each chat."""

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
    """A text, and absolute paths of the files that the question is about."""

    text: str = ""
    files: tuple[str, ...] = ()


NO_DRAFT = MessageDraft()


class MessageDraftStore:
    """Part of `ChatDatabase`. A chat that isn't saved yet has the id "".

    Drafts of temporary chats must not be saved here: the caller keeps them in memory.
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

    def attached_paths(self) -> set[str]:
        """Return the paths of all files that drafts name."""
        rows = self._db.execute("SELECT files FROM drafts")
        return {path for row in rows for path in msgspec.json.decode(row[0], type=list[str])}

    def save_draft(self, chat_id: str, draft: MessageDraft) -> None:
        """Save a draft, or delete it if it is empty. Raises StorageError."""
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
