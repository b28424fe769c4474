"""Usage controller: opens the page about counted tokens."""

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from core.app.app import App
from core.base.i18n import _
from desktop.kit.actions import ActionRegistry, MenuGroup
from desktop.kit.dialog_manager import DialogManager
from desktop.kit.layers.page import Page
from desktop.kit.theme import Theme


class UsageController(QObject):
    """The page reads the application itself."""

    def __init__(self, app: App, theme: Theme, window: QWidget) -> None:
        super().__init__(window)
        self._app = app
        self._theme = theme
        self._window = window

    def register_actions(self, registry: ActionRegistry, dialogs: DialogManager) -> None:
        """Register the action that opens the page."""
        registry.add_action(
            "file.usage",
            MenuGroup.FILE,
            _("Usage…"),
            lambda: dialogs.open_page("usage", self._make),
            icon="info",
            section=80,
        )

    def _make(self) -> Page:
        from desktop.usage.usage_page import UsagePage  # noqa: PLC0415 - not for the first paint

        return UsagePage(self._app, self._theme, self._window)
