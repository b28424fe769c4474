"""Chat list widget: pinned chats, foldable groups, and other chats by day."""

from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from enum import StrEnum

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QListWidget, QListWidgetItem

from core.base.i18n import _, ngettext
from core.chat.conversations.conversation import ChatListEntry
from core.chat.store.chat_organizer import ChatGroup
from desktop.chat.list.chat_list_rows import (
    ANSWERING_ROLE,
    CHAT_ROLE,
    FOLDED_ROLE,
    GROUP_ROLE,
    WHEN_ROLE,
    ChatListDelegate,
    ChatSection,
    group_into_sections,
)
from desktop.kit.locale_formatting import format_moment, one_line
from desktop.kit.theme import Theme


class ChatAction(StrEnum):
    """Actions on a chat or a group."""

    WINDOW = "window"
    RENAME = "rename"
    PIN = "pin"
    UNPIN = "unpin"
    MOVE = "move"
    MOVE_TO_NEW = "move to new"
    EXPORT = "export"
    TRASH = "trash"
    RENAME_GROUP = "rename group"
    REMOVE_GROUP = "remove group"


class ChatList(QListWidget):
    """Emits the chosen actions; changes nothing itself but what is folded."""

    chat_chosen = Signal(str)
    action_requested = Signal(str, str, str)
    """A `ChatAction`, the id of a chat (or group), and for MOVE the id of the group it goes to."""
    menu_wanted = Signal(str, QPoint)
    """A chat, and the screen position of its menu."""
    group_menu_wanted = Signal(str, QPoint)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._current = ""
        self._answering: Collection[str] = ()
        self._chats: tuple[ChatListEntry, ...] = ()
        self._groups: tuple[ChatGroup, ...] = ()
        self._folded: set[str] = set()
        self._build()
        self._connect()

    def _build(self) -> None:
        self.setObjectName("chat_list")
        self.setAccessibleName(_("Chats"))
        self.setItemDelegate(ChatListDelegate(self._theme, self))
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QListWidget.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)

    def _connect(self) -> None:
        self.itemClicked.connect(self._on_item_chosen)
        self.itemActivated.connect(self._on_item_chosen)
        self.customContextMenuRequested.connect(self._on_menu_requested)

    def show_chats(self, chats: Sequence[ChatListEntry], groups: Sequence[ChatGroup] = ()) -> None:
        """Show these chats, and select the current one again."""
        self._chats, self._groups = tuple(chats), tuple(groups)
        today = datetime.now(UTC).astimezone().date()
        self.clear()
        for section in group_into_sections(chats, groups, today):
            self._add_heading(section)
            if not section.group_id or section.group_id not in self._folded:
                for chat in section.chats:
                    self._add_chat(chat, format_moment(chat.updated, today))
        self.mark_current(self._current)

    def mark_current(self, chat_id: str) -> None:
        """Select the open chat; an empty id means a new one."""
        self._current = chat_id
        for row in range(self.count()):
            if self.item(row).data(CHAT_ROLE) == chat_id and chat_id:
                self.setCurrentRow(row)
                return
        self.clearSelection()
        self.setCurrentRow(-1)

    def show_answering(self, chat_ids: Collection[str]) -> None:
        """Mark the chats in which an answer is running."""
        self._answering = chat_ids
        for row in range(self.count()):
            self._say_answering(self.item(row))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """F2 renames, Delete moves to the trash, Space opens; left and right fold a group."""
        item = self.currentItem()
        taken = False
        if item is not None and item.data(CHAT_ROLE):
            taken = self._take_key(event, item.data(CHAT_ROLE))
        elif item is not None and item.data(GROUP_ROLE):
            taken = self._take_group_key(event, item.data(GROUP_ROLE))
        if not taken:
            super().keyPressEvent(event)

    def _take_key(self, event: QKeyEvent, chat_id: str) -> bool:
        if event.key() == Qt.Key.Key_F2:
            self.action_requested.emit(ChatAction.RENAME, chat_id, "")
        elif event.key() == Qt.Key.Key_Delete:
            self.action_requested.emit(ChatAction.TRASH, chat_id, "")
        elif event.key() == Qt.Key.Key_Space:
            self.chat_chosen.emit(chat_id)
        else:
            return False
        return True

    def _take_group_key(self, event: QKeyEvent, group_id: str) -> bool:
        folds = {Qt.Key.Key_Left: True, Qt.Key.Key_Right: False}
        if event.key() in folds:
            self._fold(group_id, folded=folds[Qt.Key(event.key())])
        elif event.key() == Qt.Key.Key_Space:
            self._fold(group_id, folded=group_id not in self._folded)
        elif event.key() == Qt.Key.Key_F2:
            self.action_requested.emit(ChatAction.RENAME_GROUP, group_id, "")
        elif event.key() == Qt.Key.Key_Delete:
            self.action_requested.emit(ChatAction.REMOVE_GROUP, group_id, "")
        else:
            return False
        return True

    def _fold(self, group_id: str, *, folded: bool) -> None:
        if folded:
            self._folded.add(group_id)
        else:
            self._folded.discard(group_id)
        self.show_chats(self._chats, self._groups)
        for row in range(self.count()):
            if self.item(row).data(GROUP_ROLE) == group_id:
                self.setCurrentRow(row)

    def _add_heading(self, section: ChatSection) -> None:
        item = QListWidgetItem(one_line(section.heading))
        if not section.group_id:
            item.setFlags(Qt.ItemFlag.NoItemFlags)
        else:
            folded = section.group_id in self._folded
            item.setData(GROUP_ROLE, section.group_id)
            item.setData(FOLDED_ROLE, folded)
            number = len(section.chats)
            words = ngettext("{group}, {count} chat", "{group}, {count} chats", number)
            name = words.format(group=item.text(), count=number)
            name = _("{group}, folded").format(group=name) if folded else name
            item.setData(Qt.ItemDataRole.AccessibleTextRole, name)
        self.addItem(item)

    def _add_chat(self, chat: ChatListEntry, when: str) -> None:
        title = one_line(chat.title) or _("New chat")
        item = QListWidgetItem(title)
        item.setData(CHAT_ROLE, chat.chat_id)
        item.setData(WHEN_ROLE, when)
        self._say_answering(item)
        self.addItem(item)

    def _say_answering(self, item: QListWidgetItem) -> None:
        chat_id = item.data(CHAT_ROLE)
        if not chat_id:
            return
        name, answering = f"{item.text()}, {item.data(WHEN_ROLE)}", chat_id in self._answering
        if answering:
            name = _("{chat}, answering").format(chat=name)
        item.setData(ANSWERING_ROLE, answering)
        item.setData(Qt.ItemDataRole.AccessibleTextRole, name)

    def _on_item_chosen(self, item: QListWidgetItem) -> None:
        if item.data(CHAT_ROLE):
            self.chat_chosen.emit(item.data(CHAT_ROLE))
        elif item.data(GROUP_ROLE):
            self._fold(item.data(GROUP_ROLE), folded=item.data(GROUP_ROLE) not in self._folded)

    def _on_menu_requested(self, point: QPoint) -> None:
        """Open the menu: a right click is about its row, the menu key about the current one."""
        item = self.itemAt(point) or self.currentItem()
        if item is None:
            return
        where = self.viewport().mapToGlobal(point)
        if item.data(CHAT_ROLE):
            self.menu_wanted.emit(item.data(CHAT_ROLE), where)
        elif item.data(GROUP_ROLE):
            self.group_menu_wanted.emit(item.data(GROUP_ROLE), where)
