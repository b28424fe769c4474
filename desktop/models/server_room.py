"""Servers in the window: who answers the open chat, the badge that says so, and their dialog."""

from typing import Protocol

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QDialog, QWidget

from core.app.events import RequestFailed
from core.app.events_fetch import KeyStored, ServerTested
from core.words import _
from desktop.actions import ActionRegistry, Group
from desktop.chat.room import ChatRoom
from desktop.chat.view import ChatView
from desktop.dialogs import Dialogs
from desktop.models.choice import ModelChoice
from desktop.models.servers import RemoteChoice, ServerBadge
from desktop.notices import Notices
from desktop.server_ports import KeyCalls, RoutingCalls, ServerCalls
from desktop.theme import Theme


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


class ServerRoom(QObject):
    """Keeps chooser, badge and open chat of one window in step."""

    def __init__(self, front: ServerFront, theme: Theme, notices: Notices, window: QWidget) -> None:
        super().__init__(window)
        self._front = front
        self._theme = theme
        self._window = window
        self._dialog: QDialog | None = None
        self.choice = RemoteChoice(front.servers, front.routing, front.keys, theme, notices, window)
        self.badge = ServerBadge()
        self._view: ChatView | None = None

    def follow(self, models: ModelChoice, chat: ChatRoom, view: ChatView) -> None:
        """Offer Auto and servers among `models`, for the chat that is open."""
        self._view = view
        models.remote = self.choice
        chat.model_for_new = self.choice.for_new
        chat.chat_opened.connect(self.choice.set_chat)
        self.choice.changed.connect(models.refresh)
        models.changed.connect(self._on_models_changed)
        view.header.badges.addWidget(self.badge)

    def register(self, registry: ActionRegistry, dialogs: Dialogs) -> None:
        """Offer the dialog."""
        registry.add(
            "models.servers",
            Group.MODELS,
            _("Servers…"),
            lambda: dialogs.open("servers", self._make),
            section=60,
        )

    def handle(self, event: ServerTested | KeyStored) -> None:
        """Pass on what was heard."""
        from desktop.models.server_dialog import ServerDialog  # noqa: PLC0415 - not for first paint

        if isinstance(self._dialog, ServerDialog):
            self._dialog.handle(event)

    def fail(self, event: RequestFailed) -> bool:
        """Take a failed request; returns whether it was asked in the dialog."""
        from desktop.models.server_dialog import ServerDialog  # noqa: PLC0415 - not for first paint

        return isinstance(self._dialog, ServerDialog) and self._dialog.fail(event)

    def _make(self) -> QDialog:
        from desktop.models.server_dialog import ServerDialog  # noqa: PLC0415 - not for first paint

        self._dialog = ServerDialog(
            self._theme, self._front.servers, self._front.keys, self._window
        )
        self._dialog.finished.connect(self._on_finished)
        return self._dialog

    def _on_finished(self, _code: int) -> None:
        self._dialog = None

    def _on_models_changed(self) -> None:
        server = self.choice.server()
        self.badge.show_server(server)
        if self._view is not None:
            self._view.greeting.set_private(private=server is None)
