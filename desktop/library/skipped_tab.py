"""Which files of a folder give no answers, why, and what can be done."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from core.errors import describe
from core.messages import FileSkipped
from core.words import _, ngettext
from desktop.buttons import TextButton, plain_label
from desktop.library.file_table import FileTable
from desktop.theme import Theme
from desktop.words import count


class SkippedTab(QWidget):
    """A table of file, reason and remedy."""

    retry_wanted = Signal(str)
    """A file's name, relative to its folder; "" for all."""
    shown_in_folder = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._files: tuple[FileSkipped, ...] = ()
        self._build()
        self._connect()

    def _build(self) -> None:
        self._told = plain_label(_("Looking…"), "muted", wrap=True)
        heads = (_("File"), _("Why"), _("What to do"))
        self.table = FileTable(_("Skipped files"), heads)
        self.table.horizontalHeader().sectionResized.connect(self.table.resizeRowsToContents)
        self.there = TextButton(self._theme, _("Show in its folder"), icon="folder")
        self.one = TextButton(self._theme, _("Read again"), icon="again")
        self.all = TextButton(self._theme, _("Read all again"), icon="again")
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addStretch(1)
        for part in (self.there, self.one, self.all):
            row.addWidget(part)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 12, 0, 0)
        column.setSpacing(8)
        column.addWidget(self._told)
        column.addWidget(self.table, 1)
        column.addLayout(row)
        self._on_selection_changed()

    def _connect(self) -> None:
        self.table.itemSelectionChanged.connect(self._on_selection_changed)
        self.there.clicked.connect(self._on_there_clicked)
        self.one.clicked.connect(self._on_one_clicked)
        self.all.clicked.connect(lambda: self.retry_wanted.emit(""))

    def show_files(self, files: tuple[FileSkipped, ...]) -> None:
        """Show the files with their reasons."""
        self._files = files
        self.table.show_rows([(file.file, *describe(file.code, file.facts)) for file in files])
        self.table.resizeRowsToContents()
        words = ngettext(
            "{count} file could not be read and gives no answers.",
            "{count} files could not be read and give no answers.",
            len(files),
        )
        none = _("Every file that was found could be read.")
        self._told.setText(words.format(count=count(len(files))) if files else none)
        self.all.setEnabled(bool(files))
        self._on_selection_changed()

    def _on_selection_changed(self) -> None:
        chosen = len(self.table.chosen)
        self.one.setEnabled(chosen > 0)
        self.there.setEnabled(chosen == 1)

    def _on_one_clicked(self) -> None:
        for row in self.table.chosen:
            self.retry_wanted.emit(self._files[row].file)

    def _on_there_clicked(self) -> None:
        self.shown_in_folder.emit(self._files[self.table.chosen[0]].file)
