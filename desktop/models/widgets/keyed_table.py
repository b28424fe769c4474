"""Table of text cells with one selected row, which is remembered by its key."""

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, QSize, Qt
from PySide6.QtGui import QColor, QFont, QResizeEvent
from PySide6.QtWidgets import QHeaderView, QTableWidget, QTableWidgetItem

from core.base.i18n import _
from desktop.kit.buttons_and_labels import as_tooltip
from desktop.kit.theme import Theme, follow_text_size
from desktop.kit.visible_text import visible_text

_TRAILING = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
TableCell = tuple[str, str]
"""Text, and the role of its colour ("": the default)."""


class KeyedTable(QTableWidget):
    """Keeps the selected row by its key when it is filled again."""

    def __init__(
        self,
        theme: Theme,
        name: str,
        heads: Sequence[str],
        *,
        numbers: Sequence[int] = (),
        dispensable: Sequence[int] = (),
    ) -> None:
        """Cells of the columns in `numbers` end below each other: their digits stand in line.

        Where there is no room for all columns, those in `dispensable` go, the first one first.
        """
        super().__init__(0, len(heads))
        self._dispensable = tuple(dispensable)
        self._theme = theme
        self._numbers = frozenset(numbers)
        self._heads = tuple(heads)
        self._keys: list[str] = []
        self._roles: list[list[str]] = []
        self._build(name)
        theme.changed.connect(self._paint)

    def sizeHint(self) -> QSize:
        """Return a small height: the table takes the remaining space, and scrolls."""
        return QSize(super().sizeHint().width(), self.minimumHeight())

    def _build(self, name: str) -> None:
        self.setAccessibleName(name)
        self.setHorizontalHeaderLabels(list(self._heads))
        self.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QTableWidget.SelectionBehavior.SelectRows)
        self.setSelectionMode(QTableWidget.SelectionMode.SingleSelection)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.verticalHeader().hide()
        follow_text_size(self, self._set_row_height)
        header = self.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setHighlightSections(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setStretchLastSection(True)
        for column in self._numbers:
            head = QTableWidgetItem(self._heads[column])
            head.setTextAlignment(_TRAILING)
            self.setHorizontalHeaderItem(column, head)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show as many columns as there is room for."""
        super().resizeEvent(event)
        self._fit_columns()

    def _fit_columns(self) -> None:
        header = self.horizontalHeader()
        widths = {
            column: max(self.sizeHintForColumn(column), header.sectionSizeHint(column))
            for column in (range(len(self._heads)) if self._dispensable else ())
        }
        bar = self.verticalScrollBar().sizeHint().width()  # it may come with more rows
        room = self.width() - 2 * self.frameWidth() - bar
        for column in self._dispensable:
            is_hidden = sum(widths.values()) > room
            self.setColumnHidden(column, is_hidden)
            if is_hidden:
                del widths[column]

    def _set_row_height(self) -> None:
        self.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + 16)

    @property
    def current_key(self) -> str:
        """The key of the selected row, "" for none."""
        row = self.currentRow()
        return self._keys[row] if 0 <= row < len(self._keys) else ""

    def select_key(self, key: str) -> bool:
        """Select a row; returns whether it exists."""
        if key not in self._keys:
            return False
        index = self.model().index(self._keys.index(key), 0)
        self.setCurrentIndex(index)  # selectRow selects nothing from right to left
        return True

    def show_rows(
        self, keys: Sequence[str], rows: Sequence[Sequence[TableCell]], strong: str = ""
    ) -> None:
        """Show rows; the one with the key `strong` is bold. The selection stays."""
        content = self.current_key
        with QSignalBlocker(self):
            self._keys = list(keys)
            self._roles = [[role for _words, role in row] for row in rows]
            self.setRowCount(len(rows))
            for index, row in enumerate(rows):
                for column, (text, _role) in enumerate(row):
                    self.setItem(index, column, self._item(text, column, keys[index] == strong))
            self._paint()
            self._fit_columns()
            self.clearSelection()
            self.setCurrentCell(-1, -1)
        if not self.select_key(content) and not self.select_key(strong) and self._keys:
            self.select_key(self._keys[0])

    def _item(self, words: str, column: int, stands_out: bool) -> QTableWidgetItem:  # noqa: FBT001
        item = QTableWidgetItem(visible_text(words))
        item.setToolTip(as_tooltip(visible_text(words)))
        text = f"{self._heads[column]}: {words or '—'}"
        if stands_out and column == 0:
            text = _("{cell}, recommended").format(cell=text)
        item.setData(Qt.ItemDataRole.AccessibleTextRole, text)
        if column in self._numbers:
            item.setTextAlignment(_TRAILING)
        if stands_out:
            font = QFont(self.font())
            font.setWeight(QFont.Weight.DemiBold)
            item.setFont(font)
        return item

    def _paint(self) -> None:
        for index, roles in enumerate(self._roles):
            for column, role in enumerate(roles):
                item = self.item(index, column)
                if item is not None and role:
                    item.setForeground(QColor(getattr(self._theme.colours, role)))
