"""Privacy controller: opens the privacy page and passes on the request to erase everything."""

from msgspec import Struct
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from core.app.app import App
from core.base.i18n import _
from desktop.kit.actions import ActionRegistry, MenuGroup
from desktop.kit.dialog_manager import DialogManager
from desktop.kit.layers.page import Page
from desktop.kit.theme import Theme


class EraseRequest(Struct, frozen=True):
    """A request to erase everything; `models` also those in the root."""

    models: bool


class PrivacyController(QObject):
    """What changes all files waits until the windows are closed: till then they are held."""

    erase_wanted = Signal(object)  # EraseRequest
    restart_wanted = Signal()

    def __init__(self, app: App, theme: Theme, window: QWidget) -> None:
        super().__init__(window)
        self._app = app
        self._theme = theme
        self._window = window

    def register_actions(self, registry: ActionRegistry, dialogs: DialogManager) -> None:
        """Register the action that opens the page."""
        registry.add_action(
            "file.privacy",
            MenuGroup.FILE,
            _("Privacy…"),
            lambda: dialogs.open_page("privacy", self._make),
            icon="lock",
            section=80,
        )

    def _make(self) -> Page:
        from desktop.privacy.privacy_page import PrivacyPage  # noqa: PLC0415 - not for the first paint

        page = PrivacyPage(self._theme, self._app, self._window)
        page.encryption.restart_wanted.connect(self.restart_wanted)
        page.erased.connect(self._on_erased)
        return page

    def _on_erased(self, models: bool) -> None:  # noqa: FBT001 - a signal's argument
        self.erase_wanted.emit(EraseRequest(models=models))
