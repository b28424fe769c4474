"""Temporary chats, kept in memory only and gone when the program ends."""

from core.base.errors import ErrorCode, StorageError
from core.chat.conversations.conversation import Conversation, Turn


class TemporaryChats:
    """Keeps conversations in memory; has the methods of `RetryingSaver` that answers need."""

    def __init__(self) -> None:
        self._chats: dict[str, Conversation] = {}

    def __contains__(self, chat_id: object) -> bool:
        return chat_id in self._chats

    def load_conversation(self, chat_id: str) -> Conversation:
        """Return a whole conversation. Raises StorageError(CHAT_UNKNOWN)."""
        if chat_id not in self._chats:
            raise StorageError(ErrorCode.CHAT_UNKNOWN, ref=chat_id)
        return self._chats[chat_id]

    def put_conversation(self, conversation: Conversation) -> None:
        """Keep a whole conversation, in place of the one with its id."""
        self._chats[conversation.chat_id] = conversation

    def save_turns(self, conversation: Conversation, *turns: Turn) -> None:
        """Keep these turns of a chat, beside those it has."""
        chat = self._chats.get(conversation.chat_id, conversation)
        for turn in turns:
            chat = chat.with_turn(turn)
        for summary in conversation.summaries:
            chat = chat.with_summary(summary)
        self._chats[conversation.chat_id] = chat

    def save_partial_answer(self, _turn_id: str, _raw: str, _thinking: str = "") -> None:
        """Do nothing: a temporary chat is lost in a crash."""

    def discard_chat(self, chat_id: str) -> None:
        """Drop a chat."""
        self._chats.pop(chat_id, None)
