"""Model row delegate: a model's name, its details on the other side, a mark at the one in use."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter
from PySide6.QtWidgets import (
    QListWidget,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
)

from desktop.kit.buttons_and_labels import draw_text_line
from desktop.kit.theme import Theme

DETAILS_ROLE = Qt.ItemDataRole.UserRole + 1
MARK_ROLE = Qt.ItemDataRole.UserRole + 2
_PADDING, _MARK = 10, 16


class ModelRowDelegate(QStyledItemDelegate):
    """Rows that can't be selected are headings."""

    def __init__(self, theme: Theme, rows: QListWidget) -> None:
        super().__init__(rows)
        self._theme = theme

    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        """Return one line with space around it."""
        del index
        return QSize(1, option.fontMetrics.height() + 12)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """Draw one row."""
        colours = self._theme.colours
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect: QRect = option.rect
        text = str(index.data(Qt.ItemDataRole.DisplayRole))
        inner = rect.adjusted(_PADDING, 0, -_PADDING, 0)
        if not index.flags() & Qt.ItemFlag.ItemIsSelectable:
            font = QFont(option.font)
            font.setWeight(QFont.Weight.DemiBold)
            painter.setFont(font)
            painter.setPen(QColor(colours.muted))
            draw_text_line(painter, inner, text)
        else:
            self._paint_ground(painter, option)
            self._paint_row(painter, option, index, inner)
        painter.restore()

    def _paint_ground(self, painter: QPainter, option: QStyleOptionViewItem) -> None:
        is_selected = bool(option.state & QStyle.StateFlag.State_Selected)
        is_hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)
        if is_selected or is_hovered:
            colours = self._theme.colours
            strong = self._theme.is_high_contrast and is_selected
            painter.setPen(QColor(colours.focus) if strong else Qt.PenStyle.NoPen)
            painter.setBrush(QColor(colours.selected if is_selected else colours.hover))
            painter.drawRoundedRect(option.rect.adjusted(1, 1, -1, -1), 6, 6)

    def _paint_row(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
        inner: QRect,
    ) -> None:
        """Draw mark, name and details; the name gives way where there is little space."""
        colours = self._theme.colours
        direction = option.direction
        mark = self._theme.scaled(_MARK)
        if index.data(MARK_ROLE):
            spot = QRect(inner.left(), inner.center().y() - mark // 2, mark, mark)
            icon = self._theme.icon("check", "info", _MARK)
            icon.paint(painter, QStyle.visualRect(direction, inner, spot))
        metrics = option.fontMetrics
        details = str(index.data(DETAILS_ROLE) or "")
        wide = metrics.horizontalAdvance(details)
        name_rect = inner.adjusted(mark + 6, 0, -wide - _PADDING, 0)
        name = str(index.data(Qt.ItemDataRole.DisplayRole))
        shown = metrics.elidedText(name, Qt.TextElideMode.ElideMiddle, name_rect.width())
        painter.setFont(option.font)
        painter.setPen(QColor(colours.text))
        draw_text_line(painter, QStyle.visualRect(direction, inner, name_rect), shown)
        painter.setPen(QColor(colours.muted))
        place = QRect(inner.right() - wide, inner.top(), wide + 1, inner.height())
        draw_text_line(painter, QStyle.visualRect(direction, inner, place), details)
