"""Chat list widget: pinned chats, foldable groups, other chats by day; several can be selected."""

from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from enum import StrEnum

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QFocusEvent, QGuiApplication, QKeyEvent, QMouseEvent
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

_BACK_SOON = frozenset({Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason})
"""Why the list loses the focus and gets it back as it was."""


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
    trash_wanted = Signal(object)
    """Ids of chats, a tuple."""
    several_menu_wanted = Signal(object, QPoint)
    """Ids of the selected chats, two at least, and the screen position of their menu."""

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
        self.setSelectionMode(QListWidget.SelectionMode.ExtendedSelection)
        self.setVerticalScrollMode(QListWidget.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)

    def _connect(self) -> None:
        self.itemClicked.connect(self._on_item_clicked)
        self.itemActivated.connect(self._on_item_chosen)
        self.customContextMenuRequested.connect(self._on_menu_requested)

    @property
    def selected_chats(self) -> tuple[str, ...]:
        """Ids of the selected chats, from top to bottom."""
        rows = map(self.item, range(self.count()))
        return tuple(_chat_of(row) for row in rows if row.isSelected() and _chat_of(row))

    def show_chats(self, chats: Sequence[ChatListEntry], groups: Sequence[ChatGroup] = ()) -> None:
        """Show these chats, and select the current one again, or where keys have led to."""
        self._chats, self._groups = tuple(chats), tuple(groups)
        row, chat_id, selected = (
            self.currentRow(),
            _chat_of(self.currentItem()),
            self.selected_chats,
        )
        today = datetime.now(UTC).astimezone().date()
        self.clear()
        for section in group_into_sections(chats, groups, today):
            self._add_heading(section)
            if not section.group_id or section.group_id not in self._folded:
                for chat in section.chats:
                    self._add_chat(chat, format_moment(chat.updated, today))
        # Tab stops at nothing that can't be seen.
        policy = Qt.FocusPolicy.TabFocus if self.count() else Qt.FocusPolicy.NoFocus
        self.setFocusPolicy(policy)
        self.mark_current(self._current)
        if self.hasFocus() and chat_id:
            self._return_to(row, chat_id, selected)

    def mark_current(self, chat_id: str) -> None:
        """Select the open chat; an empty id means a new one."""
        self._current = chat_id
        self.clearSelection()
        for row in range(self.count()):
            if self.item(row).data(CHAT_ROLE) == chat_id and chat_id:
                self.setCurrentRow(row)
                return
        self.setCurrentRow(-1)

    def _return_to(self, row: int, chat_id: str, selected: Collection[str]) -> None:
        """Go back to a chat, or to the one that is in its place now, and select what was."""
        ids = [_chat_of(self.item(each)) for each in range(self.count())]
        near = (*range(row, len(ids)), *range(min(row, len(ids)) - 1, -1, -1))
        there = [each for each in near if ids[each]]
        found = ids.index(chat_id) if chat_id in ids else (there or [-1])[0]
        self.setCurrentRow(found)
        for each, listed in enumerate(ids):
            if listed and listed in selected:
                self.item(each).setSelected(True)

    def show_answering(self, chat_ids: Collection[str]) -> None:
        """Mark the chats in which an answer is running."""
        self._answering = chat_ids
        for row in range(self.count()):
            self._say_answering(self.item(row))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take the keys for a chat or a group; a click on a day leaves them where they are."""
        item = self.itemAt(event.position().toPoint())
        if item is not None and item.flags() & Qt.ItemFlag.ItemIsEnabled:
            self.setFocus(Qt.FocusReason.MouseFocusReason)
        super().mousePressEvent(event)

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

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Show which chat is open again, unless a menu or another window has the keys."""
        super().focusOutEvent(event)
        if event.reason() not in _BACK_SOON:
            self.mark_current(self._current)

    def _take_key(self, event: QKeyEvent, chat_id: str) -> bool:
        if event.key() == Qt.Key.Key_F2:
            self.action_requested.emit(ChatAction.RENAME, chat_id, "")
        elif event.key() == Qt.Key.Key_Delete:
            selected = self.selected_chats
            self.trash_wanted.emit(selected if chat_id in selected else (chat_id,))
        elif event.key() == Qt.Key.Key_Space and not _adds_to_selection():
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

    def _on_item_clicked(self, item: QListWidgetItem) -> None:
        if not _adds_to_selection():
            self._on_item_chosen(item)

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
        selected = self.selected_chats
        if len(selected) > 1 and _chat_of(item) in selected:
            self.several_menu_wanted.emit(selected, where)
        elif item.data(CHAT_ROLE):
            self.menu_wanted.emit(item.data(CHAT_ROLE), where)
        elif item.data(GROUP_ROLE):
            self.group_menu_wanted.emit(item.data(GROUP_ROLE), where)


def _chat_of(item: QListWidgetItem | None) -> str:
    """Return the chat of a row, "" for a heading and for none."""
    return str(item.data(CHAT_ROLE) or "") if item is not None else ""


def _adds_to_selection() -> bool:
    """Whether a key is held with which a click or Space selects and opens nothing."""
    held = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    return bool(QGuiApplication.keyboardModifiers() & held)
