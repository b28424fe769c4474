"""What of a folder is passed over by itself, kind by kind, and a switch for each."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from core.app.passed_over import kinds_passed_over
from core.codes import Code
from core.errors import describe
from core.messages import FileSkipped, FolderState
from core.words import _
from desktop.buttons import TextButton, plain_label
from desktop.library.file_table import FileTable
from desktop.theme import Theme

_PATTERN = Qt.ItemDataRole.UserRole
_HIDDEN = ""
_READABLE = frozenset({Code.PART_HIDDEN, Code.PART_GENERATED, Code.PART_KEYS})
"""Other parts are passed over whatever a person says: our own data, network drives."""


class PassedOverTab(QWidget):
    """Ticked kinds are read; below are the parts of this folder that are passed over now."""

    changed = Signal(bool, object)
    """Whether hidden parts are read, and the patterns of others that are (tuple[str, ...])."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._parts: tuple[FileSkipped, ...] = ()
        self._included: tuple[str, ...] = ()
        self._hidden = False
        self._build()
        self._connect()

    def _build(self) -> None:
        told = plain_label(
            _("Folders of these names are not read in any folder. Tick what is to be read here."),
            "muted",
            wrap=True,
        )
        self.kinds = QListWidget()
        self.kinds.setObjectName("kinds")
        self.kinds.setAccessibleName(_("Kinds of folders that are passed over"))
        self._found = plain_label(_("Passed over in this folder:"), "muted", wrap=True)
        self.table = FileTable(_("Parts that are passed over"), (_("Part"), _("Why")))
        self.read = TextButton(self._theme, _("Read the chosen parts too"), icon="add")
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self.read)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 12, 0, 0)
        column.setSpacing(8)
        column.addWidget(told)
        column.addWidget(self.kinds, 1)
        column.addWidget(self._found)
        column.addWidget(self.table, 1)
        column.addLayout(row)
        self._fill_kinds()
        self._on_selection_changed()

    def _fill_kinds(self) -> None:
        self._add_kind(_("Hidden files and folders"), _HIDDEN, describe(Code.PART_HIDDEN, {})[0])
        for kind in kinds_passed_over():
            self._add_kind(kind.pattern, kind.pattern, describe(kind.code, {})[0])

    def _add_kind(self, words: str, pattern: str, why: str) -> None:
        item = QListWidgetItem(f"{words}   –   {why}" if pattern else words)
        item.setData(_PATTERN, pattern)
        item.setToolTip(why)
        item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
        item.setCheckState(Qt.CheckState.Unchecked)
        self.kinds.addItem(item)

    def _connect(self) -> None:
        self.kinds.itemChanged.connect(self._on_kind_changed)
        self.table.itemSelectionChanged.connect(self._on_selection_changed)
        self.read.clicked.connect(self._on_read_clicked)

    def show_folder(self, folder: FolderState) -> None:
        """Tick what is read in this folder though it is passed over elsewhere."""
        self._hidden, self._included = folder.hidden, folder.included
        self.kinds.blockSignals(True)  # noqa: FBT003 - Qt's own signature
        for row in range(self.kinds.count()):
            item = self.kinds.item(row)
            pattern = item.data(_PATTERN)
            ticked = folder.hidden if pattern == _HIDDEN else pattern in folder.included
            item.setCheckState(Qt.CheckState.Checked if ticked else Qt.CheckState.Unchecked)
        self._add_own(folder.included)
        self.kinds.blockSignals(False)  # noqa: FBT003

    def show_parts(self, parts: tuple[FileSkipped, ...]) -> None:
        """Show which parts of this folder are passed over."""
        self._parts = parts
        self.table.show_rows([(part.file, describe(part.code, part.facts)[0]) for part in parts])
        nothing = _("Nothing is passed over in this folder.")
        self._found.setText(_("Passed over in this folder:") if parts else nothing)
        self.table.setVisible(bool(parts))
        self.read.setVisible(bool(parts))

    def _add_own(self, included: tuple[str, ...]) -> None:
        """List patterns a person gave beside the kinds, to be taken back."""
        known = {self.kinds.item(row).data(_PATTERN) for row in range(self.kinds.count())}
        for pattern in included:
            if pattern not in known:
                self._add_kind(pattern, pattern, _("You let it be read."))
                item = self.kinds.item(self.kinds.count() - 1)
                item.setCheckState(Qt.CheckState.Checked)

    def _on_kind_changed(self, item: QListWidgetItem) -> None:
        pattern = item.data(_PATTERN)
        ticked = item.checkState() is Qt.CheckState.Checked
        if pattern == _HIDDEN:
            self.changed.emit(ticked, self._included)
        elif ticked:
            self.changed.emit(self._hidden, tuple(dict.fromkeys((*self._included, pattern))))
        else:
            left = tuple(each for each in self._included if each != pattern)
            self.changed.emit(self._hidden, left)

    def _on_selection_changed(self) -> None:
        chosen = [self._parts[row] for row in self.table.chosen]
        self.read.setEnabled(bool(chosen) and all(part.code in _READABLE for part in chosen))

    def _on_read_clicked(self) -> None:
        chosen = (self._parts[row].file for row in self.table.chosen)
        self.changed.emit(self._hidden, tuple(dict.fromkeys((*self._included, *chosen))))
