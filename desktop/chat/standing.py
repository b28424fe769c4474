"""What stands for the next question of the open chat: its draft, its files, its manner."""

from PySide6.QtCore import QObject, QTimer

from core.chat.conversation import Conversation
from core.chat.kept_drafts import NO_DRAFT, Draft
from core.chat.manner import AS_SET, Manner
from core.errors import InglenookError
from desktop.chat.composer import Composer
from desktop.notices import Notices
from desktop.ports import ChatCalls

SAVED_AFTER_MS = 800
NEW = ""
"""Id of the chat that isn't saved yet."""


class Standing(QObject):
    """Keeps drafts on disk a moment after they change; those of a temporary chat nowhere."""

    def __init__(self, front: ChatCalls, notices: Notices, composer: Composer) -> None:
        super().__init__(composer)
        self._front = front
        self._notices = notices
        self._composer = composer
        self._chat_id = NEW
        self._is_temporary = False
        self._manner = AS_SET
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(SAVED_AFTER_MS)
        self._connect()

    def _connect(self) -> None:
        self._timer.timeout.connect(self.save)
        self._composer.text_edit.textChanged.connect(self._timer.start)
        self._composer.files_changed.connect(self._timer.start)
        self._composer.strip.keep_wanted.connect(self._on_keep_wanted)

    @property
    def is_temporary(self) -> bool:
        """Whether the open chat, saved or not yet begun, may not reach the disk."""
        return self._is_temporary

    @property
    def manner(self) -> Manner:
        """How the next question is answered."""
        return self._manner

    def open_new(self, *, temporary: bool) -> None:
        """Show what was typed for a new chat; a temporary one begins empty."""
        self._open(NEW, AS_SET, temporary=temporary)

    def open(self, conversation: Conversation) -> None:
        """Show what was typed in a chat."""
        chat_id = conversation.chat_id
        temporary = self._front.chat_desk.is_temporary(chat_id)
        self._open(chat_id, conversation.manner, temporary=temporary)

    def begin(self, chat_id: str) -> None:
        """The open chat was begun and has an id now; what was typed is on its way."""
        if not self._is_temporary:
            self._put(self._chat_id, NO_DRAFT)
        self._chat_id = chat_id

    def leave(self, chat_id: str = NEW) -> None:
        """Another chat comes, or none: what is typed is kept, a temporary chat is not."""
        self.save()
        if self._is_temporary and self._chat_id not in {NEW, chat_id}:
            self._front.chat_desk.delete(self._chat_id)

    def save(self) -> None:
        """Keep what is typed now."""
        self._timer.stop()
        if not self._is_temporary:
            self._put(self._chat_id, Draft(self._composer.draft, self._composer.files))

    def forget(self, chat_id: str) -> None:
        """A chat is gone, and what was typed in it."""
        if chat_id == self._chat_id:
            self._timer.stop()
            self._chat_id = NEW
            self._is_temporary = False
            self._show(NO_DRAFT)

    def set_manner(self, manner: Manner) -> None:
        """Answer the next questions of the open chat in another manner."""
        if self._chat_id != NEW:
            try:
                self._front.chat_desk.set_manner(self._chat_id, manner)
            except InglenookError as error:
                self._notices.refuse("chat", error)
                return
        self._manner = manner
        self._composer.manner.show_manner(manner)

    def _open(self, chat_id: str, manner: Manner, *, temporary: bool) -> None:
        self._chat_id = chat_id
        self._is_temporary = temporary
        self._manner = manner
        self._composer.strip.setVisible(temporary)
        self._composer.manner.show_manner(manner)
        self._show(NO_DRAFT if temporary else self._front.chats.drafts.get(chat_id))

    def _show(self, draft: Draft) -> None:
        self._composer.set_draft(draft.text)
        self._composer.set_files(draft.files)
        self._timer.stop()

    def _put(self, chat_id: str, draft: Draft) -> None:
        try:
            self._front.chats.drafts.put(chat_id, draft)
        except InglenookError as error:
            self._notices.refuse("draft", error)

    def _on_keep_wanted(self) -> None:
        """Save the temporary chat after all."""
        if self._chat_id != NEW:
            try:
                self._front.chat_desk.keep(self._chat_id)
            except InglenookError as error:
                self._notices.refuse("chat", error)
                return
        self._is_temporary = False
        self._composer.strip.hide()
        self.save()
