"""The calls the window makes about chats as a whole, as types: `core.app` has them, and a fake."""

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from core.app.comparing import Contestant
from core.app.events import AnswerStarted
from core.chat.arranging import Group
from core.chat.conversation import ChatSummary, Conversation
from core.chat.export import Format
from core.chat.kept_drafts import Draft
from core.chat.manner import AS_SET, Manner
from core.chat.prompts import Prompt
from core.chat.searching import ChatHit


class DraftStore(Protocol):
    """What was typed and not sent; the id of a chat that isn't saved yet is empty."""

    def get(self, chat_id: str) -> Draft:
        """Return a chat's draft."""

    def put(self, chat_id: str, draft: Draft) -> None:
        """Keep a chat's draft. Raises StorageError."""


class PromptStore(Protocol):
    """The prompts a person keeps, and those that ship."""

    def all(self) -> tuple[Prompt, ...]:
        """Return them by command."""

    def save(self, prompt: Prompt) -> Prompt:
        """Keep one. Raises StorageError."""

    def remove(self, prompt_id: str) -> None:
        """Forget one. Raises StorageError."""


class SearchStore(Protocol):
    """The words of all chats."""

    def find(self, query: str) -> tuple[ChatHit, ...]:
        """Return the places that hold every word, those of one chat together."""


class ArrangingCalls(Protocol):
    """The arrangement of the list; ChatsChanged follows. Each change may raise StorageError."""

    def trashed(self) -> tuple[ChatSummary, ...]:
        """Return what is in the trash."""

    def groups(self) -> tuple[Group, ...]:
        """Return all groups, by name."""

    def pin(self, chat_id: str, *, pinned: bool) -> None:
        """Keep a chat on top."""

    def move(self, chat_id: str, group_id: str) -> None:
        """Put a chat into a group, "" takes it out."""

    def add_group(self, name: str) -> Group:
        """Make a group."""

    def rename_group(self, group_id: str, name: str) -> None:
        """Rename a group."""

    def remove_group(self, group_id: str) -> None:
        """Remove a group; its chats stay."""


class ChatDeskCalls(Protocol):
    """What is done with whole chats; each change may raise StorageError."""

    def load(self, chat_id: str) -> Conversation:
        """Return a chat, a temporary one too."""

    def is_temporary(self, chat_id: str) -> bool:
        """Whether nothing of it may reach the disk."""

    def rename(self, chat_id: str, title: str) -> None:
        """Give a chat another title."""

    def set_manner(self, chat_id: str, manner: Manner) -> None:
        """Answer the next questions in another manner."""

    def trash(self, chat_id: str) -> None:
        """Put a chat into the trash."""

    def restore(self, chat_id: str) -> None:
        """Take a chat out of the trash."""

    def delete(self, chat_id: str) -> None:
        """Delete a chat for good."""

    def keep(self, chat_id: str) -> None:
        """Save a temporary chat."""

    def export(
        self, chat_ids: Sequence[str], form: Format, path: Path, *, sources: bool = True
    ) -> None:
        """Write chats to a file."""

    def take_in(self, path: Path) -> tuple[Conversation, ...]:
        """Take in a file of chats."""


class ComparisonCalls(Protocol):
    """One question to several contestants."""

    def is_copy(self, chat_id: str) -> bool:
        """Whether a chat is, or was, there for a comparison alone."""

    def begin(
        self,
        text: str,
        contestants: Sequence[Contestant],
        *,
        chat_id: str = "",
        folder_ids: tuple[str, ...] = (),
        files: tuple[str, ...] = (),
        manner: Manner = AS_SET,
    ) -> tuple[AnswerStarted, ...]:
        """Ask all of them, each in a temporary chat. Raises InglenookError."""

    def keep(
        self, better: str, others: Sequence[str], *, chat_id: str = "", temporary: bool = False
    ) -> str:
        """Add the better answer to a chat and forget the others; returns the chat's id."""

    def drop(self, chat_ids: Sequence[str]) -> None:
        """Forget them."""
