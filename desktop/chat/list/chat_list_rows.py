"""Rows of the chat list: grouping of chats into sections, and painting of each row."""

from collections.abc import Sequence
from datetime import date

from msgspec import Struct
from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QCursor, QFont, QPainter
from PySide6.QtWidgets import QListWidget, QStyledItemDelegate, QStyleOptionViewItem

from core.base.i18n import _
from core.chat.conversations.conversation import ChatListEntry
from core.chat.store.chat_organizer import ChatGroup
from desktop.kit.buttons_and_labels import draw_text_line
from desktop.kit.locale_formatting import day_heading, local_date
from desktop.kit.theme import Theme


class ChatSection(Struct, frozen=True):
    """A heading, the id of its group ("" for none), and the chats under it."""

    heading: str
    group_id: str
    chats: tuple[ChatListEntry, ...]


def group_into_sections(
    chats: Sequence[ChatListEntry], groups: Sequence[ChatGroup], today: date
) -> tuple[ChatSection, ...]:
    """Return all groups and the sections that have chats, the latest chat first in each.

    A pinned chat stands among the pinned ones alone.
    """
    pinned = tuple(chat for chat in chats if chat.pinned)
    sections = [ChatSection(_("Pinned"), "", pinned)] if pinned else []
    known = {group.group_id for group in groups}
    for group in groups:
        of_group = [chat for chat in chats if chat.group_id == group.group_id and not chat.pinned]
        sections.append(ChatSection(group.name, group.group_id, tuple(of_group)))
    by_day: dict[str, list[ChatListEntry]] = {}
    for chat in chats:
        if not chat.pinned and chat.group_id not in known:
            by_day.setdefault(day_heading(local_date(chat.updated), today), []).append(chat)
    sections += [ChatSection(heading, "", tuple(those)) for heading, those in by_day.items()]
    return tuple(sections)


CHAT_ROLE = Qt.ItemDataRole.UserRole
"""The id of the chat of a row, None for a heading."""
WHEN_ROLE = Qt.ItemDataRole.UserRole + 1
ANSWERING_ROLE = Qt.ItemDataRole.UserRole + 2
GROUP_ROLE = Qt.ItemDataRole.UserRole + 3
"""The id of the group of a heading."""
FOLDED_ROLE = Qt.ItemDataRole.UserRole + 4
_ROW_MARGIN = 16
_DOT = 7
_ARROW = 16
Index = QModelIndex | QPersistentModelIndex


class ChatListDelegate(QStyledItemDelegate):
    """Draws a title with its time on the right, or a heading."""

    def __init__(self, theme: Theme, parent: QListWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._rows = parent

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        """All rows have the same height."""
        return QSize(80, self._rows.fontMetrics().height() + _ROW_MARGIN)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw one line."""
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect: QRect = option.rect
        painter.setFont(QFont(option.font))
        if index.data(CHAT_ROLE):
            self._paint_ground(painter, rect, index)
            self._paint_chat(painter, rect, index)
        else:
            if index.data(GROUP_ROLE):
                self._paint_ground(painter, rect, index)
            self._paint_heading(painter, rect, index)
        painter.restore()

    def _paint_ground(self, painter: QPainter, rect: QRect, index: Index) -> None:
        colours = self._theme.colours
        rows = (
            self._rows
        )  # asking it for viewport or selection model would load all of Qt's classes
        mouse = rows.mapFromGlobal(QCursor.pos())
        ground, item = "", rows.item(index.row())
        if item is not None and item.isSelected():
            ground = colours.selected
        elif rows.underMouse() and rect.contains(mouse):
            ground = colours.hover
        focused = rows.hasFocus() and rows.currentIndex() == index
        painter.setPen(QColor(colours.focus) if focused else Qt.PenStyle.NoPen)
        if ground or focused:
            painter.setBrush(QColor(ground or colours.side))
            painter.drawRoundedRect(rect.adjusted(1, 1, -1, -1), 8, 8)

    def _paint_heading(self, painter: QPainter, rect: QRect, index: Index) -> None:
        font = painter.font()
        font.setWeight(QFont.Weight.DemiBold)
        painter.setFont(font)
        painter.setPen(QColor(self._theme.colours.muted))
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        inner = rect.adjusted(10, 4, -8, 0)
        if index.data(GROUP_ROLE):
            name = "right" if index.data(FOLDED_ROLE) else "down"
            size = self._theme.scaled(_ARROW)
            picture = self._theme.icon_pixmap(name, "muted", _ARROW)
            painter.drawPixmap(inner.left() - 4, rect.center().y() - size // 2 + 1, picture)
            inner = inner.adjusted(size + 2, -4, 0, 0)
        words = painter.fontMetrics().elidedText(
            str(index.data()), Qt.TextElideMode.ElideRight, inner.width()
        )
        painter.drawText(inner, flags, words)

    def _paint_chat(self, painter: QPainter, rect: QRect, index: Index) -> None:
        colours = self._theme.colours
        inner = rect.adjusted(10, 0, -10, 0)
        metrics = painter.fontMetrics()
        when = str(index.data(WHEN_ROLE))
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.setPen(QColor(colours.muted))
        painter.drawText(inner, middle | Qt.AlignmentFlag.AlignRight, when)
        width_left = inner.width() - metrics.horizontalAdvance(when) - 10
        if index.data(ANSWERING_ROLE):
            width_left -= self._theme.scaled(_DOT) + 8
            self._paint_dot(painter, inner.left() + width_left + 8, inner.center().y())
        title = metrics.elidedText(str(index.data()), Qt.TextElideMode.ElideRight, width_left)
        painter.setPen(QColor(colours.text))
        draw_text_line(painter, inner, title)

    def _paint_dot(self, painter: QPainter, left: int, middle: int) -> None:
        """Paint the mark of a running answer."""
        size = self._theme.scaled(_DOT)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self._theme.colours.info))
        painter.drawEllipse(left, middle - size // 2, size, size)
