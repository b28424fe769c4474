"""Chat database: the chats of one root in chats.db, saved as they happen."""

import contextlib
import time
from collections.abc import Callable, Iterable
from pathlib import Path

import uuid_utils

from core.base.clock import WallClock
from core.base.database import Migration, empty_log, transaction
from core.base.errors import ErrorCode, StorageError
from core.chat.conversations.chat_style import DEFAULT_CHAT_STYLE, ChatStyle
from core.chat.conversations.conversation import ChatListEntry, Conversation, Turn, TurnState
from core.chat.prompts import prompt_library
from core.chat.prompts.prompt_library import PromptLibrary
from core.chat.store import (
    answer_keys,
    answer_rows,
    chat_organizer,
    chat_search,
    digest_store,
    draft_store,
    edit_store,
    turn_rows,
    wrong_source_store,
)
from core.chat.store.answer_keys import AnswerKeyStore
from core.chat.store.branch_store import BranchStore
from core.chat.store.chat_backups import remove_backups
from core.chat.store.chat_organizer import ChatOrganizer
from core.chat.store.chat_repair import read_repaired
from core.chat.store.chat_salvage import open_chat_database
from core.chat.store.chat_search import ChatSearch, with_word_index
from core.chat.store.conversation_rows import (
    insert_conversation,
    load_conversation,
    write_conversation,
)
from core.chat.store.digest_store import DigestStore
from core.chat.store.draft_store import MessageDraftStore
from core.chat.store.edit_store import EditStore
from core.chat.store.history_store import HistoryStore
from core.chat.store.json_fields import CHAT_STYLE
from core.chat.store.wrong_source_store import WrongSourceStore

MIGRATIONS: tuple[Migration, ...] = (
    *turn_rows.MIGRATIONS,
    *answer_rows.MIGRATIONS,
    *chat_organizer.MIGRATIONS,
    *chat_search.MIGRATIONS,
    *draft_store.MIGRATIONS,
    *prompt_library.MIGRATIONS,
    *wrong_source_store.MIGRATIONS,
    *answer_keys.MIGRATIONS,
    *digest_store.MIGRATIONS,
    *edit_store.MIGRATIONS,
)

_ANSWERS_LOOKED_AT = 500
"""Answers among which the models used last are looked for."""


def _unheard(error: StorageError) -> None:
    """Take a report of damage that nobody asked for; the log has it."""


def new_id() -> str:
    """Return a fresh UUIDv7, whose text sorts by time."""
    return str(uuid_utils.uuid7())


