"""What happens with the list of chats: opening, renaming, deleting."""

from PySide6.QtCore import QObject, Signal

from core.errors import InglenookError
from core.words import _
from desktop.asking import Asking
from desktop.chat.chat_list import ChatList
from desktop.chat.room import NEW, ChatRoom
from desktop.notices import Notices
from desktop.ports import ChatCalls
from desktop.theme import Theme


class ChatsRoom(QObject):
    """Keeps the list in step with what is saved, and with the chat that is open."""

    listed = Signal(int)

    def __init__(
        self, front: ChatCalls, theme: Theme, notices: Notices, *, chats: ChatList, room: ChatRoom
    ) -> None:
        super().__init__(chats)
        self._front = front
        self._theme = theme
        self._notices = notices
        self._list = chats
        self._room = room
        self._titles: dict[str, str] = {}
        self._connect()

    def _connect(self) -> None:
        self._list.chosen.connect(self._on_chosen)
        self._list.rename_wanted.connect(self._on_rename_wanted)
        self._list.delete_wanted.connect(self._on_delete_wanted)
        self._room.chat_opened.connect(self._on_chat_opened)
        self._room.course.busy_changed.connect(self._on_busy_changed)

    def refresh(self) -> None:
        """List what is saved now."""
        chats = self._front.chats.list()
        self._titles = {chat.chat_id: chat.title for chat in chats}
        self._list.show_chats(chats)
        self.listed.emit(len(chats))
        if self._room.chat_id in self._titles:
            self._room.set_title(self._titles[self._room.chat_id])

    def open_new(self) -> None:
        """Begin a chat."""
        self._room.open_new()

    def _on_chosen(self, chat_id: str) -> None:
        if chat_id != self._room.chat_id:
            self._room.open_chat(chat_id)

    def _on_chat_opened(self, chat_id: str) -> None:
        self._list.mark(chat_id)
        if chat_id in self._titles:
            self._room.set_title(self._titles[chat_id])

    def _on_busy_changed(self) -> None:
        self._list.show_answering(self._room.course.chat_ids)

    def _on_rename_wanted(self, chat_id: str) -> None:
        asking = Asking(
            self._theme,
            self._list.window(),
            title=_("Rename this chat"),
            text="",
            deed=_("Rename"),
            value=self._titles.get(chat_id, ""),
        )
        asking.accepted.connect(lambda: self._rename(chat_id, asking.line.text().strip()))
        asking.open()

    def _rename(self, chat_id: str, title: str) -> None:
        if not title:
            return
        try:
            self._front.chats.rename(chat_id, title)
        except InglenookError as error:
            self._notices.refuse("chat", error)
        self.refresh()

    def _on_delete_wanted(self, chat_id: str) -> None:
        title = self._titles.get(chat_id, "")
        asking = Asking(
            self._theme,
            self._list.window(),
            title=_("Delete this chat for good?"),
            text=_("“{title}” and its answers can't be brought back.").format(title=title),
            deed=_("Delete"),
            value=None,
        )
        asking.accepted.connect(lambda: self._delete(chat_id))
        asking.open()

    def _delete(self, chat_id: str) -> None:
        try:
            self._front.delete_chat(chat_id)
        except InglenookError as error:
            self._notices.refuse("chat", error)
            return
        self._room.forget(chat_id)
        if self._room.chat_id == NEW:
            self._room.open_new()
        self.refresh()
