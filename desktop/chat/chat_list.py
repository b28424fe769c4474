"""The saved chats, the latest first, under the day they were last used."""

from collections.abc import Collection, Sequence
from datetime import UTC, datetime

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QCursor, QFont, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QListWidget,
    QListWidgetItem,
    QMenu,
    QStyledItemDelegate,
    QStyleOptionViewItem,
)

from core.chat.conversation import ChatSummary
from core.words import _
from desktop.theme import Theme
from desktop.words import day, day_group, moment, one_line

_ID = Qt.ItemDataRole.UserRole
_WHEN = Qt.ItemDataRole.UserRole + 1
_ANSWERING = Qt.ItemDataRole.UserRole + 2
_ROW_MARGIN = 16
_DOT = 7
Index = QModelIndex | QPersistentModelIndex


class _Rows(QStyledItemDelegate):
    """Draws a title with its time on the right, or the heading of a day."""

    def __init__(self, theme: Theme, holder: QListWidget) -> None:
        super().__init__(holder)
        self._theme = theme
        self._rows = holder

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        return QSize(80, self._rows.fontMetrics().height() + _ROW_MARGIN)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect: QRect = option.rect
        font = QFont(option.font)
        if index.data(_ID):
            painter.setFont(font)
            self._paint_chat(painter, rect, index)
        else:
            font.setWeight(QFont.Weight.DemiBold)
            painter.setFont(font)
            painter.setPen(QColor(self._theme.colours.muted))
            flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
            painter.drawText(rect.adjusted(10, 4, -8, 0), flags, str(index.data()))
        painter.restore()

    def _paint_chat(self, painter: QPainter, rect: QRect, index: Index) -> None:
        colours = self._theme.colours
        rows = (
            self._rows
        )  # asking it for viewport or selection model would load all of Qt's classes
        mouse = rows.mapFromGlobal(QCursor.pos())
        ground = ""
        if rows.currentIndex() == index:
            ground = colours.selected
        elif rows.underMouse() and rect.contains(mouse):
            ground = colours.hover
        focused = rows.hasFocus() and rows.currentIndex() == index
        painter.setPen(QColor(colours.accent) if focused else Qt.PenStyle.NoPen)
        if ground or focused:
            painter.setBrush(QColor(ground or colours.side))
            painter.drawRoundedRect(rect.adjusted(1, 1, -1, -1), 8, 8)
        inner = rect.adjusted(10, 0, -10, 0)
        metrics = painter.fontMetrics()
        when = str(index.data(_WHEN))
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.setPen(QColor(colours.muted))
        painter.drawText(inner, middle | Qt.AlignmentFlag.AlignRight, when)
        room = inner.width() - metrics.horizontalAdvance(when) - 10
        if index.data(_ANSWERING):
            room -= _DOT + 8
            self._paint_dot(painter, inner.left() + room + 8, inner.center().y())
        title = metrics.elidedText(str(index.data()), Qt.TextElideMode.ElideRight, room)
        painter.setPen(QColor(colours.text))
        painter.drawText(inner, middle | Qt.AlignmentFlag.AlignLeft, title)

    def _paint_dot(self, painter: QPainter, left: int, middle: int) -> None:
        """Show that an answer is being written."""
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self._theme.colours.accent))
        painter.drawEllipse(left, middle - _DOT // 2, _DOT, _DOT)


class ChatList(QListWidget):
    """Emits what the person wants done with a chat; changes nothing by itself."""

    chosen = Signal(str)
    rename_wanted = Signal(str)
    delete_wanted = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._current = ""
        self._answering: Collection[str] = ()
        self._build()
        self._connect()

    def _build(self) -> None:
        self.setObjectName("chat_list")
        self.setAccessibleName(_("Chats"))
        self.setItemDelegate(_Rows(self._theme, self))
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QListWidget.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)

    def _connect(self) -> None:
        self.itemClicked.connect(self._on_item_chosen)
        self.itemActivated.connect(self._on_item_chosen)
        self.customContextMenuRequested.connect(self._on_menu_requested)

    def show_chats(self, chats: Sequence[ChatSummary]) -> None:
        """List these, and mark the current one again."""
        today = datetime.now(UTC).astimezone().date()
        self.clear()
        heading = ""
        for chat in chats:
            group = day_group(day(chat.updated), today)
            if group != heading:
                heading = group
                self._add_heading(group)
            self._add_chat(chat, moment(chat.updated, today))
        self.mark(self._current)

    def mark(self, chat_id: str) -> None:
        """Show which chat is open; an empty id is a new one."""
        self._current = chat_id
        for row in range(self.count()):
            if self.item(row).data(_ID) == chat_id and chat_id:
                self.setCurrentRow(row)
                return
        self.clearSelection()
        self.setCurrentRow(-1)

    def show_answering(self, chat_ids: Collection[str]) -> None:
        """Mark the chats in which an answer is being written."""
        self._answering = chat_ids
        for row in range(self.count()):
            self._say_answering(self.item(row))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Rename on F2, delete on Delete (both ask)."""
        item = self.currentItem()
        if item is not None and item.data(_ID):
            if event.key() == Qt.Key.Key_F2:
                self.rename_wanted.emit(item.data(_ID))
                return
            if event.key() == Qt.Key.Key_Delete:
                self.delete_wanted.emit(item.data(_ID))
                return
            if event.key() == Qt.Key.Key_Space:
                self.chosen.emit(item.data(_ID))
                return
        super().keyPressEvent(event)

    def _add_heading(self, words: str) -> None:
        item = QListWidgetItem(words)
        item.setFlags(Qt.ItemFlag.NoItemFlags)
        self.addItem(item)

    def _add_chat(self, chat: ChatSummary, when: str) -> None:
        title = one_line(chat.title) or _("New chat")
        item = QListWidgetItem(title)
        item.setData(_ID, chat.chat_id)
        item.setData(_WHEN, when)
        self._say_answering(item)
        self.addItem(item)

    def _say_answering(self, item: QListWidgetItem) -> None:
        chat_id = item.data(_ID)
        if not chat_id:
            return
        name, answering = f"{item.text()}, {item.data(_WHEN)}", chat_id in self._answering
        if answering:
            name = _("{chat}, answering").format(chat=name)
        item.setData(_ANSWERING, answering)
        item.setData(Qt.ItemDataRole.AccessibleTextRole, name)

    def _on_item_chosen(self, item: QListWidgetItem) -> None:
        if item.data(_ID):
            self.chosen.emit(item.data(_ID))

    def _on_menu_requested(self, point: QPoint) -> None:
        item = self.itemAt(point)
        if item is None or not item.data(_ID):
            return
        chat_id = item.data(_ID)
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(_("Rename…")).triggered.connect(lambda: self.rename_wanted.emit(chat_id))
        menu.addAction(_("Delete…")).triggered.connect(lambda: self.delete_wanted.emit(chat_id))
        menu.popup(self.viewport().mapToGlobal(point))
