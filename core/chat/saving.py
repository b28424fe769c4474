"""Turns on their way to disk: what could not be saved is kept and tried again."""

from collections.abc import Callable

from core.chat.chats import Chats
from core.chat.conversation import Conversation, Turn
from core.errors import StorageError


class Saving:
    """Saves turns through `chats`; a full disk is reported once and costs nothing.

    `report` is called with the error when saving begins to fail, and with None when it works again.
    """

    def __init__(self, chats: Chats, report: Callable[[StorageError | None], None]) -> None:
        self._chats = chats
        self._report = report
        self._waiting: dict[str, tuple[Conversation, Turn]] = {}
        self._failing = False

    def save(self, conversation: Conversation, *turns: Turn) -> None:
        """Save now, or keep for `retry`."""
        for turn in turns:
            self._waiting.pop(turn.turn_id, None)
            self._waiting[turn.turn_id] = (conversation, turn)
        self.retry()

    def save_partial(self, turn_id: str, raw: str) -> None:
        """Save what a streaming answer has so far; the next call makes up for a failed one."""
        if self._waiting:
            self.retry()
            return
        try:
            self._chats.save_partial(turn_id, raw)
        except StorageError as error:
            self._note(error)

    def retry(self) -> None:
        """Save what is waiting, oldest first."""
        if not self._waiting:
            return
        by_chat: dict[str, tuple[Conversation, list[Turn]]] = {}
        for conversation, turn in self._waiting.values():
            turns = by_chat.get(conversation.chat_id, (conversation, []))[1]
            by_chat[conversation.chat_id] = (conversation, [*turns, turn])
        try:
            for conversation, turns in by_chat.values():
                self._chats.save(conversation, turns)
        except StorageError as error:
            self._note(error)
        else:
            self._waiting.clear()
            self._note(None)

    def _note(self, error: StorageError | None) -> None:
        """Report when saving begins to fail, and when it works again."""
        failing = error is not None
        if failing != self._failing:
            self._failing = failing
            self._report(error)
