"""Adapters page of a model: LoRA adapters for new chats, and their scale."""

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QDoubleSpinBox,
    QFileDialog,
    QHBoxLayout,
    QVBoxLayout,
    QWidget,
)

from core.app.app import App
from core.app.models.adapter_service import MAX_SCALE, format_adapters, parse_adapters
from core.base.errors import InglenookError
from core.base.i18n import _
from core.messages import Adapter
from core.models.info.model_entry import AdapterEntry, ModelEntry
from desktop.kit.buttons_and_labels import (
    ElidedLabel,
    IconButton,
    TextButton,
    pad_number,
    plain_label,
)
from desktop.kit.check_box import ThemedCheckBox
from desktop.kit.confirm_dialog import ConfirmDialog
from desktop.kit.layers.file_chooser import make_file_chooser
from desktop.kit.locale_formatting import format_size
from desktop.kit.reading_column import margins
from desktop.kit.theme import Theme
from desktop.kit.visible_text import visible_text
from desktop.models.widgets.message_line import MessageLine
from desktop.models.widgets.scroll_page import ScrollPage

_KEY = "adapters"


class AdapterRow(QWidget):
    """One adapter: a switch for new chats, its scale, and a button that takes it off the list."""

    changed = Signal()
    remove_wanted = Signal(str)

    def __init__(self, theme: Theme, entry: AdapterEntry, scale: float | None) -> None:
        super().__init__()
        self._theme = theme
        self.entry = entry
        self._build(scale)
        self._connect()

    def _build(self, scale: float | None) -> None:
        name = visible_text(self.entry.name or self.entry.ref)
        self.tick = ThemedCheckBox(self._theme)
        self.tick.setText(name)
        self.tick.setAccessibleName(_("Begin new chats with {adapter}").format(adapter=name))
        self.tick.setChecked(scale is not None)
        self.scale = QDoubleSpinBox()
        self.scale.setRange(-MAX_SCALE, MAX_SCALE)
        self.scale.setSingleStep(0.1)
        self.scale.setKeyboardTracking(False)
        pad_number(self.scale)
        self.scale.setValue(1.0 if scale is None else scale)
        self.scale.setEnabled(scale is not None)
        self.scale.setAccessibleName(_("Strength of {adapter}").format(adapter=name))
        self.remove_button = IconButton(
            self._theme, "close", _("Take {adapter} off the list").format(adapter=name), size=16
        )
        text = [format_size(self.entry.bytes_on_disk), self.entry.path]
        if self.entry.base:
            text.insert(0, _("Made for {base}").format(base=self.entry.base))
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.tick, 1)
        row.addWidget(self.scale)
        row.addWidget(self.remove_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 4, 0, 4)
        column.setSpacing(2)
        column.addLayout(row)
        column.addWidget(
            ElidedLabel(visible_text(" · ".join(text)), "muted", mode=Qt.TextElideMode.ElideMiddle)
        )

    def _connect(self) -> None:
        self.tick.toggled.connect(self.scale.setEnabled)
        self.tick.toggled.connect(self.changed)
        self.scale.valueChanged.connect(self.changed)
        self.remove_button.clicked.connect(lambda: self.remove_wanted.emit(self.entry.ref))


