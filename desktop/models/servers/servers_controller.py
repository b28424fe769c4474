"""Controller of servers in one window: the server chooser, the badge and the servers dialog."""

from typing import Protocol

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QDialog, QWidget

from core.app.events.app_events import RequestFailed
from core.app.events.network_events import KeyStored, ServerTested
from core.base.i18n import _
from desktop.chat.controller.chat_controller import ChatController
from desktop.chat.view.chat_view import ChatView
from desktop.kit.actions import ActionRegistry, MenuGroup
from desktop.kit.dialog_manager import DialogManager
from desktop.kit.notices import NoticeCenter
from desktop.kit.theme import Theme
from desktop.models.choice.model_choice import ModelChoice
from desktop.models.choice.server_choice import ServerBadge, ServerChoice
from desktop.protocols.model_protocols import KeyCalls, RoutingCalls, ServerCalls


class ServerFront(Protocol):
    """What this asks the application."""

    @property
    def servers(self) -> ServerCalls:
        """Servers of the person's own."""

    @property
    def routing(self) -> RoutingCalls:
        """Who answers."""

    @property
    def keys(self) -> KeyCalls:
        """Keys and tokens."""


class ServersController(QObject):
    """Keeps chooser, badge and open chat of one window in step."""

    def __init__(
        self, front: ServerFront, theme: Theme, notices: NoticeCenter, window: QWidget
    ) -> None:
        super().__init__(window)
        self._front = front
        self._theme = theme
        self._window = window
        self._dialog: QDialog | None = None
        self.choice = ServerChoice(front.servers, front.routing, front.keys, theme, notices, window)
        self.badge = ServerBadge()
        self._view: ChatView | None = None

    def attach_to_chat(self, models: ModelChoice, chat: ChatController, view: ChatView) -> None:
        """Offer Auto and servers among `models`, for the chat that is open."""
        self._view = view
        models.server_choice = self.choice
        chat.server_for_new_chat = self.choice.server_for_new_chat
        chat.chat_opened.connect(self.choice.set_open_chat)
        self.choice.changed.connect(models.refresh_models)
        models.changed.connect(self._on_models_changed)
        view.header.badges.addWidget(self.badge)

    def register_actions(self, registry: ActionRegistry, dialogs: DialogManager) -> None:
        """Offer the dialog."""
        registry.add_action(
            "models.servers",
            MenuGroup.MODELS,
            _("Servers…"),
            lambda: dialogs.open_dialog("servers", self._build_dialog),
            section=60,
        )

    def on_server_event(self, event: ServerTested | KeyStored) -> None:
        """Pass on what was heard."""
        from desktop.models.servers.server_dialog import ServerDialog  # noqa: PLC0415 - not for first paint

        if isinstance(self._dialog, ServerDialog):
            self._dialog.on_server_event(event)

    def on_request_failed(self, event: RequestFailed) -> bool:
        """Take a failed request; returns whether it was asked in the dialog."""
        from desktop.models.servers.server_dialog import ServerDialog  # noqa: PLC0415 - not for first paint

        return isinstance(self._dialog, ServerDialog) and self._dialog.on_request_failed(event)

    def _build_dialog(self) -> QDialog:
        from desktop.models.servers.server_dialog import ServerDialog  # noqa: PLC0415 - not for first paint

        self._dialog = ServerDialog(
            self._theme, self._front.servers, self._front.keys, self._window
        )
        self._dialog.finished.connect(self._on_finished)
        return self._dialog

    def _on_finished(self, _code: int) -> None:
        self._dialog = None

    def _on_models_changed(self) -> None:
        server = self.choice.current_server()
        self.badge.show_server(server)
        if self._view is not None:
            self._view.greeting.set_private(private=server is None)
