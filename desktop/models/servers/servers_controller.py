"""Controller of servers in one window: the server chooser, the badge and the servers dialog."""

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from core.app.app import App
from core.base.i18n import _
from desktop.chat.controller.chat_controller import ChatController
from desktop.chat.view.chat_view import ChatView
from desktop.kit.actions import ActionRegistry, MenuGroup
from desktop.kit.dialog_manager import DialogManager
from desktop.kit.layers.page import Page
from desktop.kit.notices import NoticeCenter
from desktop.kit.theme import Theme
from desktop.models.choice.model_choice import ModelChoice
from desktop.models.choice.server_choice import ServerBadge, ServerChoice


class ServersController(QObject):
    """Keeps the server chooser and the badge of one window in step with its open chat."""

    def __init__(self, app: App, theme: Theme, notices: NoticeCenter, window: QWidget) -> None:
        super().__init__(window)
        self._app = app
        self._theme = theme
        self._notices = notices
        self._window = window
        self.choice = ServerChoice(app.servers, app.routing, app.keys, theme, notices, window)
        self.badge = ServerBadge()
        self._view: ChatView | None = None

    def attach_to_chat(self, models: ModelChoice, chat: ChatController, view: ChatView) -> None:
        """Add Auto and the servers to `models`, for the chat that is open."""
        self._view = view
        models.server_choice = self.choice
        chat.server_for_new_chat = self.choice.server_for_new_chat
        chat.chat_opened.connect(self.choice.set_open_chat)
        self.choice.changed.connect(models.refresh_models)
        models.changed.connect(self._on_models_changed)
        view.header.badges.addWidget(self.badge)

    def register_actions(self, registry: ActionRegistry, dialogs: DialogManager) -> None:
        """Add the action that opens the page."""
        registry.add_action(
            "models.servers",
            MenuGroup.MODELS,
            _("Servers…"),
            lambda: dialogs.open_page("servers", self._build_page),
            section=60,
        )

    def _build_page(self) -> Page:
        from desktop.models.servers.servers_page import ServersPage  # noqa: PLC0415 - not for first paint

        app = self._app
        return ServersPage(self._theme, app.servers, app.keys, self._notices, self._window)

    def _on_models_changed(self) -> None:
        server = self.choice.current_server()
        self.badge.show_server(server)
        if self._view is not None:
            self._view.greeting.set_private(private=server is None)
