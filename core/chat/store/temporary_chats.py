"""Temporary chats, kept in memory only and gone when the program ends."""

from core.base.errors import ErrorCode, StorageError
from core.chat.conversations.conversation import Conversation, Turn


class TemporaryChats:
    """Keeps conversations in memory; has the calls of `Saving` that an answer makes."""

    def __init__(self) -> None:
        self._kept: dict[str, Conversation] = {}

    def __contains__(self, chat_id: object) -> bool:
        return chat_id in self._kept

    def load_conversation(self, chat_id: str) -> Conversation:
        """Return a whole conversation. Raises StorageError(CHAT_UNKNOWN)."""
        if chat_id not in self._kept:
            raise StorageError(ErrorCode.CHAT_UNKNOWN, ref=chat_id)
        return self._kept[chat_id]

    def put_conversation(self, conversation: Conversation) -> None:
        """Keep a whole conversation, in place of what was kept of it."""
        self._kept[conversation.chat_id] = conversation

    def save_turns(self, conversation: Conversation, *turns: Turn) -> None:
        """Keep the chat's own line and these of its turns, beside those it has."""
        kept = self._kept.get(conversation.chat_id, conversation)
        for turn in turns:
            kept = kept.with_turn(turn)
        for summary in conversation.summaries:
            kept = kept.with_summary(summary)
        self._kept[conversation.chat_id] = kept

    def save_partial_answer(self, _turn_id: str, _raw: str, _thinking: str = "") -> None:
        """Nothing to do: a crash loses the chat as it is meant to."""

    def discard_chat(self, chat_id: str) -> None:
        """Drop a chat."""
        self._kept.pop(chat_id, None)
