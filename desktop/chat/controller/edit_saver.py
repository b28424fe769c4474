"""Edit saver: saves unfinished edits of messages shortly after they change."""

from PySide6.QtCore import QTimer

from core.base.errors import InglenookError
from core.chat.store.edit_store import EditStore
from desktop.chat.cards.unfinished_edits import UnfinishedEdits
from desktop.kit.notices import NoticeCenter

SAVED_AFTER_MS = 800


class UnfinishedEditSaver:
    """They stand in their places again when the chat is opened, after a restart, too."""

    def __init__(self, store: EditStore, notices: NoticeCenter, edits: UnfinishedEdits) -> None:
        self._store = store
        self._notices = notices
        self._edits = edits
        self._unsaved: dict[str, str] = {}
        self._timer = QTimer(edits)
        self._timer.setSingleShot(True)
        self._timer.setInterval(SAVED_AFTER_MS)
        self._timer.timeout.connect(self.save_edits)
        edits.changed.connect(self._on_changed)

    def open_chat(self, chat_id: str) -> None:
        """Save the edits of the chat before, and let those of this one be shown."""
        self.save_edits()
        self._edits.show_edits(self._store.get_edits(chat_id) | self._unsaved)

    def save_edits(self) -> None:
        """Save now what has changed; what can't be saved is tried again with the next change."""
        self._timer.stop()
        for turn_id, text in list(self._unsaved.items()):
            try:
                self._store.save_edit(turn_id, text)
            except InglenookError as error:
                self._notices.post_error("draft", error)
                return
            del self._unsaved[turn_id]

    def _on_changed(self, turn_id: str) -> None:
        self._unsaved[turn_id] = self._edits.written_text(turn_id)
        self._timer.start()
