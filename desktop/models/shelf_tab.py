"""The shelf: the models of this computer, everything about the chosen one, and what one can do."""

from PySide6.QtCore import QModelIndex, QSortFilterProxyModel, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QHeaderView,
    QSplitter,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from core.errors import Code
from core.models.entry import ModelEntry, Origin
from core.words import _
from desktop.buttons import TextButton, plain_label
from desktop.models.choice import READY, ModelChoice
from desktop.models.entry_words import wasted_words
from desktop.models.model_pane import ModelPane
from desktop.models.removing import Removing
from desktop.models.said import Said
from desktop.models.table import LEVEL, SIZE, ShelfTable
from desktop.ports import Front
from desktop.theme import Theme

_ROOM_FOR_LEVEL, _ROOM_FOR_SIZE = 150, 100
"""In letters of the whole tab's width."""


class ShelfTab(QWidget):
    """A list on the left, the chosen model on the right, deeds below."""

    copy_wanted = Signal(str)

    def __init__(self, theme: Theme, front: Front, choice: ModelChoice) -> None:
        super().__init__()
        self._theme = theme
        self._front = front
        self._choice = choice
        self._paths: tuple[str, ...] = ()
        self._build()
        self._connect()

    def _build(self) -> None:
        self._splitter = QSplitter(Qt.Orientation.Horizontal)
        self._splitter.setChildrenCollapsible(False)
        self._splitter.setHandleWidth(1)
        self.pane = ModelPane(self._theme, self._front, self._choice)
        self._splitter.addWidget(self._build_table())
        self._splitter.addWidget(self.pane)
        self._splitter.setStretchFactor(0, 2)
        self._splitter.setStretchFactor(1, 3)
        letter = self.fontMetrics().averageCharWidth()
        self._splitter.setSizes([72 * letter, 96 * letter])
        self._scanning = plain_label("", "muted", wrap=True)
        self._scanning.hide()
        self._wasted = plain_label("", "warning", wrap=True)
        self._said = Said()
        self._removing = Removing(self._theme, self._front.shelf, self._choice, self._said, self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 8, 0, 0)
        column.setSpacing(8)
        column.addWidget(self._splitter, 1)
        for part in (self._scanning, self._wasted, self._said.label):
            column.addWidget(part)
        column.addLayout(self._build_buttons())

    def _build_table(self) -> QTableView:
        self.shelf = ShelfTable(self._theme, self)
        self.sorted = QSortFilterProxyModel(self)
        self.sorted.setSourceModel(self.shelf)
        self.sorted.setSortRole(ShelfTable.SORT_ROLE)
        self.table = table = QTableView()
        table.setModel(self.sorted)
        table.setSortingEnabled(True)
        table.sortByColumn(-1, Qt.SortOrder.AscendingOrder)
        table.setAccessibleName(_("Models"))
        table.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QTableView.SelectionMode.SingleSelection)
        table.setShowGrid(False)
        table.setTabKeyNavigation(False)
        table.setWordWrap(False)
        table.verticalHeader().hide()
        table.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + 20)
        header = table.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        header.setMinimumSectionSize(8 * self.fontMetrics().averageCharWidth())
        return table

    def _build_buttons(self) -> QHBoxLayout:
        self.add_button = TextButton(self._theme, _("Add file…"), icon="add")
        self.copy_button = TextButton(self._theme, _("Copy here"))
        self.copy_button.setToolTip(_("Copy it into Inglenook's own folder"))
        self.forget_button = TextButton(self._theme, _("Forget"))
        self.unload_button = TextButton(self._theme, _("Unload"))
        self.unload_button.setToolTip(_("Give its memory back; the next question loads it again"))
        self.use_button = TextButton(self._theme, _("Use"), role="primary")
        row = QHBoxLayout()
        row.setSpacing(8)
        for button in (self.add_button, self.copy_button, self.forget_button):
            row.addWidget(button)
        row.addStretch(1)
        row.addWidget(self.unload_button)
        row.addWidget(self.use_button)
        return row

    def _connect(self) -> None:
        self._choice.changed.connect(self.refresh)
        self.table.selectionModel().currentRowChanged.connect(self._on_row_changed)
        self.table.activated.connect(self._on_activated)
        self.add_button.clicked.connect(self._on_add_clicked)
        self.copy_button.clicked.connect(self._on_copy_clicked)
        self.forget_button.clicked.connect(self._on_forget_clicked)
        self.unload_button.clicked.connect(self._on_unload_clicked)
        self.use_button.clicked.connect(self._on_use_clicked)
        self.pane.levels.use_wanted.connect(self.use)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave out what stands on the right too, where there is little room."""
        super().resizeEvent(event)
        letters = self.width() / self.fontMetrics().averageCharWidth()
        self.table.setColumnHidden(LEVEL, letters < _ROOM_FOR_LEVEL)
        self.table.setColumnHidden(SIZE, letters < _ROOM_FOR_SIZE)

    @property
    def current(self) -> ModelEntry | None:
        """The file of the selected row."""
        index = self.sorted.mapToSource(self.table.currentIndex())
        return self.shelf.entry(index.row())

    def select(self, ref: str) -> None:
        """Select a file."""
        index = self.sorted.mapFromSource(self.shelf.index(self.shelf.row_of(ref), 0))
        if index.isValid():
            self.table.setCurrentIndex(index)  # selectRow selects nothing from right to left

    def add_all(self, paths: list[str]) -> None:
        """Put files on the shelf, and select the last."""
        for path in paths:
            entry = self._choice.add(path)
            if entry is not None:
                self.select(entry.ref)

    def use(self, ref: str) -> None:
        """Let another model answer."""
        self._choice.choose(ref)
        self.select(ref)

    def show_scanning(self, words: str) -> None:
        """Say that files are looked for, "" when that is over."""
        self._scanning.setText(words)
        self._scanning.setVisible(bool(words))

    def refresh(self) -> None:
        """Show the shelf as it is; what was selected stays so."""
        current = self.current
        chosen = self._choice.chosen
        kept = current.ref if current else chosen.ref if chosen else ""
        self.shelf.show_entries(self._choice.models, chosen.ref if chosen else "")
        if self.shelf.row_of(kept) < 0 and self._choice.models:
            kept = self._choice.models[0].ref
        self.select(kept)
        paths = tuple(entry.path for entry in self._choice.models)
        if self._paths and paths != self._paths:
            self.pane.levels.look_again()
        self._paths = paths
        wasted = wasted_words(self._choice.models)
        self._wasted.setText(wasted)
        self._wasted.setVisible(bool(wasted))
        self._show_current()

    def _show_current(self) -> None:
        entry = self.current
        chosen = self._choice.chosen
        is_chosen = entry is not None and chosen is not None and entry.ref == chosen.ref
        self.pane.show_entry(entry)
        broken = entry is not None and bool(entry.problem_code)
        is_file = entry is not None and bool(entry.files)
        _show_forget(self.forget_button, entry)
        self.copy_button.setVisible(is_file and not broken and not _is_held(entry))
        loaded = is_chosen and self._choice.state == READY
        self.unload_button.setVisible(is_file and loaded)
        again = _again_words(entry)
        # What was taken out of memory, or never came there, can be used anew.
        in_use = is_chosen and (not is_file or bool(self._choice.state))
        usable = entry is not None and not broken and not in_use
        self.use_button.setEnabled(usable or bool(again))
        self.use_button.setText(again or (_("In use") if in_use else _("Use")))
        self.use_button.setAccessibleName(self.use_button.text())

    def _on_row_changed(self, _current: QModelIndex, _before: QModelIndex) -> None:
        self._said.say("")
        self._show_current()

    def _on_activated(self, _index: QModelIndex) -> None:
        if self.use_button.isEnabled():
            self._on_use_clicked()

    def _on_use_clicked(self) -> None:
        entry = self.current
        if entry is not None and _again_words(entry):
            self._choice.try_again(entry)
        elif entry is not None:
            self._choice.choose(entry.ref)

    def _on_unload_clicked(self) -> None:
        if not self._front.loads.unload():
            self._said.say(_("It answers right now. Stop the answer first."), "warning")

    def _on_copy_clicked(self) -> None:
        if self.current is not None:
            self.copy_wanted.emit(self.current.path)

    def _on_forget_clicked(self) -> None:
        if self.current is not None:
            self._removing.take_off(self.current)

    def _on_add_clicked(self) -> None:
        chooser = QFileDialog(self, _("Add a model"))
        chooser.setFileMode(QFileDialog.FileMode.ExistingFiles)
        chooser.setNameFilters([_("GGUF models (*.gguf)"), _("All files (*)")])
        chooser.filesSelected.connect(self.add_all)
        chooser.finished.connect(chooser.deleteLater)
        chooser.open()


def _is_held(entry: ModelEntry | None) -> bool:
    """Whether a model's file lies with the program already."""
    return entry is None or entry.origin in {Origin.OWN, Origin.SHIPPED}


def _again_words(entry: ModelEntry | None) -> str:
    """Return how a file that can't be used can be tried all the same, "" if it can't."""
    words = {
        Code.MODEL_PUT_ASIDE: _("Try again"),
        Code.ARCHITECTURE_UNKNOWN: _("Try anyway"),
    }
    return words.get(Code(entry.problem_code), "") if entry and entry.problem_code else ""


def _show_forget(button: TextButton, entry: ModelEntry | None) -> None:
    """Say what taking a model off the list means for it."""
    ours = entry is not None and entry.is_ours
    words = _("Remove…") if ours else _("Forget")
    tip = _("Move its file to the trash") if ours else _("Take it off this list; the file stays")
    button.setText(words)
    button.setAccessibleName(words)
    button.setToolTip(tip)
    button.setEnabled(entry is not None and entry.origin != Origin.SHIPPED)
