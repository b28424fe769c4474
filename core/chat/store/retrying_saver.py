"""Retrying saver of turns: turns that could not be written are kept and tried again."""

import time
from collections.abc import Callable

from core.base.clock import Clock
from core.base.errors import StorageError
from core.chat.conversations.conversation import Conversation, Turn
from core.chat.store.chat_database import ChatDatabase

RETRY_SECONDS = 1.0
"""Shortest time between two tries while the disk is full."""


class RetryingSaver:
    """Saves turns through `chats`; a full disk is reported once, and nothing is lost.

    `report` is called with the error when saving begins to fail, and with None when it works again.
    """

    def __init__(
        self,
        chats: ChatDatabase,
        report: Callable[[StorageError | None], None],
        clock: Clock = time.monotonic,
    ) -> None:
        self._chats = chats
        self._report = report
        self._clock = clock
        self._waiting: dict[str, tuple[Conversation, dict[str, Turn]]] = {}
        self._failed_at: float | None = None

    def load_conversation(self, chat_id: str) -> Conversation:
        """Return a conversation with what is not on disk yet. Raises StorageError."""
        if chat_id in self._waiting:
            return self._waiting[chat_id][0]
        return self._chats.load_conversation(chat_id)

    def save_turns(self, conversation: Conversation, *turns: Turn) -> None:
        """Save now, or keep in memory for `retry_saving`."""
        _, waiting = self._waiting.pop(conversation.chat_id, (conversation, {}))
        waiting |= {turn.turn_id: turn for turn in turns}
        self._waiting[conversation.chat_id] = (conversation, waiting)
        self._write()

    def save_partial_answer(self, turn_id: str, raw: str, thinking: str = "") -> None:
        """Save what a streaming answer has so far; the next call writes it again."""
        if self._waiting:
            self.retry_saving()
            return
        try:
            self._chats.save_partial_answer(turn_id, raw, thinking)
        except StorageError as error:
            self._report_change(error)

    def discard_chat(self, chat_id: str) -> None:
        """Drop the waiting turns of a deleted chat."""
        self._waiting.pop(chat_id, None)

    def retry_saving(self, *, now: bool = False) -> None:
        """Save waiting turns, oldest first; at most once a second while it fails."""
        if not self._waiting:
            return
        failed_at = self._failed_at
        if now or failed_at is None or self._clock() - failed_at >= RETRY_SECONDS:
            self._write()

    def _write(self) -> None:
        failure: StorageError | None = None
        for chat_id, (conversation, turns) in list(self._waiting.items()):
            try:
                self._chats.save_turns(conversation, turns.values())
            except StorageError as error:
                failure = error
            else:
                del self._waiting[chat_id]
        self._report_change(failure)

    def _report_change(self, error: StorageError | None) -> None:
        """Report when saving begins to fail, and when it works again."""
        was_failing = self._failed_at is not None
        self._failed_at = self._clock() if error else None
        if (error is not None) != was_failing:
            self._report(error)
