"""Skipped-files tab of the folder page: each file, the reason, and the remedy."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from core.base.errors import describe_error
from core.base.i18n import _, ngettext
from core.messages import FileSkipped
from desktop.kit.buttons_and_labels import TextButton, plain_label
from desktop.kit.layers.flow_layout import ButtonRow
from desktop.kit.locale_formatting import format_count
from desktop.kit.theme import Theme
from desktop.library.file_table import FileTable


class SkippedFilesTab(QWidget):
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
        self._summary = plain_label(_("Looking…"), "muted", wrap=True)
        heads = (_("File"), _("Why"), _("What to do"))
        self.table = FileTable(_("Skipped files"), heads)
        self.table.horizontalHeader().sectionResized.connect(self.table.resizeRowsToContents)
        self.show_in_folder_button = TextButton(self._theme, _("Show in its folder"), icon="folder")
        self.read_again_button = TextButton(self._theme, _("Read again"), icon="again")
        self.read_all_button = TextButton(self._theme, _("Read all again"), icon="again")
        row = ButtonRow()
        row.add_buttons(
            self.show_in_folder_button, self.read_again_button, self.read_all_button, at_end=True
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 12, 0, 0)
        column.setSpacing(8)
        column.addWidget(self._summary)
        column.addWidget(self.table, 1)
        column.addWidget(row)
        self._on_selection_changed()

    def _connect(self) -> None:
        self.table.itemSelectionChanged.connect(self._on_selection_changed)
        self.show_in_folder_button.clicked.connect(self._on_show_in_folder_clicked)
        self.read_again_button.clicked.connect(self._on_read_again_clicked)
        self.read_all_button.clicked.connect(lambda: self.retry_wanted.emit(""))

    def show_files(self, files: tuple[FileSkipped, ...]) -> None:
        """Show the files with their reasons."""
        self._files = files
        self.table.show_rows(
            [(file.file, *describe_error(file.code, file.facts)) for file in files]
        )
        self.table.resizeRowsToContents()
        words = ngettext(
            "{count} file could not be read and gives no answers.",
            "{count} files could not be read and give no answers.",
            len(files),
        )
        none = _("Every file that was found could be read.")
        self._summary.setText(words.format(count=format_count(len(files))) if files else none)
        self.read_all_button.setEnabled(bool(files))
        self._on_selection_changed()

    def _on_selection_changed(self) -> None:
        chosen = len(self.table.selected_rows)
        self.read_again_button.setEnabled(chosen > 0)
        self.show_in_folder_button.setEnabled(chosen == 1)

    def _on_read_again_clicked(self) -> None:
        for row in self.table.selected_rows:
            self.retry_wanted.emit(self._files[row].file)

    def _on_show_in_folder_clicked(self) -> None:
        self.shown_in_folder.emit(self._files[self.table.selected_rows[0]].file)
