"""Opens the privacy panel, and tells that everything is to be erased."""

from msgspec import Struct
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QDialog, QWidget

from core.paths import Paths
from core.words import _
from desktop.actions import ActionRegistry, Group
from desktop.dialogs import Dialogs
from desktop.theme import Theme


class Erasure(Struct, frozen=True):
    """Everything is to be erased; `models` in the root too."""

    models: bool


class PrivacyRoom(QObject):
    """Erasing waits for the end of the window: until then chats and children hold the files."""

    erase_wanted = Signal(object)  # Erasure

    def __init__(self, theme: Theme, paths: Paths, window: QWidget) -> None:
        super().__init__(window)
        self._theme = theme
        self._paths = paths
        self._window = window

    def register(self, registry: ActionRegistry, dialogs: Dialogs) -> None:
        """Offer the panel."""
        registry.add(
            "file.privacy",
            Group.FILE,
            _("Privacy…"),
            lambda: dialogs.open("privacy", self._make),
            icon="lock",
            section=80,
        )

    def _make(self) -> QDialog:
        from desktop.privacy.panel import PrivacyPanel  # noqa: PLC0415 - not for the first paint

        panel = PrivacyPanel(self._theme, self._paths, self._window)
        panel.erased.connect(self._on_erased)
        return panel

    def _on_erased(self, models: bool) -> None:  # noqa: FBT001 - a signal's argument
        self.erase_wanted.emit(Erasure(models=models))
