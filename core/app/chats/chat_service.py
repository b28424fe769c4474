"""Chat operations besides asking: rename, trash, delete, save, export and import."""

from collections.abc import Callable, Collection, Sequence
from pathlib import Path

from msgspec import structs

from core.app.chats.answer_service import AnswerService
from core.app.chats.chat_stores import ChatStore, ChatStores
from core.app.events.app_events import AppEvent, ChatsChanged
from core.app.library.folder_service import FolderService
from core.app.loading.kv_state_folders import KvStateFolders
from core.app.network.server_service import ServerService
from core.chat.conversations.chat_style import ChatStyle
from core.chat.conversations.chat_titles import title_from_question
from core.chat.conversations.conversation import Conversation, Turn
from core.chat.export.chat_export import ExportFormat, export_content, write_export
from core.chat.export.chat_import import read_chats
from core.chat.store.attachment_store import AttachmentStore


class ChatService:
    """Belongs to the thread of the application; it emits ChatsChanged when the list changes.

    Every call that writes raises StorageError when the disk refuses.
    """

    def __init__(
        self,
        stores: ChatStores,
        states: KvStateFolders,
        folders: FolderService,
        servers: ServerService,
        answers: AnswerService,
        attachments: AttachmentStore,
        emit: Callable[[AppEvent], None],
    ) -> None:
        self._stores = stores
        self._states = states
        self._folders = folders
        self._servers = servers
        self._answers = answers
        self._attachments = attachments
        self._emit = emit

    def delete_expired_chats(self) -> None:
        """Delete chats that were in the trash long enough.

        Not while a damaged file has just been moved aside: with it would go what may be left in it.
        """
        database = self._stores.database
        for chat_id in () if database.was_damaged else database.organizer.expired_chat_ids():
            self._erase_chat(chat_id)

    def load_chat(self, chat_id: str) -> Conversation:
        """Return a chat, a temporary one too, with what is not on disk yet."""
        return self.store_of_chat(chat_id).load_conversation(chat_id)

    def new_chat(
        self, question: str, chat_style: ChatStyle, *, temporary: bool
    ) -> tuple[ChatStore, Conversation]:
        """Return an empty chat, titled by its first question, and where it is to be kept."""
        title = title_from_question(question)
        chat = self._stores.database.new_conversation(title, chat_style=chat_style)
        return self._stores.temporary if temporary else self._stores.saver, chat

    def store_of_chat(self, chat_id: str) -> ChatStore:
        """Return where a chat is kept."""
        return self._stores.store_of_chat(chat_id)

    def is_temporary(self, chat_id: str) -> bool:
        """Whether nothing of a chat may reach the disk."""
        return chat_id in self._stores.temporary

    def store_temporary_chat(self, conversation: Conversation) -> None:
        """Keep a conversation in memory alone."""
        self._stores.temporary.put_conversation(conversation)

    def discard_temporary_chat(self, chat_id: str) -> None:
        """Discard a chat if it is temporary; answers on their way in it end first."""
        if self.is_temporary(chat_id):
            self._answers.end_answers_in_chat(chat_id)
            self._stores.temporary.discard_chat(chat_id)

    def add_turns(self, conversation: Conversation, *turns: Turn) -> None:
        """Add turns to a chat where it is kept."""
        self.store_of_chat(conversation.chat_id).save_turns(conversation, *turns)
        self._emit(ChatsChanged())

    def rename_chat(self, chat_id: str, title: str) -> None:
        """Give a chat another title."""
        self._stores.database.rename_chat(chat_id, title)
        self._emit(ChatsChanged())

    def set_chat_style(self, chat_id: str, chat_style: ChatStyle) -> None:
        """Answer the next questions of a chat in another style."""
        if self.is_temporary(chat_id):
            self._stores.temporary.put_conversation(
                structs.replace(
                    self._stores.temporary.load_conversation(chat_id), chat_style=chat_style
                )
            )
        else:
            self._stores.database.set_chat_style(chat_id, chat_style)

    def trash_chat(self, chat_id: str) -> None:
        """Move a chat to the trash; answers on their way in it end first."""
        self._answers.end_answers_in_chat(chat_id)
        self._stores.saver.retry_saving(now=True)
        self._stores.database.organizer.trash_chat(chat_id)
        self._emit(ChatsChanged())

    def restore_chat(self, chat_id: str) -> None:
        """Take a chat out of the trash."""
        self._stores.database.organizer.restore_chat(chat_id)
        self._emit(ChatsChanged())

    def delete_chat(self, chat_id: str) -> None:
        """Delete a chat for good; answers on their way in it end first."""
        self._answers.end_answers_in_chat(chat_id)
        self._stores.temporary.discard_chat(chat_id)
        self._stores.saver.discard_chat(chat_id)
        self._erase_chat(chat_id)
        self._emit(ChatsChanged())

    def note_files(self, chat_id: str, paths: Collection[str]) -> None:
        """Remember which files a question of a chat is about: pasted ones go with the chat."""
        self._attachments.note_files(chat_id, paths)

    def _erase_chat(self, chat_id: str) -> None:
        """Delete what is on disk of a chat; nothing of a temporary one but what was pasted."""
        database = self._stores.database
        named = database.attached_paths(chat_id)
        database.delete_chat(chat_id)
        self._states.remove_chat_folder(chat_id)
        self._attachments.remove_of_chat(chat_id, named, database.attached_paths)

    def save_temporary_chat(self, chat_id: str) -> None:
        """Turn a temporary chat into a saved one; answers on their way in it end first."""
        self._answers.end_answers_in_chat(chat_id)
        conversation = self._stores.temporary.load_conversation(chat_id)
        self._stores.database.import_conversations((conversation,))
        self._stores.temporary.discard_chat(chat_id)
        self._servers.persist_chat_server(chat_id)
        self._emit(ChatsChanged())

    def export_chats(
        self, chat_ids: Sequence[str], form: ExportFormat, path: Path, *, sources: bool = True
    ) -> None:
        """Write chats to a file, whole or not at all; an old file of that name is replaced."""
        write_export(
            path, export_content([self.load_chat(each) for each in chat_ids], form, sources=sources)
        )

    def import_chats(self, path: Path) -> tuple[Conversation, ...]:
        """Add the chats of an exported file, all or none."""
        folders = self._folders.known_folders or self._folders.look_at_folders() or ()
        conversations = read_chats(path, {each.folder_id: each.path for each in folders})
        self._stores.database.import_conversations(conversations)
        self._emit(ChatsChanged())
        return conversations
