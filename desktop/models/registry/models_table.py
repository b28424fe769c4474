"""Table of the installed models: sizes its columns and takes the Delete key."""

from PySide6.QtCore import QAbstractItemModel, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHeaderView, QTableView

from core.base.i18n import _
from desktop.kit.theme import follow_text_size
from desktop.models.registry.installed_models_table import FITS_COLUMN

_LETTERS_OF_FIT = 20
_SHARE_OF_FIT = 0.45
"""Of the table, so that a sentence in it leaves room for the names."""


class ModelsTable(QTableView):
    """One row per model, chosen as a whole."""

    delete_pressed = Signal()

    def __init__(self, model: QAbstractItemModel) -> None:
        super().__init__()
        self.setModel(model)
        self.setSortingEnabled(True)
        self.sortByColumn(-1, Qt.SortOrder.AscendingOrder)
        self.setAccessibleName(_("Models"))
        self.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QTableView.SelectionMode.SingleSelection)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)  # names differ at their ends
        self.verticalHeader().hide()
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(FITS_COLUMN, QHeaderView.ResizeMode.Interactive)
        model.modelReset.connect(self._fit_columns)
        follow_text_size(self, self._fit_columns)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let the selected model be removed with Delete."""
        if event.key() == Qt.Key.Key_Delete:
            self.delete_pressed.emit()
            return
        super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the width among the columns."""
        super().resizeEvent(event)
        self._fit_columns()

    def _fit_columns(self) -> None:
        letter = self.fontMetrics()
        self.verticalHeader().setDefaultSectionSize(letter.height() + 20)
        self.horizontalHeader().setMinimumSectionSize(8 * letter.averageCharWidth())
        widest = _LETTERS_OF_FIT * letter.averageCharWidth()
        share = int(_SHARE_OF_FIT * self.viewport().width())
        head = self.horizontalHeader().sectionSizeHint(FITS_COLUMN)
        needed = max(head, self.sizeHintForColumn(FITS_COLUMN))
        self.setColumnWidth(FITS_COLUMN, min(needed, widest, share))
