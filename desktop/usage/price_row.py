"""Price row: what a server of the person's own costs, and its budget for a month."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDoubleSpinBox, QFormLayout, QWidget

from core.base.i18n import _
from core.models.server_registry import MAX_PRICE, ServerEntry
from desktop.kit.buttons_and_labels import pad_number, plain_label
from desktop.kit.locale_formatting import format_decimal
from desktop.kit.visible_text import visible_text


class PriceRow(QWidget):
    """Three numbers of one server."""

    changed = Signal(float, float, float)
    """Price of a million tokens read and written, and the budget."""

    def __init__(self, server: ServerEntry, cost: float) -> None:
        super().__init__()
        self._name = server.name
        self.spent = plain_label(wrap=True)
        form = QFormLayout(self)
        form.setContentsMargins(0, 0, 0, 0)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.FieldsStayAtSizeHint)
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        form.addRow(self.spent)
        names = (
            _("Price of a million tokens read"),
            _("Price of a million tokens written"),
            _("Budget of a month; 0: no limit"),
        )
        self.boxes = tuple(
            self._box(name, value)
            for name, value in zip(
                names, (server.price_read, server.price_written, server.budget), strict=True
            )
        )
        for name, box in zip(names, self.boxes, strict=True):
            form.addRow(plain_label(name, "muted"), box)
        self.show_cost(cost)

    def show_cost(self, cost: float) -> None:
        """Show what this month has cost."""
        text = _("{name}: {cost} this month")
        if self.boxes[2].value() > 0:
            text = _("{name}: {cost} of {budget} this month")
        self.spent.setText(
            text.format(
                name=visible_text(self._name),
                cost=format_decimal(cost, 2),
                budget=format_decimal(self.boxes[2].value(), 2),
            )
        )

    def _box(self, name: str, value: float) -> QDoubleSpinBox:
        box = QDoubleSpinBox()
        box.setRange(0, MAX_PRICE)
        box.setDecimals(2)
        box.setValue(value)
        box.setKeyboardTracking(False)
        pad_number(box)
        box.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        box.setAccessibleName(f"{self._name}: {name}")
        box.valueChanged.connect(self._on_changed)
        return box

    def _on_changed(self) -> None:
        read, written, budget = (box.value() for box in self.boxes)
        self.changed.emit(read, written, budget)