class ModelAdaptersPage(ScrollPage):
    """Saves every change at once, as a setting of the model."""

    def __init__(self, theme: Theme, app: App) -> None:
        super().__init__()
        self._theme = theme
        self._app = app
        self._entry: ModelEntry | None = None
        self.rows: list[AdapterRow] = []
        self._build()

    def _build(self) -> None:
        text = _(
            "An adapter (LoRA) bends a model it was made for. Those that are ticked are there when "
            "a new chat begins; a chat can take others."
        )
        self._message = MessageLine()
        self.add_button = TextButton(self._theme, _("Add an adapter…"), icon="add")
        self.add_button.clicked.connect(self._on_add_clicked)
        self._none = plain_label(_("No adapter on the list goes with this model."), "muted")
        inner = QWidget()
        self._column = QVBoxLayout(inner)
        self._column.setContentsMargins(margins(0, 8, 8, 0))
        self._column.setSpacing(8)
        self._column.addWidget(plain_label(text, "muted", wrap=True))
        self._column.addWidget(self._message.label)
        self._column.addWidget(self._none)
        self._column.addWidget(self.add_button, 0, Qt.AlignmentFlag.AlignLeft)
        self._column.addStretch(1)
        self.set_content(inner)

    def show_model(self, entry: ModelEntry | None) -> None:
        """Show the adapters of a model; they are read only while the page is visible."""
        same = entry is not None and self._entry is not None and entry.path == self._entry.path
        self._entry = entry
        if not same:
            self._message.show_message("")
        if self.isVisible() or not same:
            self._show()

    def _show(self) -> None:
        for row in self.rows:
            self._column.removeWidget(row)
            row.hide()
            row.deleteLater()
        self.rows = []
        if self._entry is None:
            return
        scales = self._scales()
        for adapter in self._app.adapters.adapters_for_model(self._entry.path):
            row = AdapterRow(self._theme, adapter, scales.get(adapter.path))
            row.changed.connect(self._on_changed)
            row.remove_wanted.connect(self._on_remove_wanted)
            self._column.insertWidget(self._column.count() - 2, row)
            self.rows.append(row)
        self._none.setVisible(not self.rows)

    def _scales(self) -> dict[str, float]:
        assert self._entry is not None
        try:
            settings = self._app.model_settings.list_settings(self._entry.ref)
            value = next((str(each.value) for each in settings if each.key == _KEY), "")
            return {adapter.path: adapter.scale for adapter in parse_adapters(value)}
        except InglenookError as error:
            self._message.show_error(error)
            return {}

    def _on_changed(self) -> None:
        if self._entry is None:
            return
        wanted = [
            Adapter(path=row.entry.path, scale=row.scale.value())
            for row in self.rows
            if row.tick.isChecked()
        ]
        settings = self._app.model_settings
        try:
            if wanted:
                settings.change_setting(self._entry.ref, _KEY, format_adapters(wanted))
            else:
                settings.reset_settings(self._entry.ref, _KEY)
        except InglenookError as error:
            self._message.show_error(error)
        else:
            self._message.show_message("")

    def _on_remove_wanted(self, ref: str) -> None:
        """Remove an adapter; a question comes before one is deleted for good."""
        (entry,) = (row.entry for row in self.rows if row.entry.ref == ref)
        if Path(entry.path).parent != self._app.paths.adapters:
            self._remove(ref)
            return
        dialog = ConfirmDialog(
            self._theme,
            self.window(),
            title=_("Delete {adapter} for good?").format(adapter=ref),
            text=_("It was trained here; what it has learnt goes with it."),
            button_text=_("Delete"),
            value=None,
        )
        dialog.prefer_cancel()
        dialog.accepted.connect(lambda: self._remove(ref))
        dialog.open()

    def _remove(self, ref: str) -> None:
        try:
            removed = self._app.model_files.remove_model(ref)
        except InglenookError as error:
            self._message.show_error(error)
            return
        text = _("{adapter} is off the list; its file stays.")
        if removed.deleted:
            text = _("{adapter} was deleted.")
        elif removed.trashed:
            text = _("{adapter} was moved to the trash.")
        self._show()
        self._message.show_message(text.format(adapter=removed.ref))

    def _on_add_clicked(self) -> None:
        chooser = make_file_chooser(self, _("Add an adapter"))
        chooser.setFileMode(QFileDialog.FileMode.ExistingFile)
        chooser.setNameFilters([_("GGUF adapters (*.gguf)"), _("All files (*)")])
        chooser.fileSelected.connect(self.add_adapter)
        chooser.open()

    def add_adapter(self, path: str) -> None:
        """Register an adapter, and say so."""
        try:
            added = self._app.model_files.add_adapter(path)
        except InglenookError as error:
            self._message.show_error(error)
            return
        self._show()
        if added.ref not in {row.entry.ref for row in self.rows}:
            text = _("{adapter} is on the list, but was made for another model.")
            self._message.show_message(text.format(adapter=added.ref), "warning")
