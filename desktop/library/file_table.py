"""File table with multiple selection, for the tabs of the folder page."""

from collections.abc import Sequence

from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtWidgets import QHeaderView, QTableWidget, QTableWidgetItem

from desktop.kit.buttons_and_labels import as_tooltip
from desktop.kit.visible_text import visible_text


class FileTable(QTableWidget):
    """Rows of texts; the first column is a file name."""

    def __init__(self, name: str, heads: Sequence[str]) -> None:
        super().__init__(0, len(heads))
        self._build(name, heads)

    def _build(self, name: str, heads: Sequence[str]) -> None:
        self.setAccessibleName(name)
        self.setHorizontalHeaderLabels(list(heads))
        self.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QTableWidget.SelectionBehavior.SelectRows)
        self.setSelectionMode(QTableWidget.SelectionMode.ExtendedSelection)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setWordWrap(True)
        self.verticalHeader().hide()
        header = self.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setHighlightSections(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)

    def fit_columns(self, *columns: int) -> None:
        """Make these columns as narrow as their contents."""
        for column in columns:
            mode = QHeaderView.ResizeMode.ResizeToContents
            self.horizontalHeader().setSectionResizeMode(column, mode)

    def show_rows(self, rows: Sequence[Sequence[str]]) -> None:
        """Show these rows; selected files stay selected if they are still there."""
        items = [self.item(index, 0) for index in self.selected_rows]
        chosen = {item.text() for item in items if item is not None}
        self.setRowCount(len(rows))
        for index, row in enumerate(rows):
            for column, text in enumerate(row):
                item = QTableWidgetItem(visible_text(text))
                item.setToolTip(as_tooltip(visible_text(text)))
                self.setItem(index, column, item)
        self.clearSelection()
        command = QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows
        for index, row in enumerate(rows):
            if visible_text(row[0]) in chosen:
                self.selectionModel().select(self.model().index(index, 0), command)

    @property
    def selected_rows(self) -> list[int]:
        """The rows that are selected, from the top."""
        return sorted({index.row() for index in self.selectionModel().selectedRows()})
