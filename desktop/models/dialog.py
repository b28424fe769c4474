"""The dialog of models: what is on the shelf, what fits, which one answers."""

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QHeaderView,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from core.errors import Code
from core.models.entry import ModelEntry
from core.words import _
from desktop.buttons import ElidedLabel, TextButton, plain_label, set_property
from desktop.drops import sorted_paths
from desktop.models.choice import LOADING, READY, ModelChoice
from desktop.models.servers import place_of
from desktop.models.table import ShelfTable, about_words
from desktop.notices import Notices, NoticeStack
from desktop.theme import Theme


class ModelDialog(QDialog):
    """A table, what is known of the chosen row, and what can be done with it."""

    def __init__(
        self, theme: Theme, notices: Notices, choice: ModelChoice, holder: QWidget
    ) -> None:
        super().__init__(holder)
        self._theme = theme
        self._notices = notices
        self._choice = choice
        self._holder = holder
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._build()
        self._connect()
        self._on_changed()

    def _build(self) -> None:
        self.setWindowTitle(_("Models"))
        self.setAcceptDrops(True)
        letter = self.fontMetrics().averageCharWidth()
        self.resize(min(150 * letter, self._holder.width() - 48), 76 * letter)
        words = _(
            "GGUF files on this computer. Drop one here, or add it; it is used where it lies."
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(12)
        column.addWidget(plain_label(_("Models"), "title"))
        column.addWidget(plain_label(words, "muted", wrap=True))
        column.addWidget(NoticeStack(self._theme, self._notices))
        column.addWidget(self._build_table(), 1)
        self._about = plain_label(wrap=True)
        self._path = ElidedLabel(role="muted", mode=Qt.TextElideMode.ElideMiddle)
        column.addWidget(self._about)
        column.addWidget(self._path)
        column.addLayout(self._build_buttons())

    def _build_table(self) -> QTableView:
        self.shelf = ShelfTable(self._theme, self)
        self.table = table = QTableView()
        table.setModel(self.shelf)
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
        header.setMaximumSectionSize(48 * self.fontMetrics().averageCharWidth())
        header.setStretchLastSection(True)
        return table

    def _build_buttons(self) -> QHBoxLayout:
        self.add_button = TextButton(self._theme, _("Add file…"), icon="add")
        self.forget_button = TextButton(self._theme, _("Forget"))
        self.forget_button.setToolTip(_("Take it off this list; the file stays"))
        self.use_button = TextButton(self._theme, _("Use"), role="primary")
        self.close_button = TextButton(self._theme, _("Close"))
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.add_button)
        row.addWidget(self.forget_button)
        row.addStretch(1)
        row.addWidget(self.close_button)
        row.addWidget(self.use_button)
        return row

    def _connect(self) -> None:
        self._choice.changed.connect(self._on_changed)
        self.table.selectionModel().currentRowChanged.connect(self._on_row_changed)
        self.table.activated.connect(self._on_activated)
        self.add_button.clicked.connect(self._on_add_clicked)
        self.forget_button.clicked.connect(self._on_forget_clicked)
        self.use_button.clicked.connect(self._on_use_clicked)
        self.close_button.clicked.connect(self.accept)

    @property
    def current(self) -> ModelEntry | None:
        """The file of the selected row."""
        return self.shelf.entry(self.table.currentIndex().row())

    def select(self, ref: str) -> None:
        """Select a file."""
        self.table.selectRow(self.shelf.row_of(ref))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take files."""
        if event.mimeData().hasUrls():
            event.acceptProposedAction()
        else:
            event.ignore()

    def dropEvent(self, event: QDropEvent) -> None:
        """Add the GGUF files among what was dropped."""
        for path in sorted_paths(event.mimeData()).models:
            self._add(path)
        event.acceptProposedAction()

    def _add(self, path: str) -> None:
        entry = self._choice.add(path)
        if entry is not None:
            self.select(entry.ref)

    def _on_changed(self) -> None:
        current = self.current
        chosen = self._choice.chosen
        kept = current.ref if current else chosen.ref if chosen else ""
        self.shelf.show_entries(self._choice.models, chosen.ref if chosen else "")
        if self.shelf.row_of(kept) < 0 and self._choice.models:
            kept = self._choice.models[0].ref
        self.select(kept)
        self._show_current()

    def _show_current(self) -> None:
        entry = self.current
        chosen = self._choice.chosen
        is_chosen = entry is not None and chosen is not None and entry.ref == chosen.ref
        self._about.setText(self._words(entry, is_chosen=is_chosen))
        broken = entry is not None and bool(entry.problem_code)
        set_property(self._about, "role", "error" if broken else "")
        self._path.setText(place_of(entry) if entry else "")
        self.forget_button.setEnabled(entry is not None)
        again = self._again_words(entry)
        usable = entry is not None and not broken and not is_chosen
        self.use_button.setEnabled(usable or bool(again))
        self.use_button.setText(again or (_("In use") if is_chosen else _("Use")))
        self.use_button.setAccessibleName(self.use_button.text())

    @staticmethod
    def _again_words(entry: ModelEntry | None) -> str:
        """Return how a file that can't be used can be tried all the same, "" if it can't."""
        words = {
            Code.MODEL_PUT_ASIDE: _("Try again"),
            Code.ARCHITECTURE_UNKNOWN: _("Try anyway"),
        }
        return words.get(Code(entry.problem_code), "") if entry and entry.problem_code else ""

    def _words(self, entry: ModelEntry | None, *, is_chosen: bool) -> str:
        if entry is None:
            return _("No model is known yet. Add a GGUF file to begin.")
        states = {LOADING: _("It is being loaded."), READY: _("It is ready to answer.")}
        state = states.get(self._choice.state, "") if is_chosen else ""
        return f"{state} {about_words(entry)}".strip()

    def _on_row_changed(self, _current: QModelIndex, _before: QModelIndex) -> None:
        self._show_current()

    def _on_activated(self, _index: QModelIndex) -> None:
        if self.use_button.isEnabled():
            self._on_use_clicked()

    def _on_use_clicked(self) -> None:
        entry = self.current
        if entry is not None and self._again_words(entry):
            self._choice.try_again(entry)
        elif entry is not None:
            self._choice.choose(entry.ref)

    def _on_forget_clicked(self) -> None:
        entry = self.current
        if entry is not None:
            self._choice.forget(entry.ref)

    def _on_add_clicked(self) -> None:
        chooser = QFileDialog(self, _("Add a model"))
        chooser.setFileMode(QFileDialog.FileMode.ExistingFiles)
        chooser.setNameFilters([_("GGUF models (*.gguf)"), _("All files (*)")])
        chooser.filesSelected.connect(self._on_files_chosen)
        chooser.finished.connect(chooser.deleteLater)
        chooser.open()

    def _on_files_chosen(self, paths: list[str]) -> None:
        for path in paths:
            self._add(path)
