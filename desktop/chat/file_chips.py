"""The files the next question is asked of, over the question: each with a way out."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from core.words import _, ngettext
from desktop.buttons import ElidedLabel, IconButton, as_tooltip
from desktop.chat.visible import shown
from desktop.theme import Theme

MOST_SHOWN = 3
"""Files with a line of their own; the rest share one."""


class FileChip(QFrame):
    """One line: a file, or all that have none of their own."""

    left = Signal()

    def __init__(self, theme: Theme, paths: Sequence[str], words: str) -> None:
        super().__init__()
        self._theme = theme
        self.paths = tuple(paths)
        self._build(words)
        self.leave.clicked.connect(self.left)

    def _build(self, words: str) -> None:
        self.setObjectName("file_chip")
        label = ElidedLabel(words)
        label.set_details("\n".join(shown(path) for path in self.paths))
        name = _("Don't ask {file}").format(file=words)
        self.leave = IconButton(self._theme, "close", name, size=16)
        self.leave.setToolTip(as_tooltip(name))
        row = QHBoxLayout(self)
        row.setContentsMargins(10, 2, 4, 2)
        row.setSpacing(8)
        row.addWidget(label, 1)
        row.addWidget(self.leave)


class FileChips(QWidget):
    """All of them; `changed` comes when the person took one off."""

    changed = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._paths: tuple[str, ...] = ()
        self._chips: list[FileChip] = []
        self._build()

    def _build(self) -> None:
        self.setAccessibleName(_("Files to ask"))
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(4)
        self.hide()

    @property
    def paths(self) -> tuple[str, ...]:
        """Absolute paths, in the order in which they were given."""
        return self._paths

    @property
    def names(self) -> tuple[str, ...]:
        """What the lines say."""
        return tuple(_words(chip.paths) for chip in self._chips)

    def show_files(self, paths: Sequence[str]) -> None:
        """Show these in place of those before."""
        for chip in self._chips:
            self._column.removeWidget(chip)
            chip.hide()
            chip.deleteLater()
        self._paths = tuple(dict.fromkeys(paths))
        single = self._paths if len(self._paths) <= MOST_SHOWN else self._paths[: MOST_SHOWN - 1]
        rest = self._paths[len(single) :]
        self._chips = [self._chip((path,)) for path in single]
        if rest:
            self._chips.append(self._chip(rest))
        self.setVisible(bool(self._paths))

    def _chip(self, paths: Sequence[str]) -> FileChip:
        chip = FileChip(self._theme, paths, _words(paths))
        chip.left.connect(lambda: self._on_left(chip))
        self._column.addWidget(chip)
        return chip

    def _on_left(self, chip: FileChip) -> None:
        self.show_files([path for path in self._paths if path not in chip.paths])
        self.changed.emit()


def _words(paths: Sequence[str]) -> str:
    if len(paths) == 1:
        return shown(Path(paths[0]).name)
    return ngettext("{count} more file", "{count} more files", len(paths)).format(count=len(paths))
