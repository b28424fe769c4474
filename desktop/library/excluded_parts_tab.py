"""Excluded-parts tab of the folder page: what is excluded by default, with a switch each."""

from collections.abc import Iterable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from core.app.library.skipped_folder_kinds import list_skipped_folder_kinds
from core.base.error_codes import ErrorCode
from core.base.errors import describe_error
from core.base.i18n import _
from core.messages import FileSkipped, FolderState
from desktop.kit.buttons_and_labels import TextButton, plain_label
from desktop.kit.check_box import ThemedCheckBox
from desktop.kit.theme import Theme
from desktop.library.file_table import FileTable

_COLUMNS = 3
_READABLE = frozenset({ErrorCode.PART_HIDDEN, ErrorCode.PART_GENERATED, ErrorCode.PART_KEYS})
"""Parts that can be read if the person wants; never our own data or network drives."""


class ExcludedPartsTab(QWidget):
    """Ticked kinds are read; below are the parts of this folder that are passed over now."""

    changed = Signal(bool, object)
    """Whether hidden parts are read, and the patterns of others that are (tuple[str, ...])."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._parts: tuple[FileSkipped, ...] = ()
        self._included: tuple[str, ...] = ()
        self._boxes: dict[str, ThemedCheckBox] = {}
        """Check boxes by pattern."""
        self._build()
        self._connect()

    def _build(self) -> None:
        explanation = _(
            "Folders of these names are not read in any folder. Tick what is to be read here."
        )
        self.hidden_box = self._make_box(_("Hidden files and folders"))
        kinds = QWidget()
        self._groups = QVBoxLayout(kinds)
        self._groups.setContentsMargins(12, 8, 12, 8)
        self._groups.setSpacing(6)
        self._groups.addWidget(self.hidden_box)
        self._fill_kinds()
        self._groups.addStretch(1)
        area = QScrollArea()
        area.setObjectName("kinds")
        area.setWidget(kinds)
        area.setWidgetResizable(True)
        area.setAccessibleName(_("Kinds of folders that are passed over"))
        self._found = plain_label("", "muted", wrap=True)
        self.table = FileTable(_("Parts that are passed over"), (_("Part"), _("Why")))
        self.read_button = TextButton(self._theme, _("Read the chosen parts too"), icon="add")
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self.read_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 12, 0, 0)
        column.setSpacing(8)
        column.addWidget(plain_label(explanation, "muted", wrap=True))
        column.addWidget(area, 3)
        column.addWidget(self._found)
        column.addWidget(self.table, 2)
        column.addLayout(row)
        self._on_selection_changed()

    def _fill_kinds(self) -> None:
        kinds = list_skipped_folder_kinds()
        for title, code in (
            (
                _("What programs put there: packages, caches, environments"),
                ErrorCode.PART_GENERATED,
            ),
            (_("Keys and passwords, best left unread"), ErrorCode.PART_KEYS),
        ):
            self._add_group(title, [kind.pattern for kind in kinds if kind.code == code])

    def _add_group(self, title: str, patterns: Iterable[str]) -> QGridLayout:
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, 0, 4)
        for index, pattern in enumerate(patterns):
            box = self._boxes[pattern] = self._make_box(pattern)
            grid.addWidget(box, index // _COLUMNS, index % _COLUMNS)
        for column in range(_COLUMNS):
            grid.setColumnStretch(column, 1)
        self._groups.addWidget(plain_label(title, "section", wrap=True))
        self._groups.addLayout(grid)
        return grid

    def _make_box(self, words: str) -> ThemedCheckBox:
        box = ThemedCheckBox(self._theme)
        box.setText(words.replace("&", "&&"))
        box.setAccessibleName(_("Read {part}").format(part=words))
        box.clicked.connect(self._on_ticked)
        return box

    def _connect(self) -> None:
        self.table.itemSelectionChanged.connect(self._on_selection_changed)
        self.read_button.clicked.connect(self._on_read_clicked)

    def show_included_parts(self, folder: FolderState) -> None:
        """Tick what is read in this folder though it is passed over elsewhere."""
        self._included = folder.included
        own = [pattern for pattern in folder.included if pattern not in self._boxes]
        if own:
            self._add_group(_("What you let be read"), own)
        self.hidden_box.setChecked(folder.hidden)
        for pattern, box in self._boxes.items():
            box.setChecked(pattern in folder.included)

    def show_excluded_parts(self, parts: tuple[FileSkipped, ...]) -> None:
        """Show which parts of this folder are passed over."""
        self._parts = parts
        self.table.show_rows(
            [(part.file, describe_error(part.code, part.facts)[0]) for part in parts]
        )
        nothing = _("Nothing is passed over in this folder.")
        self._found.setText(_("Passed over in this folder:") if parts else nothing)
        self.table.setVisible(bool(parts))
        self.read_button.setVisible(bool(parts))

    @property
    def _ticked(self) -> tuple[str, ...]:
        ticked = {pattern for pattern, box in self._boxes.items() if box.isChecked()}
        unchanged = [pattern for pattern in self._included if pattern in ticked]
        return (*unchanged, *sorted(ticked - set(unchanged)))

    def _on_ticked(self) -> None:
        self.changed.emit(self.hidden_box.isChecked(), self._ticked)

    def _on_selection_changed(self) -> None:
        chosen = [self._parts[row] for row in self.table.selected_rows]
        self.read_button.setEnabled(bool(chosen) and all(part.code in _READABLE for part in chosen))

    def _on_read_clicked(self) -> None:
        chosen = (self._parts[row].file for row in self.table.selected_rows)
        patterns = tuple(dict.fromkeys((*self._ticked, *chosen)))
        self.changed.emit(self.hidden_box.isChecked(), patterns)
