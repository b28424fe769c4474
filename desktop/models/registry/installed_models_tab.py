"""Tab of installed models: the list, the details of the selected model, and actions."""

from PySide6.QtCore import QModelIndex, QSortFilterProxyModel, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QFileDialog,
    QSplitter,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from core.app.app import App
from core.app.loading.model_load_service import READY
from core.base.errors import ErrorCode
from core.base.i18n import _
from core.models.info.model_entry import ModelEntry, ModelOrigin
from desktop.kit.buttons_and_labels import TextButton, plain_label
from desktop.kit.layers.file_chooser import make_file_chooser
from desktop.kit.layers.flow_layout import ButtonRow
from desktop.kit.notices import NoticeCenter
from desktop.kit.theme import Theme
from desktop.models.choice.model_choice import ModelChoice
from desktop.models.registry.installed_models_table import (
    QUANTIZATION_COLUMN,
    SIZE_COLUMN,
    InstalledModelsTableModel,
)
from desktop.models.registry.model_details_pane import ModelDetailsPane
from desktop.models.registry.model_entry_formatting import format_wasted_space
from desktop.models.registry.model_removal import ModelRemoval
from desktop.models.registry.models_table import ModelsTable
from desktop.models.widgets.message_line import MessageLine

_WIDTH_FOR_QUANTIZATION, _WIDTH_FOR_SIZE = 190, 120
"""Width of the tab, in average letters, from which the column is shown."""


