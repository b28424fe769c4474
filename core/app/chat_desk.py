"""What is done with chats besides asking in them: renamed, trashed, taken out and taken in."""

from collections.abc import Callable, Sequence
from pathlib import Path

from msgspec import structs

from core.app.events import AppEvent, ChatsChanged
from core.app.folders import FolderDesk
from core.app.states import States
from core.chat.chats import Chats
from core.chat.conversation import Conversation, Turn
from core.chat.export import Format, export, write_export
from core.chat.importing import read_chats
from core.chat.manner import Manner
from core.chat.saving import Saving
from core.chat.temporary import TemporaryChats


class ChatDesk:
    """Belongs to the thread of the application; a change of the list is told as ChatsChanged.

    Every call that writes raises StorageError when the disk refuses.
    """

    def __init__(
        self,
        chats: Chats,
        saving: Saving,
        temporary: TemporaryChats,
        states: States,
        folders: FolderDesk,
        *,
        end_answers: Callable[[str], None],
        kept: Callable[[str], None],
        emit: Callable[[AppEvent], None],
    ) -> None:
        self._chats = chats
        self._saving = saving
        self._temporary = temporary
        self._states = states
        self._folders = folders
        self.end_answers = end_answers
        """End the answers in a chat now; what has come of them is kept."""
        self._kept = kept
        self._emit = emit

    def tidy(self) -> None:
        """Delete what was long enough in the trash."""
        for chat_id in self._chats.arrangement.expired():
            self._chats.delete(chat_id)

    def load(self, chat_id: str) -> Conversation:
        """Return a chat, a temporary one too, with what is not on disk yet."""
        return self._keeper(chat_id).load(chat_id)

    def is_temporary(self, chat_id: str) -> bool:
        """Whether nothing of a chat may reach the disk."""
        return chat_id in self._temporary

    def put_temporary(self, conversation: Conversation) -> None:
        """Keep a conversation in memory alone."""
        self._temporary.put(conversation)

    def drop_temporary(self, chat_id: str) -> None:
        """Forget a temporary chat, if it is one; answers that are on their way in it end first."""
        if chat_id in self._temporary:
            self.end_answers(chat_id)
            self._temporary.forget(chat_id)

    def add(self, conversation: Conversation, *turns: Turn) -> None:
        """Add turns to a chat where it is kept."""
        self._keeper(conversation.chat_id).save(conversation, *turns)
        self._emit(ChatsChanged())

    def rename(self, chat_id: str, title: str) -> None:
        """Give a chat another title."""
        self._chats.rename(chat_id, title)
        self._emit(ChatsChanged())

    def set_manner(self, chat_id: str, manner: Manner) -> None:
        """Answer the next questions of a chat in another manner."""
        if chat_id in self._temporary:
            self._temporary.put(structs.replace(self._temporary.load(chat_id), manner=manner))
        else:
            self._chats.set_manner(chat_id, manner)

    def trash(self, chat_id: str) -> None:
        """Put a chat into the trash; answers that are on their way in it end first."""
        self.end_answers(chat_id)
        self._saving.retry(now=True)
        self._chats.arrangement.trash(chat_id)
        self._emit(ChatsChanged())

    def restore(self, chat_id: str) -> None:
        """Take a chat out of the trash."""
        self._chats.arrangement.restore(chat_id)
        self._emit(ChatsChanged())

    def delete(self, chat_id: str) -> None:
        """Delete a chat for good; answers that are on their way in it end first."""
        self.end_answers(chat_id)
        self._temporary.forget(chat_id)
        self._saving.forget(chat_id)
        self._chats.delete(chat_id)
        self._states.forget(chat_id)
        self._emit(ChatsChanged())

    def keep(self, chat_id: str) -> None:
        """Make a temporary chat one that is saved; answers that are on their way in it end."""
        self.end_answers(chat_id)
        conversation = self._temporary.load(chat_id)
        self._chats.take_in((conversation,))
        self._temporary.forget(chat_id)
        self._kept(chat_id)
        self._emit(ChatsChanged())

    def export(
        self, chat_ids: Sequence[str], form: Format, path: Path, *, sources: bool = True
    ) -> None:
        """Write chats to a file, whole or not at all; an old file of that name is replaced."""
        write_export(path, export([self.load(each) for each in chat_ids], form, sources=sources))

    def take_in(self, path: Path) -> tuple[Conversation, ...]:
        """Take in the chats of an exported file, beside those that are here; all or none."""
        folders = {folder.folder_id: folder.path for folder in self._folders.known}
        conversations = read_chats(path, folders)
        self._chats.take_in(conversations)
        self._emit(ChatsChanged())
        return conversations

    def _keeper(self, chat_id: str) -> Saving | TemporaryChats:
        return self._temporary if chat_id in self._temporary else self._saving
