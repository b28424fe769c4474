"""Documents tab of the folder page: its documents, the most recently read first."""

from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from core.base.i18n import _, ngettext
from core.messages import FolderFile
from desktop.kit.buttons_and_labels import TextButton, add_clear_button, plain_label
from desktop.kit.locale_formatting import format_count, format_moment, format_size
from desktop.kit.theme import Theme
from desktop.library.file_table import FileTable

_TYPING_MS = 200


class DocumentsTab(QWidget):
    """Lists documents; emits what is to be done with those that are selected."""

    filter_changed = Signal(str)
    asked = Signal(object)  # tuple[str, ...]: absolute paths
    opened = Signal(str)
    """A file's name, relative to its folder."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._files: tuple[FolderFile, ...] = ()
        self._folder = ""
        self._build()
        self._connect()

    def _build(self) -> None:
        self.line = QLineEdit()
        self.line.setPlaceholderText(_("Words of a file's name"))
        self.line.setAccessibleName(_("Words of a file's name"))
        add_clear_button(self.line)
        self._summary = plain_label(_("Looking…"), "muted", wrap=True)
        self.table = FileTable(_("Documents"), (_("File"), _("Read"), _("Size")))
        self.table.fit_columns(1, 2)
        self.ask_button = TextButton(
            self._theme, _("Ask these documents"), icon="pencil", role="primary"
        )
        self.open_button = TextButton(self._theme, _("Look at it"), icon="file")
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addStretch(1)
        row.addWidget(self.open_button)
        row.addWidget(self.ask_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 12, 0, 0)
        column.setSpacing(8)
        for part in (self.line, self._summary, self.table):
            column.addWidget(part)
        column.addLayout(row)
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(_TYPING_MS)
        self._on_selection_changed()

    def _connect(self) -> None:
        self.line.textChanged.connect(self._typing.start)
        self._typing.timeout.connect(self._on_typed)
        self.table.itemSelectionChanged.connect(self._on_selection_changed)
        self.table.cellActivated.connect(self._on_activated)
        self.ask_button.clicked.connect(self._on_ask_clicked)
        self.open_button.clicked.connect(self._on_open_clicked)

    def show_files(self, folder: str, files: tuple[FolderFile, ...], total: int) -> None:
        """Show files of the folder at a path; `total` counts all that match the search text."""
        self._folder = folder
        self._files = files
        self.table.show_rows(
            [(file.file, _format_read_time(file), format_size(file.size)) for file in files]
        )
        if not total:
            words = _("No document fits.") if self.line.text() else _("No document is read yet.")
        elif total > len(files):
            words = _("The {shown} read last of {total}.")
            words = words.format(shown=format_count(len(files)), total=format_count(total))
        else:
            words = ngettext(
                "{count} document, read last first.", "{count} documents, read last first.", total
            ).format(count=format_count(total))
        self._summary.setText(words)
        self._on_selection_changed()

    @property
    def selected_files(self) -> tuple[FolderFile, ...]:
        """The documents that are selected."""
        return tuple(self._files[row] for row in self.table.selected_rows if row < len(self._files))

    def _on_typed(self) -> None:
        self.filter_changed.emit(self.line.text())

    def _on_selection_changed(self) -> None:
        number = len(self.selected_files)
        self.ask_button.setEnabled(number > 0)
        words = ngettext("Ask {count} document", "Ask {count} documents", number)
        self.ask_button.setText(
            words.format(count=format_count(number)) if number else _("Ask these documents")
        )
        self.ask_button.setAccessibleName(self.ask_button.text())
        self.open_button.setEnabled(number == 1)

    def _on_ask_clicked(self) -> None:
        self.asked.emit(tuple(str(Path(self._folder) / file.file) for file in self.selected_files))

    def _on_open_clicked(self) -> None:
        self.opened.emit(self.selected_files[0].file)

    def _on_activated(self, row: int, _column: int) -> None:
        self.opened.emit(self._files[row].file)


def _format_read_time(file: FolderFile) -> str:
    if file.waiting:
        return _("waits to be read")
    when = file.read if file.read is not None else file.modified
    return format_moment(when, datetime.now().astimezone().date())
