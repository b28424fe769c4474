"""The LoRA adapters that go with a model: which new chats begin with, and how strongly."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QDoubleSpinBox,
    QFileDialog,
    QHBoxLayout,
    QVBoxLayout,
    QWidget,
)

from core.app.adapters import MOST_SCALE, adapters_from, written_adapters
from core.errors import InglenookError
from core.messages import Adapter
from core.models.entry import AdapterEntry, ModelEntry
from core.words import _
from desktop.buttons import ElidedLabel, IconButton, TextButton, plain_label
from desktop.chat.visible import shown
from desktop.models.said import Said
from desktop.models.tall_page import TallPage
from desktop.ports import Front
from desktop.theme import Theme
from desktop.tick_box import TickBox
from desktop.words import size

_KEY = "adapters"


class AdapterRow(QWidget):
    """One adapter: on or off for new chats, its strength, and off the shelf."""

    changed = Signal()
    remove_wanted = Signal(str)

    def __init__(self, theme: Theme, entry: AdapterEntry, scale: float | None) -> None:
        super().__init__()
        self._theme = theme
        self.entry = entry
        self._build(scale)
        self._connect()

    def _build(self, scale: float | None) -> None:
        name = shown(self.entry.name or self.entry.ref)
        self.tick = TickBox(self._theme)
        self.tick.setText(name)
        self.tick.setAccessibleName(_("Begin new chats with {adapter}").format(adapter=name))
        self.tick.setChecked(scale is not None)
        self.scale = QDoubleSpinBox()
        self.scale.setRange(-MOST_SCALE, MOST_SCALE)
        self.scale.setSingleStep(0.1)
        self.scale.setKeyboardTracking(False)
        self.scale.lineEdit().setTextMargins(8, 0, 0, 0)  # the padding of a style sheet misses it
        self.scale.setValue(1.0 if scale is None else scale)
        self.scale.setEnabled(scale is not None)
        self.scale.setAccessibleName(_("Strength of {adapter}").format(adapter=name))
        self.remove = IconButton(
            self._theme, "close", _("Take {adapter} off the shelf").format(adapter=name), size=16
        )
        told = [size(self.entry.bytes_on_disk), self.entry.path]
        if self.entry.base:
            told.insert(0, _("Made for {base}").format(base=self.entry.base))
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.tick, 1)
        row.addWidget(self.scale)
        row.addWidget(self.remove)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 4, 0, 4)
        column.setSpacing(2)
        column.addLayout(row)
        column.addWidget(
            ElidedLabel(shown(" · ".join(told)), "muted", mode=Qt.TextElideMode.ElideMiddle)
        )

    def _connect(self) -> None:
        self.tick.toggled.connect(self.scale.setEnabled)
        self.tick.toggled.connect(self.changed)
        self.scale.valueChanged.connect(self.changed)
        self.remove.clicked.connect(lambda: self.remove_wanted.emit(self.entry.ref))


class AdaptersPage(TallPage):
    """Keeps every change at once, as a setting of the model."""

    def __init__(self, theme: Theme, front: Front) -> None:
        super().__init__()
        self._theme = theme
        self._front = front
        self._entry: ModelEntry | None = None
        self.rows: list[AdapterRow] = []
        self._build()

    def _build(self) -> None:
        told = _(
            "An adapter (LoRA) bends a model it was made for. Those that are ticked are there when "
            "a new chat begins; a chat can take others."
        )
        self._said = Said()
        self.add_button = TextButton(self._theme, _("Add an adapter…"), icon="add")
        self.add_button.clicked.connect(self._on_add_clicked)
        self._none = plain_label(_("No adapter on the shelf goes with this model."), "muted")
        inner = QWidget()
        self._column = QVBoxLayout(inner)
        self._column.setContentsMargins(0, 8, 8, 0)
        self._column.setSpacing(8)
        self._column.addWidget(plain_label(told, "muted", wrap=True))
        self._column.addWidget(self._said.label)
        self._column.addWidget(self._none)
        self._column.addWidget(self.add_button, 0, Qt.AlignmentFlag.AlignLeft)
        self._column.addStretch(1)
        self.hold(inner)

    def show_model(self, entry: ModelEntry | None) -> None:
        """Show the adapters beside a model; looked at only while the page is seen."""
        same = entry is not None and self._entry is not None and entry.path == self._entry.path
        self._entry = entry
        if not same:
            self._said.say("")
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
        for adapter in self._front.adapters.beside(self._entry.path):
            row = AdapterRow(self._theme, adapter, scales.get(adapter.path))
            row.changed.connect(self._on_changed)
            row.remove_wanted.connect(self._on_remove_wanted)
            self._column.insertWidget(self._column.count() - 2, row)
            self.rows.append(row)
        self._none.setVisible(not self.rows)

    def _scales(self) -> dict[str, float]:
        assert self._entry is not None
        try:
            settings = self._front.model_settings.all(self._entry.ref)
            value = next((str(each.value) for each in settings if each.key == _KEY), "")
            return {adapter.path: adapter.scale for adapter in adapters_from(value)}
        except InglenookError as error:
            self._said.show_error(error)
            return {}

    def _on_changed(self) -> None:
        if self._entry is None:
            return
        wanted = [
            Adapter(path=row.entry.path, scale=row.scale.value())
            for row in self.rows
            if row.tick.isChecked()
        ]
        settings = self._front.model_settings
        try:
            if wanted:
                settings.set(self._entry.ref, _KEY, written_adapters(wanted))
            else:
                settings.reset(self._entry.ref, _KEY)
        except InglenookError as error:
            self._said.show_error(error)
        else:
            self._said.say("")

    def _on_remove_wanted(self, ref: str) -> None:
        try:
            removed = self._front.shelf.remove(ref)
        except InglenookError as error:
            self._said.show_error(error)
            return
        words = (
            _("{adapter} was moved to the trash.")
            if removed.trashed
            else _("{adapter} is off the shelf; its file stays.")
        )
        self._show()
        self._said.say(words.format(adapter=removed.ref))

    def _on_add_clicked(self) -> None:
        chooser = QFileDialog(self, _("Add an adapter"))
        chooser.setFileMode(QFileDialog.FileMode.ExistingFile)
        chooser.setNameFilters([_("GGUF adapters (*.gguf)"), _("All files (*)")])
        chooser.fileSelected.connect(self.add)
        chooser.finished.connect(chooser.deleteLater)
        chooser.open()

    def add(self, path: str) -> None:
        """Put an adapter on the shelf, and say so."""
        try:
            added = self._front.shelf.add_adapter(path)
        except InglenookError as error:
            self._said.show_error(error)
            return
        self._show()
        if added.ref not in {row.entry.ref for row in self.rows}:
            words = _("{adapter} is on the shelf, but was made for another model.")
            self._said.say(words.format(adapter=added.ref), "warning")
