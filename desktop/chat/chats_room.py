"""What happens with the list of chats: opening, arranging, and the way through the trash."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, QPoint, Signal

from core.chat.conversation import ChatSummary
from core.errors import InglenookError
from core.words import _
from desktop.asking import Asking
from desktop.chat.chat_list import ChatList, Deed
from desktop.chat.chat_menu import chat_menu, group_menu
from desktop.chat.exporting import Exporting
from desktop.chat.room import ChatRoom
from desktop.chat.standing import NEW
from desktop.notices import Notices
from desktop.ports import ChatCalls
from desktop.theme import Theme


class ChatsRoom(QObject):
    """Keeps the list in step with what is saved, and with the chat that is open.

    `shown_elsewhere` brings forward the window in which a chat is open already, if there is one.
    """

    listed = Signal(int)
    trash_counted = Signal(int)
    window_wanted = Signal(str)

    def __init__(
        self, front: ChatCalls, theme: Theme, notices: Notices, *, chats: ChatList, room: ChatRoom
    ) -> None:
        super().__init__(chats)
        self._front = front
        self._theme = theme
        self._notices = notices
        self._list = chats
        self._room = room
        self._chats: dict[str, ChatSummary] = {}
        self.shown_elsewhere: Callable[[str], bool] = _nowhere
        self.exporting = Exporting(front, theme, notices, chats)
        self._connect()

    def _connect(self) -> None:
        self._list.chosen.connect(self.open)
        self._list.wished.connect(self.do)
        self._list.menu_wanted.connect(self._on_menu_wanted)
        self._list.group_menu_wanted.connect(self._on_group_menu_wanted)
        self._room.chat_opened.connect(self._on_chat_opened)
        self._room.course.busy_changed.connect(self._on_busy_changed)

    @property
    def current(self) -> ChatSummary | None:
        """The open chat as it is listed; None for one that is new or temporary."""
        return self._chats.get(self._room.chat_id)

    def refresh(self) -> None:
        """List what is saved now."""
        chats = self._front.chats.list()
        trashed = self._front.arranging.trashed()
        self._chats = {chat.chat_id: chat for chat in chats}
        self._list.show_chats(chats, self._front.arranging.groups())
        self.listed.emit(len(chats))
        self.trash_counted.emit(len(trashed))
        if self.current is not None:
            self._room.set_title(self.current.title)
        elif any(chat.chat_id == self._room.chat_id for chat in trashed):
            self._let_go(self._room.chat_id)

    def open_new(self) -> None:
        """Begin a chat."""
        self._room.open_new()

    def open_temporary(self) -> None:
        """Begin a chat of which nothing is kept."""
        self._room.open_new(temporary=True)

    def open(self, chat_id: str) -> None:
        """Show a chat here, or the window it is open in."""
        if chat_id != self._room.chat_id and not self.shown_elsewhere(chat_id):
            self._room.open_chat(chat_id)

    def do(self, deed: str, about: str, value: str = "") -> None:
        """Do what was wished with a chat or a group."""
        match Deed(deed):
            case Deed.WINDOW:
                self.window_wanted.emit(about)
            case Deed.RENAME:
                self._ask_for_title(about)
            case Deed.PIN | Deed.UNPIN:
                pinned = deed == Deed.PIN
                self._try(partial(self._front.arranging.pin, about, pinned=pinned))
            case Deed.MOVE:
                self._try(partial(self._front.arranging.move, about, value))
            case Deed.MOVE_TO_NEW:
                self._ask_for_group(about)
            case Deed.EXPORT:
                self.exporting.ask(about)
            case Deed.TRASH:
                self._trash(about)
            case Deed.RENAME_GROUP:
                self._ask_for_group_name(about)
            case Deed.REMOVE_GROUP:
                self._try(partial(self._front.arranging.remove_group, about))

    def _try(self, deed: Callable[[], object]) -> bool:
        try:
            deed()
        except InglenookError as error:
            self._notices.refuse("chat", error)
            return False
        return True

    def _trash(self, chat_id: str) -> None:
        """No question comes first: it can be undone."""
        chat = self._chats.get(chat_id)
        if chat is None or not self._try(partial(self._front.chat_desk.trash, chat_id)):
            return
        self._let_go(chat_id)
        words = _("“{title}” is in the trash.").format(title=chat.title)
        undo = partial(self._restore, chat_id)
        self._notices.say("trashed", words, action=(_("Undo"), undo))

    def _restore(self, chat_id: str) -> None:
        if self._try(partial(self._front.chat_desk.restore, chat_id)):
            self._room.open_chat(chat_id)

    def _let_go(self, chat_id: str) -> None:
        self._room.forget(chat_id)
        if self._room.chat_id == NEW:
            self._room.open_new()

    def _ask_for_title(self, chat_id: str) -> None:
        old = self._chats[chat_id].title if chat_id in self._chats else ""
        rename = partial(self._front.chat_desk.rename, chat_id)
        self._ask(_("Rename this chat"), _("Rename"), old, rename)

    def _ask_for_group_name(self, group_id: str) -> None:
        names = {group.group_id: group.name for group in self._front.arranging.groups()}
        rename = partial(self._front.arranging.rename_group, group_id)
        self._ask(_("Rename this group"), _("Rename"), names.get(group_id, ""), rename)

    def _ask_for_group(self, chat_id: str) -> None:
        def move(name: str) -> None:
            group = self._front.arranging.add_group(name)
            self._front.arranging.move(chat_id, group.group_id)

        self._ask(_("Name of the new group"), _("Move"), "", move)

    def _ask(self, title: str, deed: str, value: str, take: Callable[[str], object]) -> None:
        asking = Asking(
            self._theme, self._list.window(), title=title, text="", deed=deed, value=value
        )

        def accept() -> None:
            text = " ".join(asking.line.text().split())
            if text:
                self._try(partial(take, text))

        asking.accepted.connect(accept)
        asking.open()

    def _on_menu_wanted(self, chat_id: str, where: QPoint) -> None:
        if chat_id in self._chats:
            groups = self._front.arranging.groups()
            chat_menu(self._list, self._chats[chat_id], groups, self.do).popup(where)

    def _on_group_menu_wanted(self, group_id: str, where: QPoint) -> None:
        for group in self._front.arranging.groups():
            if group.group_id == group_id:
                group_menu(self._list, group, self.do).popup(where)

    def _on_chat_opened(self, chat_id: str) -> None:
        self._list.mark(chat_id)
        if self.current is not None:
            self._room.set_title(self.current.title)

    def _on_busy_changed(self) -> None:
        self._list.show_answering(self._room.course.chat_ids)


def _nowhere(_chat_id: str) -> bool:
    return False
