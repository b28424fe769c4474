"""Chat stores: where the chats of one root are kept, on disk or in memory alone."""

from typing import NamedTuple

from core.chat.store.chat_database import ChatDatabase
from core.chat.store.retrying_saver import RetryingSaver
from core.chat.store.temporary_chats import TemporaryChats

ChatStore = RetryingSaver | TemporaryChats
"""Where one chat is kept."""


class ChatStores(NamedTuple):
    """All of them. Saved turns go through `saver`, which knows what is not on disk yet."""

    database: ChatDatabase
    saver: RetryingSaver
    temporary: TemporaryChats

    def store_of_chat(self, chat_id: str) -> ChatStore:
        """Return where a chat is kept."""
        return self.temporary if chat_id in self.temporary else self.saver
