"""Export dialog: format, file and sources of a chat export."""

from pathlib import Path

from PySide6.QtCore import QStandardPaths, Qt
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from core.base.i18n import _, ngettext
from core.chat.export.chat_export import ExportFormat, export_file_name
from desktop.kit.buttons_and_labels import TextButton, plain_label
from desktop.kit.check_box import ThemedCheckBox
from desktop.kit.locale_formatting import format_count
from desktop.kit.theme import Theme

PDF = "pdf"


class ExportDialog(QDialog):
    """`accepted` is emitted when the user confirms."""

    def __init__(self, theme: Theme, parent: QWidget, title: str, *, count: int = 1) -> None:
        """`title` names the file; several chats (`count`) become one, but no PDF."""
        super().__init__(parent)
        self._theme = theme
        self._title = title
        self._count = count
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._build()
        self._connect()

    def _build(self) -> None:
        words = self._words()
        self.setWindowTitle(words)
        self.setAccessibleName(words)
        self._form = QComboBox()
        self._form.setAccessibleName(_("Format"))
        for label, form in _forms():
            if form != PDF or self._count == 1:
                self._form.addItem(label, form)
        self._sources = ThemedCheckBox(self._theme)
        self._sources.setText(_("With the passages that answers stand on"))
        self._sources.setChecked(True)
        self._path = QLineEdit(str(_folder() / export_file_name(self._title, self.export_format)))
        self._path.setAccessibleName(_("File"))
        self._browse = TextButton(self._theme, _("Choose…"))
        self._save = TextButton(self._theme, _("Export"), role="primary")
        self._leave = TextButton(self._theme, _("Cancel"))
        where = QHBoxLayout()
        where.setSpacing(8)
        where.addWidget(self._path, 1)
        where.addWidget(self._browse)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(self._leave)
        buttons.addWidget(self._save)
        column = QVBoxLayout(self)
        column.addStrut(self._theme.scaled(472))
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(12)
        column.addWidget(plain_label(words, "title", wrap=True))
        column.addWidget(self._form)
        column.addWidget(self._sources)
        column.addLayout(where)
        column.addLayout(buttons)
        self._form.setFocus()

    def _words(self) -> str:
        if self._count == 1:
            return _("Export this chat")
        words = ngettext("Export {count} chat", "Export {count} chats", self._count)
        return words.format(count=format_count(self._count))

    def _connect(self) -> None:
        self._form.currentIndexChanged.connect(self._on_form_changed)
        self._browse.clicked.connect(self._on_browse)
        self._save.clicked.connect(self._on_save)
        self._leave.clicked.connect(self.reject)

    @property
    def export_format(self) -> str:
        """A value of `ExportFormat`, or PDF."""
        return str(self._form.currentData())

    @property
    def includes_sources(self) -> bool:
        """Whether sources are exported too."""
        return self._sources.isChecked()

    @property
    def path(self) -> Path:
        """The file to be written."""
        return Path(self._path.text().strip()).expanduser().absolute()

    def _on_form_changed(self) -> None:
        """Update the file name for the format; JSON always includes the sources."""
        self._sources.setEnabled(self.export_format != ExportFormat.JSON)
        path = Path(self._path.text())
        if path.suffix.lstrip(".") in {*ExportFormat, PDF}:
            self._path.setText(str(path.with_suffix(f".{self.export_format}")))

    def _on_browse(self) -> None:
        asking = QFileDialog(self, self.windowTitle(), str(self.path.parent))
        asking.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        asking.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        asking.selectFile(self.path.name)
        asking.fileSelected.connect(self._path.setText)
        asking.open()

    def _on_save(self) -> None:
        if self._path.text().strip():
            self.accept()


def _forms() -> list[tuple[str, str]]:
    return [
        (_("Markdown"), ExportFormat.MARKDOWN.value),
        (_("Web page (HTML)"), ExportFormat.HTML.value),
        (_("PDF"), PDF),
        (_("JSON, to be taken in again"), ExportFormat.JSON.value),
    ]


def _folder() -> Path:
    place = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
    return Path(place) if place and Path(place).is_dir() else Path.home()
