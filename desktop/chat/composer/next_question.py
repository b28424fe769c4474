"""Next question of the open chat: its draft, files, chat style, temporary state."""

from msgspec import structs
from PySide6.QtCore import QObject, QTimer, Signal

from core.app.app import App
from core.base.errors import InglenookError
from core.chat.conversations.chat_style import DEFAULT_CHAT_STYLE, ChatStyle
from core.chat.conversations.conversation import Conversation
from core.chat.store.draft_store import NO_DRAFT, UNSAVED_CHAT_ID, MessageDraft
from desktop.chat.composer.composer import Composer
from desktop.kit.notices import NoticeCenter

SAVED_AFTER_MS = 800


class NextQuestion(QObject):
    """Saves drafts shortly after they change; those of a temporary chat are never saved."""

    style_changed = Signal()

    def __init__(self, app: App, notices: NoticeCenter, composer: Composer) -> None:
        super().__init__(composer)
        self._app = app
        self._notices = notices
        self._composer = composer
        self._chat_id = UNSAVED_CHAT_ID
        self._is_temporary = False
        self._shows_draft = False
        """Whether the draft of a chat is shown: none is before the first, or of a deleted chat."""
        self._chat_style = DEFAULT_CHAT_STYLE
        self._new_draft_id: str | None = None
        """Under which the draft of this window's new chats is saved, None before the first."""
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(SAVED_AFTER_MS)
        self._connect()

    def _connect(self) -> None:
        self._timer.timeout.connect(self.save_draft)
        self._composer.text_edit.textChanged.connect(self._timer.start)
        self._composer.files_changed.connect(self._timer.start)
        self._composer.temporary_strip.keep_wanted.connect(self._on_keep_wanted)

    @property
    def is_temporary(self) -> bool:
        """Whether the open chat, saved or new, must not be written to disk."""
        return self._is_temporary

    @property
    def chat_id(self) -> str:
        """The id of the open chat, UNSAVED_CHAT_ID for a new one."""
        return self._chat_id

    @property
    def chat_style(self) -> ChatStyle:
        """The chat style of the next question."""
        return self._chat_style

    def open_new_chat(self, *, temporary: bool) -> None:
        """Show the draft of a new chat; a temporary one starts empty."""
        draft, drafts = NO_DRAFT, self._app.chats.drafts
        if not temporary:
            self._new_draft_id = drafts.take_new_chat(self._new_draft_id)
            draft = drafts.get_draft(self._new_draft_id)
        self._open(UNSAVED_CHAT_ID, draft.chat_style, draft, temporary=temporary)

    def open_conversation(self, conversation: Conversation) -> None:
        """Show the draft of a chat."""
        chat_id = conversation.chat_id
        temporary = self._app.chat_service.is_temporary(chat_id)
        draft = NO_DRAFT if temporary else self._app.chats.drafts.get_draft(chat_id)
        self._open(chat_id, conversation.chat_style, draft, temporary=temporary)

    def assign_chat_id(self, chat_id: str) -> None:
        """Set the id of the open chat, which was saved; the draft has been sent."""
        if not self._is_temporary:
            self._store_draft(self._chat_id, NO_DRAFT)
        self._chat_id = chat_id

    def leave_chat(self, chat_id: str = UNSAVED_CHAT_ID) -> None:
        """Save the draft before another chat is opened; a temporary chat is deleted."""
        self.save_draft()
        if self._is_temporary and self._chat_id not in {UNSAVED_CHAT_ID, chat_id}:
            self._app.chat_service.delete_chat(self._chat_id)

    def save_draft(self) -> None:
        """Save the draft now."""
        self._timer.stop()
        if self._shows_draft and not self._is_temporary:
            style = self._chat_style if self._chat_id == UNSAVED_CHAT_ID else DEFAULT_CHAT_STYLE
            self._store_draft(
                self._chat_id, MessageDraft(self._composer.draft, self._composer.files, style)
            )

    def forget_chat(self, chat_id: str) -> None:
        """Drop a deleted chat and its draft; nothing is saved until another chat is opened."""
        if chat_id == self._chat_id:
            self._open(UNSAVED_CHAT_ID, DEFAULT_CHAT_STYLE, NO_DRAFT, temporary=False)
            self._shows_draft = False

    def set_chat_style(self, chat_style: ChatStyle) -> None:
        """Answer the next questions of the open chat in another style."""
        if self._chat_id != UNSAVED_CHAT_ID and not self._save_chat_style(
            self._chat_id, chat_style
        ):
            return
        self._chat_style = chat_style
        self._composer.style_strip.show_chat_style(chat_style)
        self._timer.start()
        self.style_changed.emit()

    def set_chat_style_of(self, chat_id: str, chat_style: ChatStyle, *, temporary: bool) -> None:
        """Set the chat style that was written for a chat, which may have been left meanwhile.

        Nothing is kept of a `temporary` one that was left.
        """
        if (chat_id, temporary) == (self._chat_id, self._is_temporary):
            self.set_chat_style(chat_style)
        elif temporary:
            return
        elif chat_id == UNSAVED_CHAT_ID:
            drafts = self._app.chats.drafts
            self._new_draft_id = left = drafts.take_new_chat(self._new_draft_id)
            self._store_draft(left, structs.replace(drafts.get_draft(left), chat_style=chat_style))
        else:
            self._save_chat_style(chat_id, chat_style)

    def _save_chat_style(self, chat_id: str, chat_style: ChatStyle) -> bool:
        try:
            self._app.chat_service.set_chat_style(chat_id, chat_style)
        except InglenookError as error:
            self._notices.post_error("chat", error)
            return False
        return True

    def release_new_chat(self) -> None:
        """Let another window show what was left in the new chat of this one."""
        self._app.chats.drafts.release_new_chat(self._new_draft_id)
        self._new_draft_id = None

    def _open(
        self, chat_id: str, chat_style: ChatStyle, draft: MessageDraft, *, temporary: bool
    ) -> None:
        self._chat_id = chat_id
        self._is_temporary = temporary
        self._chat_style = chat_style
        self._composer.temporary_strip.setVisible(temporary)
        self._composer.style_strip.show_chat_style(chat_style)
        self.style_changed.emit()
        self._composer.chips.show_model("")
        self._show(draft)

    def _show(self, draft: MessageDraft) -> None:
        self._shows_draft = True
        self._composer.set_draft(draft.text)
        self._composer.set_files(draft.files)
        self._timer.stop()

    def _store_draft(self, chat_id: str, draft: MessageDraft) -> None:
        draft_id = chat_id or self._new_draft_id or UNSAVED_CHAT_ID
        try:
            self._app.chats.drafts.save_draft(draft_id, draft)
        except InglenookError as error:
            self._notices.post_error("draft", error)

    def _on_keep_wanted(self) -> None:
        """Save the temporary chat; a new one beside what waits in this window's new chat."""
        if self._chat_id == UNSAVED_CHAT_ID:
            drafts = self._app.chats.drafts
            self._new_draft_id = drafts.take_empty_new_chat(self._new_draft_id)
        else:
            try:
                self._app.chat_service.save_temporary_chat(self._chat_id)
            except InglenookError as error:
                self._notices.post_error("chat", error)
                return
        self._is_temporary = False
        self._composer.temporary_strip.hide()
        self.save_draft()
