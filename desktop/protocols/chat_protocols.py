"""Protocols of the services for chats and turns, as the window calls them."""

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from core.app.chats.comparison_service import Contestant
from core.app.chats.turn_service import AnswerDetails
from core.app.events.app_events import AnswerStarted
from core.chat.conversations.chat_style import DEFAULT_CHAT_STYLE, ChatStyle
from core.chat.conversations.conversation import ChatListEntry, Conversation, Turn
from core.chat.conversations.turn_tree import TurnRemoval
from core.chat.export.chat_export import ExportFormat
from core.chat.prompts.prompt_library import Prompt
from core.chat.store.chat_organizer import ChatGroup
from core.chat.store.chat_search import ChatHit
from core.chat.store.draft_store import MessageDraft


class DraftCalls(Protocol):
    """What was typed and not sent; the id of a chat that isn't saved yet is empty."""

    def get_draft(self, chat_id: str) -> MessageDraft:
        """Return a chat's draft."""

    def save_draft(self, chat_id: str, draft: MessageDraft) -> None:
        """Keep a chat's draft. Raises StorageError."""


class PromptCalls(Protocol):
    """The prompts a person keeps, and those that ship."""

    def list_prompts(self) -> tuple[Prompt, ...]:
        """Return them by command."""

    def save_prompt(self, prompt: Prompt) -> Prompt:
        """Keep one. Raises StorageError."""

    def remove_prompt(self, prompt_id: str) -> None:
        """Forget one. Raises StorageError."""


class ChatSearchCalls(Protocol):
    """The words of all chats."""

    def find_hits(self, query: str) -> tuple[ChatHit, ...]:
        """Return the places that hold every word, those of one chat together."""


class ChatOrganizerCalls(Protocol):
    """The arrangement of the list; ChatsChanged follows. Each change may raise StorageError."""

    def list_trashed_chats(self) -> tuple[ChatListEntry, ...]:
        """Return what is in the trash."""

    def list_groups(self) -> tuple[ChatGroup, ...]:
        """Return all groups, by name."""

    def pin_chat(self, chat_id: str, *, pinned: bool) -> None:
        """Keep a chat on top."""

    def move_to_group(self, chat_id: str, group_id: str) -> None:
        """Put a chat into a group, "" takes it out."""

    def add_group(self, name: str) -> ChatGroup:
        """Make a group."""

    def rename_group(self, group_id: str, name: str) -> None:
        """Rename a group."""

    def remove_group(self, group_id: str) -> None:
        """Remove a group; its chats stay."""


class ChatServiceCalls(Protocol):
    """What is done with whole chats; each change may raise StorageError."""

    def load_chat(self, chat_id: str) -> Conversation:
        """Return a chat, a temporary one too."""

    def is_temporary(self, chat_id: str) -> bool:
        """Whether nothing of it may reach the disk."""

    def rename_chat(self, chat_id: str, title: str) -> None:
        """Give a chat another title."""

    def set_chat_style(self, chat_id: str, chat_style: ChatStyle) -> None:
        """Answer the next questions in another manner."""

    def trash_chat(self, chat_id: str) -> None:
        """Put a chat into the trash."""

    def restore_chat(self, chat_id: str) -> None:
        """Take a chat out of the trash."""

    def delete_chat(self, chat_id: str) -> None:
        """Delete a chat for good."""

    def save_temporary_chat(self, chat_id: str) -> None:
        """Save a temporary chat."""

    def export_chats(
        self, chat_ids: Sequence[str], form: ExportFormat, path: Path, *, sources: bool = True
    ) -> None:
        """Write chats to a file."""

    def import_chats(self, path: Path) -> tuple[Conversation, ...]:
        """Take in a file of chats."""


class ComparisonCalls(Protocol):
    """One question to several contestants."""

    def is_copy(self, chat_id: str) -> bool:
        """Whether a chat is, or was, there for a comparison alone."""

    def start_comparison(
        self,
        text: str,
        contestants: Sequence[Contestant],
        *,
        chat_id: str = "",
        folder_ids: tuple[str, ...] = (),
        files: tuple[str, ...] = (),
        chat_style: ChatStyle = DEFAULT_CHAT_STYLE,
    ) -> tuple[AnswerStarted, ...]:
        """Ask all of them, each in a temporary chat. Raises InglenookError."""

    def keep_answer(
        self, better: str, others: Sequence[str], *, chat_id: str = "", temporary: bool = False
    ) -> str:
        """Add the better answer to a chat and forget the others; returns the chat's id."""

    def discard_copies(self, chat_ids: Sequence[str]) -> None:
        """Forget them."""


class TurnCalls(Protocol):
    """What is asked about turns; a call that raises InglenookError has changed nothing."""

    def regenerate_answer(
        self, chat_id: str, turn_id: str, *, folder_ids: tuple[str, ...] = (), when_full: str = ""
    ) -> AnswerStarted:
        """Answer the question of an answer once more."""

    def continue_answer(self, chat_id: str, turn_id: str) -> AnswerStarted:
        """Let the model go on with an answer."""

    def edit_question(
        self, chat_id: str, turn_id: str, text: str, *, folder_ids: tuple[str, ...] = ()
    ) -> AnswerStarted:
        """Ask in other words."""

    def edit_answer(self, chat_id: str, turn_id: str, text: str) -> Turn:
        """Put another wording beside an answer."""

    def show_version(self, chat_id: str, turn_id: str, by: int) -> None:
        """Show another version."""

    def branch_chat(self, chat_id: str, turn_id: str) -> str:
        """Copy what leads to a turn to a new chat; return its id."""

    def delete_turn(self, chat_id: str, turn_id: str) -> TurnRemoval:
        """Delete a turn."""

    def restore_turn(self, removed: TurnRemoval) -> None:
        """Take a deletion back."""

    def rate_answer(self, chat_id: str, turn_id: str, rating: int, note: str = "") -> None:
        """Keep what the person thinks of an answer."""

    def answer_details(self, chat_id: str, turn_id: str) -> AnswerDetails:
        """Return all that is known of an answer."""
