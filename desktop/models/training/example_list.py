"""Example list: what would be learnt from, each with a tick that can be taken away."""

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QListWidget, QListWidgetItem

from core.app.training.chat_examples import ChatExample
from core.base.i18n import _
from core.messages import ExampleText
from desktop.kit.visible_text import visible_text
from desktop.models.training.training_formatting import format_reason

_LONGEST = 160


class ExampleList(QListWidget):
    """Answers of chats and examples of files; `changed` comes with each tick."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._examples: list[tuple[ExampleText, str]] = []
        self._unticked: set[str] = set()
        """What the person took away; it stays so when the list is filled anew."""
        self.setObjectName("plain_list")
        self.setAccessibleName(_("Examples"))
        self.setWordWrap(False)
        self.itemChanged.connect(lambda _item: self.changed.emit())

    def show_chat_examples(self, examples: Sequence[ChatExample]) -> None:
        """Show the answers of chats in the place of all that was shown."""
        items = [self.item(place) for place in range(self.count())]
        self._unticked.update(item.toolTip() for item in items if not _is_ticked(item))
        self._unticked.difference_update(item.toolTip() for item in items if _is_ticked(item))
        self.clear()
        self._examples = []
        for each in examples:
            title = f"{format_reason(each.reason)} · {each.question} → {each.text.answer}"
            self._add((each.text, each.chat_id), title)
        self.changed.emit()

    def add_file_examples(self, name: str, examples: Sequence[ExampleText]) -> None:
        """Show the examples of a file after those that are shown."""
        for text in examples:
            question = text.turns[-1].text
            self._add((text, ""), f"{name} · {question} → {text.answer}")
        self.changed.emit()

    def chosen_examples(self) -> list[tuple[ExampleText, str]]:
        """Return the ticked ones, each with the id of its chat."""
        return [
            example for place, example in enumerate(self._examples) if _is_ticked(self.item(place))
        ]

    def _add(self, example: tuple[ExampleText, str], title: str) -> None:
        words = visible_text(" ".join(title.split()))
        self._examples.append(example)
        item = QListWidgetItem(words[:_LONGEST])
        item.setToolTip(words)
        item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
        is_taken = words not in self._unticked
        item.setCheckState(Qt.CheckState.Checked if is_taken else Qt.CheckState.Unchecked)
        with QSignalBlocker(self):  # one signal for all
            self.addItem(item)


def _is_ticked(item: QListWidgetItem) -> bool:
    return item.checkState() is Qt.CheckState.Checked
