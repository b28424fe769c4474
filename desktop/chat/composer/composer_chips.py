"""Composer chips: folders, files and model of the next question, each with a remove button."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple, TypeVar

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QWidget

from core.base.i18n import _, ngettext
from desktop.kit.buttons_and_labels import ElidedLabel, IconButton, IconLabel, as_tooltip
from desktop.kit.layers.flow_layout import FlowLayout
from desktop.kit.reading_column import margins
from desktop.kit.theme import Theme
from desktop.kit.visible_text import visible_text

MAX_CHIPS = 3
"""Number of files, and of folders, with a chip of their own; the rest share one."""
_WIDEST = 300
Item = TypeVar("Item")


class TickedFolder(NamedTuple):
    """A folder that the next question is asked of."""

    folder_id: str
    name: str
    path: str


class QuestionChip(QFrame):
    """A name with an icon before it and a remove button behind."""

    removed = Signal()

    def __init__(self, theme: Theme, icon: str, words: str, remove_name: str) -> None:
        super().__init__()
        self._theme = theme
        self._build(icon, words, remove_name)
        self.remove_button.clicked.connect(self.removed)

    def _build(self, icon: str, words: str, remove_name: str) -> None:
        self.setObjectName("file_chip")
        self.setMaximumWidth(self._theme.scaled(_WIDEST))
        self._label = ElidedLabel(words)
        self._label.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        self.remove_button = IconButton(self._theme, "close", remove_name, size=16)
        self.remove_button.setToolTip(as_tooltip(remove_name))
        row = QHBoxLayout(self)
        row.setContentsMargins(margins(8, 2, 4, 2))
        row.setSpacing(6)
        row.addWidget(IconLabel(self._theme, icon, ""))
        row.addWidget(self._label, 1)
        row.addWidget(self.remove_button)

    def set_details(self, details: str) -> None:
        """Show more in the tooltip."""
        self._label.set_details(details)


class QuestionChips(QWidget):
    """All chips in lines; a signal is emitted when the user removes something.

    Files are asked in place of folders, whose chips are hidden meanwhile.
    """

    files_changed = Signal()
    folders_removed = Signal(object)  # tuple[str, ...]: folder ids
    model_changed = Signal()
    tools_removed = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._paths: tuple[str, ...] = ()
        self._folders: tuple[TickedFolder, ...] = ()
        self._model = ""
        self._has_tools = False
        self._names: list[str] = []
        self._chips: list[QuestionChip] = []
        self._build()

    def _build(self) -> None:
        self.setAccessibleName(_("What the question is asked of"))
        self._flow = FlowLayout(self)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.hide()

    @property
    def paths(self) -> tuple[str, ...]:
        """Absolute paths of the files, in the order in which they were given."""
        return self._paths

    @property
    def folder_ids(self) -> tuple[str, ...]:
        """Ids of the ticked folders, also while files are asked in their place."""
        return tuple(each.folder_id for each in self._folders)

    @property
    def names(self) -> tuple[str, ...]:
        """The texts of the chips of files, else of folders."""
        return tuple(self._names)

    @property
    def model(self) -> str:
        """The model that is to answer this question alone, "" for the chosen one."""
        return self._model

    def show_files(self, paths: Sequence[str]) -> None:
        """Show these files in place of those before."""
        self._paths = tuple(dict.fromkeys(paths))
        self._make_chips()

    def show_folders(self, folders: Sequence[TickedFolder]) -> None:
        """Show these folders in place of those before."""
        if self._folders != tuple(folders):
            self._folders = tuple(folders)
            self._make_chips()

    def show_model(self, ref: str) -> None:
        """Show the model that is to answer this question alone, "" for none."""
        if self._model != ref:
            self._model = ref
            self._make_chips()

    def show_tools(self, *, active: bool) -> None:
        """Show whether the model may call tools."""
        if self._has_tools != active:
            self._has_tools = active
            self._make_chips()

    def _make_chips(self) -> None:
        for chip in self._chips:
            self._flow.removeWidget(chip)
            chip.hide()
            chip.deleteLater()
        self._chips, self._names = [], []
        if self._paths:
            self._add_files()
        else:
            self._add_folders()
        if self._model:
            words = _("{model} answers this question").format(model=visible_text(self._model))
            name = _("Let the chosen model answer")
            self._add_chip("model", words, name, self._on_model_removed)
        if self._has_tools:
            words, name = _("Tools"), _("Don't let the model call tools")
            self._add_chip("settings", words, name, self.tools_removed.emit)
        self.setVisible(bool(self._chips))
        self.updateGeometry()

    def _add_files(self) -> None:
        for paths in _grouped(self._paths):
            words = _file_words(paths)
            self._names.append(words)
            name = _("Don't ask {file}").format(file=words)
            chip = self._add_chip("file", words, name, partial(self._on_files_removed, paths))
            chip.set_details("\n".join(visible_text(path) for path in paths))

    def _add_folders(self) -> None:
        for folders in _grouped(self._folders):
            words = _folder_words(folders)
            self._names.append(words)
            name = _("Don't ask the folder {folder}").format(folder=words)
            removed = partial(self._on_folders_removed, folders)
            chip = self._add_chip("folder", words, name, removed)
            places = (each.path or each.name for each in folders)
            chip.set_details("\n".join(visible_text(place) for place in places))

    def _add_chip(
        self, icon: str, words: str, remove_name: str, on_removed: Callable[[], None]
    ) -> QuestionChip:
        chip = QuestionChip(self._theme, icon, words, remove_name)
        chip.removed.connect(on_removed)
        self._flow.addWidget(chip)
        chip.show()  # else only with the next turn of the event loop
        self._chips.append(chip)
        return chip

    def _on_files_removed(self, paths: Sequence[str]) -> None:
        self.show_files([path for path in self._paths if path not in paths])
        self.files_changed.emit()

    def _on_folders_removed(self, folders: Sequence[TickedFolder]) -> None:
        self.folders_removed.emit(tuple(each.folder_id for each in folders))

    def _on_model_removed(self) -> None:
        self.show_model("")
        self.model_changed.emit()


def _grouped(items: Sequence[Item]) -> list[tuple[Item, ...]]:
    """Return a group for each chip."""
    single = items if len(items) <= MAX_CHIPS else items[: MAX_CHIPS - 1]
    rest = tuple(items[len(single) :])
    return [*((item,) for item in single), *([rest] if rest else [])]


def _file_words(paths: Sequence[str]) -> str:
    from core.chat.store.attachment_store import attachment_title  # noqa: PLC0415 - not at the start

    if len(paths) == 1:
        return visible_text(attachment_title(paths[0]) or Path(paths[0]).name)
    return ngettext("{count} more file", "{count} more files", len(paths)).format(count=len(paths))


def _folder_words(folders: Sequence[TickedFolder]) -> str:
    if len(folders) == 1:
        return visible_text(folders[0].name)
    words = ngettext("{count} more folder", "{count} more folders", len(folders))
    return words.format(count=len(folders))
