"""Taking a model off the shelf: a file of ours goes to the trash, after a question."""

from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from core.errors import InglenookError
from core.models.entry import ModelEntry
from core.models.servers import is_server
from core.words import _
from desktop.asking import Asking
from desktop.models.choice import ModelChoice
from desktop.models.said import Said
from desktop.shelf_ports import ShelfCalls
from desktop.theme import Theme
from desktop.words import size


class Removing(QObject):
    """Says in `said` how it went."""

    def __init__(
        self, theme: Theme, shelf: ShelfCalls, choice: ModelChoice, said: Said, holder: QWidget
    ) -> None:
        super().__init__(holder)
        self._theme = theme
        self._shelf = shelf
        self._choice = choice
        self._said = said
        self._holder = holder

    def take_off(self, entry: ModelEntry) -> None:
        """Take it off the list; only what would go to the trash is asked about."""
        if is_server(entry.path):
            self._choice.forget(entry.ref)
        elif entry.is_ours:
            self._ask(entry)
        else:
            self._remove(entry.ref)

    def _ask(self, entry: ModelEntry) -> None:
        text = _("{file} ({size}) goes to this system's trash, from where you can take it back.")
        asking = Asking(
            self._theme,
            self._holder.window(),
            title=_("Remove {model}?").format(model=entry.ref),
            text=text.format(file=Path(entry.path).name, size=size(entry.bytes_on_disk)),
            deed=_("Move to the trash"),
            value=None,
        )
        asking.accepted.connect(lambda: self._remove(entry.ref))
        asking.open()

    def _remove(self, ref: str) -> None:
        try:
            removed = self._shelf.remove(ref)
        except InglenookError as error:
            self._said.show_error(error)
            return
        self._choice.refresh()
        words = (
            _("{model} was moved to the trash.")
            if removed.trashed
            else _("{model} is off the list; its file stays, and adding it brings it back.")
        )
        self._said.say(words.format(model=removed.ref))
