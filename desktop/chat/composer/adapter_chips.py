"""Adapter chips: LoRA adapters of the next question, each with its strength and a remove button."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDoubleSpinBox, QFrame, QHBoxLayout, QVBoxLayout, QWidget

from core.base.i18n import _
from desktop.kit.buttons_and_labels import ElidedLabel, IconButton, as_tooltip
from desktop.kit.reading_column import margins
from desktop.kit.theme import Theme
from desktop.kit.visible_text import visible_text

if TYPE_CHECKING:  # the composer is shown before they are loaded
    from collections.abc import Sequence

    from core.messages import Adapter

MAX_ADAPTER_SCALE = 10.0
"""Highest strength; 1 applies an adapter as trained, -1 with the opposite effect."""
_STEP = 0.1


class AdapterChip(QFrame):
    """One adapter."""

    scale_changed = Signal()
    removed = Signal()

    def __init__(self, theme: Theme, adapter: Adapter) -> None:
        super().__init__()
        self._theme = theme
        self._path = adapter.path
        self._build(adapter)
        self._connect()

    def _build(self, adapter: Adapter) -> None:
        self.setObjectName("adapter_chip")
        name = visible_text(Path(adapter.path).stem)
        label = ElidedLabel(_("Adapter {name}").format(name=name))
        label.set_details(visible_text(adapter.path))
        self.scale_box = QDoubleSpinBox()
        self.scale_box.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.scale_box.setRange(-MAX_ADAPTER_SCALE, MAX_ADAPTER_SCALE)
        self.scale_box.setSingleStep(_STEP)
        self.scale_box.setDecimals(2)
        self.scale_box.setValue(adapter.scale)
        strength = _("Strength of {name}").format(name=name)
        self.scale_box.setAccessibleName(strength)
        self.scale_box.setToolTip(as_tooltip(strength))
        self.remove_button = IconButton(
            self._theme, "close", _("Take {name} off").format(name=name), size=16
        )
        self.remove_button.setToolTip(as_tooltip(self.remove_button.accessibleName()))
        row = QHBoxLayout(self)
        row.setContentsMargins(margins(10, 2, 4, 2))
        row.setSpacing(8)
        row.addWidget(label, 1)
        row.addWidget(self.scale_box)
        row.addWidget(self.remove_button)

    def _connect(self) -> None:
        self.scale_box.valueChanged.connect(self.scale_changed)
        self.remove_button.clicked.connect(self.removed)

    @property
    def adapter(self) -> Adapter:
        """The adapter with the strength shown."""
        from core.messages import Adapter  # noqa: PLC0415 - as above

        return Adapter(path=self._path, scale=round(self.scale_box.value(), 2))


class AdapterChips(QWidget):
    """All adapters; `changed` carries those that are left, with their strengths."""

    changed = Signal(object)  # tuple[Adapter, ...]

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._chips: list[AdapterChip] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(4)
        self.hide()

    def show_adapters(self, adapters: Sequence[Adapter]) -> None:
        """Show these in place of those before."""
        for chip in self._chips:
            self._drop(chip)
        self._chips = [self._chip(adapter) for adapter in adapters]
        self.setVisible(bool(adapters))

    def _chip(self, adapter: Adapter) -> AdapterChip:
        chip = AdapterChip(self._theme, adapter)
        chip.scale_changed.connect(self._on_changed)
        chip.removed.connect(lambda: self._on_left(chip))
        self._column.addWidget(chip)
        return chip

    def _drop(self, chip: AdapterChip) -> None:
        self._column.removeWidget(chip)
        chip.hide()
        chip.deleteLater()

    def _on_left(self, chip: AdapterChip) -> None:
        self._chips.remove(chip)
        self._drop(chip)
        self.setVisible(bool(self._chips))
        self._on_changed()

    def _on_changed(self) -> None:
        self.changed.emit(tuple(chip.adapter for chip in self._chips))
