"""The manual's contents: a tree whose titles go on in a second line where there is no room."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem, QTreeWidget


class ContentsTree(QTreeWidget):
    """One column of titles, none of which is cut."""

    def __init__(self) -> None:
        super().__init__()
        self.setHeaderHidden(True)
        self.setWordWrap(True)
        self.setTextElideMode(Qt.TextElideMode.ElideNone)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setItemDelegate(_TitleDelegate(self))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give each title as many lines as it needs in the new width."""
        super().resizeEvent(event)
        self.scheduleDelayedItemsLayout()


class _TitleDelegate(QStyledItemDelegate):
    """Says how high a title is, which the tree asks without saying how wide it may be."""

    def __init__(self, tree: ContentsTree) -> None:
        super().__init__(tree)
        self._tree = tree

    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        """Return the room of all lines of a title."""
        hint = super().sizeHint(option, index)
        metrics, text = option.fontMetrics, str(index.data())
        depth = 2 if index.parent().isValid() else 1
        beside = max(hint.width() - metrics.horizontalAdvance(text), 0) + metrics.averageCharWidth()
        room = self._tree.viewport().width() - depth * self._tree.indentation() - beside
        lines = metrics.boundingRect(
            QRect(0, 0, max(room, 1), 1), Qt.TextFlag.TextWordWrap.value, text
        )
        added = max(lines.height() - metrics.height(), 0)
        return QSize(min(hint.width(), room), hint.height() + added)