class ChatDatabase:
    """Saves and loads conversations. One thread uses it; each call is one transaction."""

    def __init__(
        self,
        path: Path,
        backups: Path,
        on_damage: Callable[[StorageError], None] | None = None,
        clock: WallClock = time.time,
    ) -> None:
        self._clock = clock
        self._path, self._backups = path, backups
        damage: list[StorageError] = []
        self._db = open_chat_database(path, MIGRATIONS, backups, damage.append)
        self.was_damaged = bool(damage)
        """Whether the file was found damaged just now: its chats may not all be back."""
        self.deletions = 0
        """How many chats were deleted: a copy that was begun before holds them."""
        for error in damage:
            (on_damage or _unheard)(error)
        self.organizer = ChatOrganizer(self._db, clock)
        self.branches = BranchStore(self._db)
        self.drafts = MessageDraftStore(self._db)
        self.edits = EditStore(self._db)
        self.prompts = PromptLibrary(self._db)
        self.search = ChatSearch(self._db)
        self.wrong_sources = WrongSourceStore(self._db, clock)
        self.answer_keys = AnswerKeyStore(self._db)
        self.digests = DigestStore(self._db, clock)
        self.history = HistoryStore(self._db)
        with_word_index(self._db, self._mark_interrupted)

    def close(self) -> None:
        """Close the database."""
        self._db.close()

    def list_chats(self) -> tuple[ChatListEntry, ...]:
        """Return all chats that are not in the trash, the one used last first."""
        return read_repaired(self._db, self.organizer.list_chats)

    def recent_models(self, count: int) -> tuple[str, ...]:
        """Return the models of the latest answers by name, each once, the one used last first."""
        rows = self._db.execute(
            "SELECT model FROM turns WHERE model != '' ORDER BY turn_id DESC LIMIT ?",
            (_ANSWERS_LOOKED_AT,),
        )
        return tuple(dict.fromkeys(str(row[0]) for row in rows))[:count]

    def attached_paths(self, chat_id: str | None = None) -> frozenset[str]:
        """Return the paths of all files that drafts and the sources of answers name.

        With a chat, those of its answers and of its draft.
        """

        def read() -> frozenset[str]:
            rows = self._db.execute(
                "SELECT DISTINCT path FROM sources WHERE folder_id = '' AND (?1 IS NULL"
                " OR turn_id IN (SELECT turn_id FROM turns WHERE chat_id = ?1))",
                (chat_id,),
            )
            if chat_id is None:
                drafted = self.drafts.attached_paths()
            else:
                drafted = set(self.drafts.get_draft(chat_id).files)
            return frozenset({str(row[0]) for row in rows} | drafted)

        return read_repaired(self._db, read)

    def resolve_chat_id(self, prefix: str) -> str:
        """Return the one chat id that begins with `prefix`.

        Raises StorageError: CHAT_UNKNOWN, or CHAT_AMBIGUOUS for several.
        """
        matches = [chat_id for chat_id in self.chat_ids() if prefix and chat_id.startswith(prefix)]
        if len(matches) > 1 and prefix not in matches:
            raise StorageError(ErrorCode.CHAT_AMBIGUOUS, ref=prefix, count=str(len(matches)))
        if prefix in matches:
            return prefix
        if not matches:
            raise StorageError(ErrorCode.CHAT_UNKNOWN, ref=prefix)
        return matches[0]

    def chat_ids(self) -> frozenset[str]:
        """Return the ids of all chats, those in the trash too."""
        return frozenset(str(row[0]) for row in self._db.execute("SELECT chat_id FROM chats"))

    def load_conversation(self, chat_id: str) -> Conversation:
        """Return a whole conversation. Raises StorageError: CHAT_UNKNOWN or CHAT_DAMAGED."""
        return load_conversation(self._db, chat_id)

    def new_conversation(
        self, title: str, folder_ids: Iterable[str] = (), chat_style: ChatStyle = DEFAULT_CHAT_STYLE
    ) -> Conversation:
        """Return an empty conversation; nothing is written before its first turn."""
        now = self._clock()
        return Conversation(
            chat_id=new_id(),
            title=title,
            created=now,
            updated=now,
            turns={},
            folder_ids=tuple(folder_ids),
            chat_style=chat_style,
        )

    def save_turns(self, conversation: Conversation, turns: Iterable[Turn]) -> None:
        """Write the chat's own row and these of its turns. Raises StorageError(DISK_FULL).

        Title and style are written with the first turn; later they change by their own calls.
        The conversation's leaf is shown from then on if it is new; writing it again does not change
        what is shown, as several answers to one question are written alternately.
        """
        kept, now = tuple(turns), self._clock()
        with_word_index(self._db, lambda: write_conversation(self._db, conversation, kept, now))

    def save_partial_answer(self, turn_id: str, raw: str, thinking: str = "") -> None:
        """Write what a streaming answer has so far; cheap enough for a call each second."""
        with transaction(self._db):
            self._db.execute(
                "UPDATE turns SET text = ?, raw = ?, thinking = ? WHERE turn_id = ?",
                (raw, raw, thinking, turn_id),
            )

    def import_conversations(self, conversations: Iterable[Conversation]) -> None:
        """Write conversations with new ids, all or none. Raises StorageError."""
        with transaction(self._db):
            for chat in conversations:
                insert_conversation(self._db, chat)

    def rename_chat(self, chat_id: str, title: str) -> None:
        """Give a chat another title, which the model never replaces."""
        self._set("title = ?, titled_by = 'person'", title, chat_id)

    def suggest_title(self, chat_id: str, title: str, *, is_default: bool = False) -> None:
        """Give a chat the model's title, or another default one, unless a person gave it one."""
        by = "rules" if is_default else "model"
        self._set(f"title = ?, titled_by = '{by}'", title, chat_id, "AND titled_by <> 'person'")

    def has_default_title(self, chat_id: str) -> bool:
        """Whether a chat's title is still the start of a question in it."""
        found = self._db.execute(
            "SELECT 1 FROM chats WHERE chat_id = ? AND titled_by = 'rules'", (chat_id,)
        )
        return found.fetchone() is not None

    def set_chat_style(self, chat_id: str, chat_style: ChatStyle) -> None:
        """Answer the next questions of a chat in another style."""
        self._set("manner = ?", CHAT_STYLE.encode_value(chat_style), chat_id)

    def delete_chat(self, chat_id: str) -> None:
        """Delete a chat and every copy of a passage in it."""

        def delete() -> None:
            with transaction(self._db):
                self._db.execute("DELETE FROM chats WHERE chat_id = ?", (chat_id,))

        remove_backups(self._path, self._backups)  # first: after a kill nobody would look for them
        with_word_index(self._db, delete)
        self.deletions += 1
        self.erase_traces()

    def erase_traces(self) -> None:
        """Empty the log, which holds what was deleted or written over, if anything is in it.

        To be called while idle, too: a backup that reads just now keeps the log as it is.
        """
        with contextlib.suppress(OSError):
            if self._path.with_name(f"{self._path.name}-wal").stat().st_size:
                empty_log(self._db)

    def _set(self, change: str, value: str, chat_id: str, where: str = "") -> None:
        with transaction(self._db):
            self._db.execute(
                f"UPDATE chats SET {change} WHERE chat_id = ? {where}",  # noqa: S608 - both stand in this file
                (value, chat_id),
            )

    def _mark_interrupted(self) -> None:
        """Mark answers as interrupted that were still streaming when the program ended."""
        with transaction(self._db):
            self._db.execute(
                "UPDATE turns SET state = ? WHERE state = ?",
                (TurnState.INTERRUPTED, TurnState.STREAMING),
            )
