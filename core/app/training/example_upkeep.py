"""Example upkeep: what trainings keep of chats is erased when these are deleted for good."""

import contextlib

from core.app.events.app_events import AppEvent, ChatsChanged
from core.app.training.training_service import TrainingService
from core.base.errors import InglenookError
from core.chat.store.chat_database import ChatDatabase


class ExampleUpkeep:
    """Belongs to the thread of the application, and listens to its events."""

    def __init__(self, chats: ChatDatabase, training: TrainingService) -> None:
        self._chats = chats
        self._training = training
        # Look once at each start: a kill may have come between a deletion and this. After damage
        # chats are missing that nobody deleted.
        self._seen = chats.deletions if chats.was_damaged else -1

    def on_app_event(self, event: AppEvent) -> None:
        """Look after each change of the chats."""
        if isinstance(event, ChatsChanged):
            self.forget_deleted_chats()

    def forget_deleted_chats(self) -> None:
        """Erase what is of chats that were deleted since the last time, or before this start."""
        if self._chats.deletions == self._seen:
            return
        with contextlib.suppress(InglenookError, OSError):  # a full disk: with the next deletion
            self._training.forget_chats(self._chats.chat_ids())
            self._seen = self._chats.deletions
