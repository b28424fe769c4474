"""Tools controller: opens the page about what models may call."""

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from core.app.tools.tool_service import ToolService
from core.base.i18n import _
from desktop.kit.actions import ActionRegistry, MenuGroup
from desktop.kit.dialog_manager import DialogManager
from desktop.kit.layers.page import Page
from desktop.kit.theme import Theme


class ToolsController(QObject):
    """The page shows what holds when it is opened, also what was changed in a terminal."""

    def __init__(self, tools: ToolService, theme: Theme, window: QWidget) -> None:
        super().__init__(window)
        self._tools = tools
        self._theme = theme
        self._window = window

    def register_actions(self, registry: ActionRegistry, dialogs: DialogManager) -> None:
        """Register the action that opens the page."""
        registry.add_action(
            "models.tools",
            MenuGroup.MODELS,
            _("Tools…"),
            lambda: dialogs.open_page("tools", self._build_page),
            section=60,
        )

    def _build_page(self) -> Page:
        from desktop.tools.tools_page import ToolsPage  # noqa: PLC0415 - not for the first paint

        return ToolsPage(self._theme, self._tools, self._window)
