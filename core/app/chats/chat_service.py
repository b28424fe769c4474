"""Chat operations besides asking: rename, trash, delete, save, export and import."""

from collections.abc import Callable, Sequence
from pathlib import Path

from msgspec import structs

from core.app.events.app_events import AppEvent, ChatsChanged
from core.app.library.folder_service import FolderService
from core.app.loading.kv_state_folders import KvStateFolders
from core.chat.conversations.chat_style import ChatStyle
from core.chat.conversations.conversation import Conversation, Turn
from core.chat.export.chat_export import ExportFormat, export_content, write_export
from core.chat.export.chat_import import read_chats
from core.chat.store.chat_database import ChatDatabase
from core.chat.store.retrying_saver import RetryingSaver
from core.chat.store.temporary_chats import TemporaryChats


class ChatService:
    """Belongs to the thread of the application; a change of the list is told as ChatsChanged.

    Every call that writes raises StorageError when the disk refuses.
    """

    def __init__(
        self,
        chats: ChatDatabase,
        saving: RetryingSaver,
        temporary: TemporaryChats,
        states: KvStateFolders,
        folders: FolderService,
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
        self._on_chat_saved = kept
        self._emit = emit

    def delete_expired_chats(self) -> None:
        """Delete what was long enough in the trash."""
        for chat_id in self._chats.organizer.expired_chat_ids():
            self._chats.delete_chat(chat_id)

    def load_chat(self, chat_id: str) -> Conversation:
        """Return a chat, a temporary one too, with what is not on disk yet."""
        return self._store_of(chat_id).load_conversation(chat_id)

    def is_temporary(self, chat_id: str) -> bool:
        """Whether nothing of a chat may reach the disk."""
        return chat_id in self._temporary

    def store_temporary_chat(self, conversation: Conversation) -> None:
        """Keep a conversation in memory alone."""
        self._temporary.put_conversation(conversation)

    def discard_temporary_chat(self, chat_id: str) -> None:
        """Forget a temporary chat, if it is one; answers that are on their way in it end first."""
        if chat_id in self._temporary:
            self.end_answers(chat_id)
            self._temporary.discard_chat(chat_id)

    def add_turns(self, conversation: Conversation, *turns: Turn) -> None:
        """Add turns to a chat where it is kept."""
        self._store_of(conversation.chat_id).save_turns(conversation, *turns)
        self._emit(ChatsChanged())

    def rename_chat(self, chat_id: str, title: str) -> None:
        """Give a chat another title."""
        self._chats.rename_chat(chat_id, title)
        self._emit(ChatsChanged())

    def set_chat_style(self, chat_id: str, manner: ChatStyle) -> None:
        """Answer the next questions of a chat in another manner."""
        if chat_id in self._temporary:
            self._temporary.put_conversation(
                structs.replace(self._temporary.load_conversation(chat_id), manner=manner)
            )
        else:
            self._chats.set_chat_style(chat_id, manner)

    def trash_chat(self, chat_id: str) -> None:
        """Put a chat into the trash; answers that are on their way in it end first."""
        self.end_answers(chat_id)
        self._saving.retry_saving(now=True)
        self._chats.organizer.trash_chat(chat_id)
        self._emit(ChatsChanged())

    def restore_chat(self, chat_id: str) -> None:
        """Take a chat out of the trash."""
        self._chats.organizer.restore_chat(chat_id)
        self._emit(ChatsChanged())

    def delete_chat(self, chat_id: str) -> None:
        """Delete a chat for good; answers that are on their way in it end first."""
        self.end_answers(chat_id)
        self._temporary.discard_chat(chat_id)
        self._saving.discard_chat(chat_id)
        self._chats.delete_chat(chat_id)
        self._states.remove_chat_folder(chat_id)
        self._emit(ChatsChanged())

    def save_temporary_chat(self, chat_id: str) -> None:
        """Make a temporary chat one that is saved; answers that are on their way in it end."""
        self.end_answers(chat_id)
        conversation = self._temporary.load_conversation(chat_id)
        self._chats.import_conversations((conversation,))
        self._temporary.discard_chat(chat_id)
        self._on_chat_saved(chat_id)
        self._emit(ChatsChanged())

    def export_chats(
        self, chat_ids: Sequence[str], form: ExportFormat, path: Path, *, sources: bool = True
    ) -> None:
        """Write chats to a file, whole or not at all; an old file of that name is replaced."""
        write_export(
            path, export_content([self.load_chat(each) for each in chat_ids], form, sources=sources)
        )

    def import_chats(self, path: Path) -> tuple[Conversation, ...]:
        """Take in the chats of an exported file, beside those that are here; all or none."""
        folders = {folder.folder_id: folder.path for folder in self._folders.known_folders}
        conversations = read_chats(path, folders)
        self._chats.import_conversations(conversations)
        self._emit(ChatsChanged())
        return conversations

    def _store_of(self, chat_id: str) -> RetryingSaver | TemporaryChats:
        return self._temporary if chat_id in self._temporary else self._saving
