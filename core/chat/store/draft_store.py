"""Draft store: text that was typed but not sent yet, for each chat and each new one."""

import time
from collections.abc import Iterator
from itertools import chain, count

import apsw
from msgspec import Struct

from core.base.database import Migration, transaction
from core.chat.conversations.chat_style import DEFAULT_CHAT_STYLE, ChatStyle
from core.chat.store.chat_repair import read_repaired
from core.chat.store.json_fields import DRAFT_FILES, DRAFT_STYLE

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
    ("2026-12-draft-styles", "ALTER TABLE drafts ADD COLUMN chat_style TEXT NOT NULL DEFAULT ''"),
)
UNSAVED_CHAT_ID = ""
"""Id of a chat that isn't saved yet."""
_MORE_UNSAVED = "new-"
"""Begins the ids under which further new chats, of other windows, keep their drafts."""


class MessageDraft(Struct, frozen=True):
    """A text, and absolute paths of the files that the question is about.

    `chat_style` is that of a new chat; a saved one has its own.
    """

    text: str = ""
    files: tuple[str, ...] = ()
    chat_style: ChatStyle = DEFAULT_CHAT_STYLE


NO_DRAFT = MessageDraft()


class MessageDraftStore:
    """Part of `ChatDatabase`. Each window's new chat keeps its draft under an id of its own.

    Drafts of temporary chats must not be saved here: the caller keeps them in memory.
    """

    def __init__(self, db: apsw.Connection) -> None:
        self._db = db
        self._taken: set[str] = set()

    def take_new_chat(self, held: str | None) -> str:
        """Return an id for the draft of a new chat, which nobody else gets until it is released.

        That is the one `held` before, unless it is empty. What was left in a new chat that is shown
        nowhere comes first.
        """
        if held is not None and self.get_draft(held) != NO_DRAFT:
            return held
        self.release_new_chat(held)
        left = self._db.execute(
            "SELECT chat_id FROM drafts WHERE chat_id = ?1 OR chat_id GLOB ?2 || '*'"
            " ORDER BY saved",
            (UNSAVED_CHAT_ID, _MORE_UNSAVED),
        )
        ids = chain([str(row[0]) for row in left], _new_chat_ids())
        return self._take(next(each for each in ids if each not in self._taken))

    def take_empty_new_chat(self, held: str | None) -> str:
        """Return an id for the draft of a new chat in which nothing was left, as `take_new_chat`.

        The one `held` before is released.
        """
        self.release_new_chat(held)
        free = (each for each in _new_chat_ids() if each not in self._taken)
        return self._take(next(each for each in free if self.get_draft(each) == NO_DRAFT))

    def _take(self, draft_id: str) -> str:
        self._taken.add(draft_id)
        return draft_id

    def release_new_chat(self, held: str | None) -> None:
        """Let the draft of a new chat be shown elsewhere."""
        if held is not None:
            self._taken.discard(held)

    def get_draft(self, chat_id: str) -> MessageDraft:
        """Return what was typed in a chat."""
        return read_repaired(self._db, lambda: self._read_draft(chat_id))

    def _read_draft(self, chat_id: str) -> MessageDraft:
        row = self._db.execute(
            "SELECT text, files, chat_style FROM drafts WHERE chat_id = ?", (chat_id,)
        ).fetchone()
        if row is None:
            return NO_DRAFT
        return MessageDraft(
            row[0], DRAFT_FILES.decode_value(row[1]), DRAFT_STYLE.decode_value(row[2])
        )

    def attached_paths(self) -> set[str]:
        """Return the paths of all files that drafts name."""
        rows = self._db.execute("SELECT files FROM drafts")
        return {path for row in rows for path in DRAFT_FILES.decode_value(row[0])}

    def save_draft(self, chat_id: str, draft: MessageDraft) -> None:
        """Save a draft, or delete it if it is empty. Raises StorageError."""
        if draft == self.get_draft(chat_id):
            return
        with transaction(self._db):
            self._db.execute("DELETE FROM drafts WHERE chat_id = ?", (chat_id,))
            if draft != NO_DRAFT:
                files = DRAFT_FILES.encode_value(draft.files)
                has_style = draft.chat_style != DEFAULT_CHAT_STYLE
                style = DRAFT_STYLE.encode_value(draft.chat_style) if has_style else ""
                self._db.execute(
                    "INSERT INTO drafts (chat_id, text, files, saved, chat_style)"
                    " VALUES (?, ?, ?, ?, ?)",
                    (chat_id, draft.text, files, time.time(), style),
                )


def _new_chat_ids() -> Iterator[str]:
    yield UNSAVED_CHAT_ID
    for number in count(2):
        yield f"{_MORE_UNSAVED}{number}"
