"""Chat list operations: pinned chats, groups and the trash."""

from collections.abc import Callable

from core.app.events.app_events import AppEvent, ChatsChanged
from core.chat.conversations.conversation import ChatListEntry
from core.chat.store.chat_organizer import ChatGroup, ChatOrganizer


class ChatOrganizerService:
    """Every call that writes raises StorageError when the disk refuses."""

    def __init__(self, arrangement: ChatOrganizer, emit: Callable[[AppEvent], None]) -> None:
        self._arrangement = arrangement
        self._emit = emit

    def list_trashed_chats(self) -> tuple[ChatListEntry, ...]:
        """Return what is in the trash, the latest first."""
        return self._arrangement.list_chats(trashed=True)

    def list_groups(self) -> tuple[ChatGroup, ...]:
        """Return all groups, by name."""
        return self._arrangement.list_groups()

    def pin_chat(self, chat_id: str, *, pinned: bool) -> None:
        """Keep a chat on top of the list, or no longer."""
        self._arrangement.pin_chat(chat_id, pinned=pinned)
        self._emit(ChatsChanged())

    def move_to_group(self, chat_id: str, group_id: str) -> None:
        """Put a chat into a group, "" takes it out of its own."""
        self._arrangement.move_to_group(chat_id, group_id)
        self._emit(ChatsChanged())

    def add_group(self, name: str) -> ChatGroup:
        """Make a group, or return the one of that name."""
        group = self._arrangement.add_group(name)
        self._emit(ChatsChanged())
        return group

    def rename_group(self, group_id: str, name: str) -> None:
        """Give a group another name."""
        self._arrangement.rename_group(group_id, name)
        self._emit(ChatsChanged())

    def remove_group(self, group_id: str) -> None:
        """Remove a group; its chats stay."""
        self._arrangement.remove_group(group_id)
        self._emit(ChatsChanged())