class InstalledModelsTab(QWidget):
    """A list on the left, the selected model on the right, buttons below."""

    copy_wanted = Signal(str)

    def __init__(
        self,
        theme: Theme,
        app: App,
        choice: ModelChoice,
        notices: NoticeCenter,
    ) -> None:
        super().__init__()
        self._notices = notices
        self._theme = theme
        self._app = app
        self._choice = choice
        self._paths: tuple[str, ...] = ()
        self._build()
        self._connect()

    def _build(self) -> None:
        self._splitter = QSplitter(Qt.Orientation.Horizontal)
        self._splitter.setChildrenCollapsible(False)
        self._splitter.setHandleWidth(1)
        self.pane = ModelDetailsPane(
            self._theme, self._app, self._choice, self._notices.post_failure
        )
        self._splitter.addWidget(self._build_table())
        self._splitter.addWidget(self.pane)
        self._splitter.setStretchFactor(0, 2)
        self._splitter.setStretchFactor(1, 3)
        letter = self.fontMetrics().averageCharWidth()
        self._splitter.setSizes([72 * letter, 96 * letter])
        self._scanning = plain_label("", "muted", wrap=True)
        self._scanning.hide()
        self._wasted = plain_label("", "warning", wrap=True)
        self._message = MessageLine()
        self._removal = ModelRemoval(
            self._theme, self._app.model_files, self._choice, self._message, self._notices, self
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 8, 0, 0)
        column.setSpacing(8)
        column.addWidget(self._splitter, 1)
        for part in (self._scanning, self._wasted, self._message.label):
            column.addWidget(part)
        column.addWidget(self._build_buttons())

    def _build_table(self) -> QTableView:
        self.table_model = InstalledModelsTableModel(self._theme, self)
        self.sort_proxy = QSortFilterProxyModel(self)
        self.sort_proxy.setSourceModel(self.table_model)
        self.sort_proxy.setSortRole(InstalledModelsTableModel.SORT_ROLE)
        self.table = ModelsTable(self.sort_proxy)
        return self.table

    def _build_buttons(self) -> ButtonRow:
        self.add_button = TextButton(self._theme, _("Add file…"), icon="add")
        self.copy_button = TextButton(self._theme, _("Copy here"))
        self.copy_button.setToolTip(_("Copy it into Inglenook's own folder"))
        self.forget_button = TextButton(self._theme, _("Forget"))
        self.unload_button = TextButton(self._theme, _("Unload"))
        self.unload_button.setToolTip(_("Give its memory back; the next question loads it again"))
        self.use_button = TextButton(self._theme, _("Use"), role="primary")
        row = ButtonRow()
        row.add_buttons(self.add_button, self.copy_button, self.forget_button)
        row.add_buttons(self.unload_button, self.use_button, at_end=True)
        return row

    def _connect(self) -> None:
        self._choice.changed.connect(self.refresh_models)
        self.table.selectionModel().currentRowChanged.connect(self._on_row_changed)
        self.table.activated.connect(self._on_activated)
        self.table.delete_pressed.connect(self.forget_button.click)
        self.add_button.clicked.connect(self._on_add_clicked)
        self.copy_button.clicked.connect(self._on_copy_clicked)
        self.forget_button.clicked.connect(self._on_forget_clicked)
        self.unload_button.clicked.connect(self._on_unload_clicked)
        self.use_button.clicked.connect(self._on_use_clicked)
        self.pane.quantizations.use_wanted.connect(self.use_model)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Hide columns in a narrow tab; the details pane shows their content, too."""
        super().resizeEvent(event)
        letters = self.width() / self.fontMetrics().averageCharWidth()
        self.table.setColumnHidden(QUANTIZATION_COLUMN, letters < _WIDTH_FOR_QUANTIZATION)
        self.table.setColumnHidden(SIZE_COLUMN, letters < _WIDTH_FOR_SIZE)

    @property
    def current_entry(self) -> ModelEntry | None:
        """The selected model."""
        index = self.sort_proxy.mapToSource(self.table.currentIndex())
        return self.table_model.entry_at(index.row())

    def select_model(self, ref: str) -> None:
        """Select a row by its model; nothing changes for one that is not listed."""
        index = self.sort_proxy.mapFromSource(
            self.table_model.index(self.table_model.row_of(ref), 0)
        )
        if index.isValid():
            self.table.setCurrentIndex(index)  # selectRow selects nothing from right to left

    def add_models(self, paths: list[str]) -> None:
        """Add model files, and select the last one."""
        for path in paths:
            entry = self._choice.add_model(path)
            if entry is not None:
                self.select_model(entry.ref)

    def use_model(self, ref: str) -> None:
        """Choose another model for answers."""
        self._choice.choose_model(ref)
        self.select_model(ref)

    def show_scanning(self, words: str) -> None:
        """Show the progress of a scan, "" when it is over."""
        self._scanning.setText(words)
        self._scanning.setVisible(bool(words))

    def refresh_models(self) -> None:
        """Show the current models; the selection stays."""
        current = self.current_entry
        chosen = self._choice.chosen
        content = current.ref if current else chosen.ref if chosen else ""
        self.table_model.show_entries(self._choice.models, chosen.ref if chosen else "")
        if self.table_model.row_of(content) < 0 and self._choice.models:
            content = self._choice.models[0].ref
        self.select_model(content)
        paths = tuple(entry.path for entry in self._choice.models)
        if self._paths and paths != self._paths:
            self.pane.quantizations.request_refresh()
        self._paths = paths
        wasted = format_wasted_space(self._choice.models)
        self._wasted.setText(wasted)
        self._wasted.setVisible(bool(wasted))
        self._show_current()

    def _show_current(self) -> None:
        entry = self.current_entry
        chosen = self._choice.chosen
        is_chosen = entry is not None and chosen is not None and entry.ref == chosen.ref
        self.pane.show_entry(entry)
        broken = entry is not None and bool(entry.problem_code)
        is_file = entry is not None and bool(entry.files)
        _show_remove_label(self.forget_button, entry)
        self.copy_button.setVisible(is_file and not broken and not _is_in_own_folder(entry))
        loaded = is_chosen and self._choice.state == READY
        self.unload_button.setVisible(is_file and loaded)
        again = _format_retry(entry)
        # A model that is not loaded, or no longer so, can be used again.
        in_use = is_chosen and (not is_file or bool(self._choice.state))
        usable = entry is not None and not broken and not in_use
        self.use_button.setEnabled(usable or bool(again))
        self.use_button.setText(again or (_("In use") if in_use else _("Use")))
        self.use_button.setAccessibleName(self.use_button.text())

    def _on_row_changed(self, _current: QModelIndex, _before: QModelIndex) -> None:
        self._message.show_message("")
        self._show_current()

    def _on_activated(self, _index: QModelIndex) -> None:
        if self.use_button.isEnabled():
            self._on_use_clicked()

    def _on_use_clicked(self) -> None:
        entry = self.current_entry
        if entry is not None and _format_retry(entry):
            self._choice.retry_model(entry)
        elif entry is not None:
            self._choice.choose_model(entry.ref)

    def _on_unload_clicked(self) -> None:
        if not self._app.model_loading.unload_model():
            self._message.show_message(_("It answers right now. Stop the answer first."), "warning")

    def _on_copy_clicked(self) -> None:
        if self.current_entry is not None:
            self.copy_wanted.emit(self.current_entry.path)

    def _on_forget_clicked(self) -> None:
        if self.current_entry is not None:
            self._removal.remove_model(self.current_entry)

    def _on_add_clicked(self) -> None:
        chooser = make_file_chooser(self, _("Add a model"))
        chooser.setFileMode(QFileDialog.FileMode.ExistingFiles)
        chooser.setNameFilters([_("GGUF models (*.gguf)"), _("All files (*)")])
        chooser.filesSelected.connect(self.add_models)
        chooser.open()


def _is_in_own_folder(entry: ModelEntry | None) -> bool:
    """Return whether a model's file is in the program's own folder or shipped."""
    return entry is None or entry.origin in {ModelOrigin.OWN, ModelOrigin.SHIPPED}


def _format_retry(entry: ModelEntry | None) -> str:
    """Return the label for trying an unusable file again, "" if that is not possible."""
    text = {
        ErrorCode.MODEL_PUT_ASIDE: _("Try again"),
        ErrorCode.ARCHITECTURE_UNKNOWN: _("Try anyway"),
    }
    return text.get(ErrorCode(entry.problem_code), "") if entry and entry.problem_code else ""


def _show_remove_label(button: TextButton, entry: ModelEntry | None) -> None:
    """Label the button with what it does with the file."""
    ours = entry is not None and entry.is_ours
    text = _("Remove…") if ours else _("Forget")
    tip = _("Move its file to the trash") if ours else _("Take it off this list; the file stays")
    button.setText(text)
    button.setAccessibleName(text)
    button.setToolTip(tip)
    button.setEnabled(entry is not None and entry.origin != ModelOrigin.SHIPPED)
