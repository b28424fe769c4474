"""How the list of chats is arranged, for a front end: what is changed is told as ChatsChanged."""

from collections.abc import Callable

from core.app.events import AppEvent, ChatsChanged
from core.chat.arranging import Arrangement, Group
from core.chat.conversation import ChatSummary


class ArrangingDesk:
    """Every call that writes raises StorageError when the disk refuses."""

    def __init__(self, arrangement: Arrangement, emit: Callable[[AppEvent], None]) -> None:
        self._arrangement = arrangement
        self._emit = emit

    def trashed(self) -> tuple[ChatSummary, ...]:
        """Return what is in the trash, the latest first."""
        return self._arrangement.list(trashed=True)

    def groups(self) -> tuple[Group, ...]:
        """Return all groups, by name."""
        return self._arrangement.groups()

    def pin(self, chat_id: str, *, pinned: bool) -> None:
        """Keep a chat on top of the list, or no longer."""
        self._arrangement.pin(chat_id, pinned=pinned)
        self._emit(ChatsChanged())

    def move(self, chat_id: str, group_id: str) -> None:
        """Put a chat into a group, "" takes it out of its own."""
        self._arrangement.move(chat_id, group_id)
        self._emit(ChatsChanged())

    def add_group(self, name: str) -> Group:
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
