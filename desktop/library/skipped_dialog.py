"""Which files of a folder give no answers, and why."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from core.errors import describe
from core.messages import FileSkipped
from core.words import _, ngettext
from desktop.buttons import TextButton, as_tooltip, plain_label
from desktop.theme import Theme
from desktop.words import count


class SkippedDialog(QDialog):
    """A table of file, reason and remedy."""

    def __init__(
        self, theme: Theme, holder: QWidget, *, folder: str, files: Sequence[FileSkipped]
    ) -> None:
        super().__init__(holder)
        self._theme = theme
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._build(folder, files)

    def _build(self, folder: str, files: Sequence[FileSkipped]) -> None:
        title = _("Skipped files in {folder}").format(folder=folder)
        self.setWindowTitle(title)
        self.resize(760, 440)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(12)
        words = ngettext(
            "{count} file could not be read and gives no answers.",
            "{count} files could not be read and give no answers.",
            len(files),
        )
        column.addWidget(plain_label(words.format(count=count(len(files))), wrap=True))
        column.addWidget(self._build_table(files), 1)
        close = TextButton(self._theme, _("Close"))
        close.clicked.connect(self.accept)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(close)
        column.addLayout(row)

    def _build_table(self, files: Sequence[FileSkipped]) -> QTableWidget:
        self.table = table = QTableWidget(len(files), 3)
        table.setAccessibleName(_("Skipped files"))
        table.setHorizontalHeaderLabels([_("File"), _("Why"), _("What to do")])
        table.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        table.setSelectionBehavior(QTableWidget.SelectionBehavior.SelectRows)
        table.setShowGrid(False)
        table.setTabKeyNavigation(False)
        table.verticalHeader().hide()
        header = table.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setHighlightSections(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        for index, file in enumerate(files):
            for place, text in enumerate((file.file, *describe(file.code, file.facts))):
                item = QTableWidgetItem(text)
                item.setToolTip(as_tooltip(text))
                table.setItem(index, place, item)
        header.sectionResized.connect(table.resizeRowsToContents)
        return table
