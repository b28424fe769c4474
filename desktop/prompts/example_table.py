"""Example table: pairs of question and answer that show the model how to answer."""

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHeaderView, QTableWidget, QTableWidgetItem

from core.base.i18n import _
from core.chat.conversations.chat_style import ExampleExchange
from desktop.kit.theme import follow_text_size


class ExampleTable(QTableWidget):
    """Has an empty row at its end; Delete clears cells, and empty rows don't count."""

    def __init__(self) -> None:
        super().__init__(0, 2)
        self.setAccessibleName(_("Examples"))
        self.setHorizontalHeaderLabels([_("Asked"), _("Answered")])
        self.verticalHeader().hide()
        self.setTabKeyNavigation(False)
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.horizontalHeader().setDefaultAlignment(
            Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        )
        follow_text_size(self, self._set_least_height)
        self.show_examples(())
        self.itemChanged.connect(self._on_item_changed)

    def _set_least_height(self) -> None:
        self.setMinimumHeight(4 * self.fontMetrics().height() + 40)

    def show_examples(self, examples: Sequence[ExampleExchange]) -> None:
        """Show these examples."""
        with QSignalBlocker(self):
            self.setRowCount(0)
            for example in (*examples, ExampleExchange(question="", answer="")):
                self._add(example)

    @property
    def examples(self) -> tuple[ExampleExchange, ...]:
        """The rows that have a question and an answer."""
        rows = ((self._text(row, 0), self._text(row, 1)) for row in range(self.rowCount()))
        return tuple(
            ExampleExchange(question=question, answer=answer)
            for question, answer in rows
            if question and answer
        )

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Clear the selected cells on Delete."""
        if event.key() == Qt.Key.Key_Delete:
            for item in self.selectedItems():
                item.setText("")
            return
        super().keyPressEvent(event)

    def _add(self, example: ExampleExchange) -> None:
        row = self.rowCount()
        self.insertRow(row)
        self.setItem(row, 0, QTableWidgetItem(example.question))
        self.setItem(row, 1, QTableWidgetItem(example.answer))

    def _text(self, row: int, column: int) -> str:
        item = self.item(row, column)
        return item.text().strip() if item is not None else ""

    def _on_item_changed(self, _item: QTableWidgetItem) -> None:
        last = self.rowCount() - 1
        if self._text(last, 0) or self._text(last, 1):
            self._add(ExampleExchange(question="", answer=""))
