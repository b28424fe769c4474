"""Choice of Auto or a remote server for the open chat, its badge and the consent question."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QLabel, QWidget

from core.app.chats.routing_service import RoutingService
from core.app.network.key_service import KeyService
from core.app.network.server_service import ServerService
from core.base.errors import InglenookError
from core.base.i18n import _
from core.base.settings.app_settings import AUTO
from core.courier.connection.host_address import host_names, parse_address, unencrypted_warning
from core.models.info.model_entry import ModelEntry
from core.models.server_registry import ServerEntry, is_server_path
from desktop.kit.buttons_and_labels import as_tooltip
from desktop.kit.confirm_dialog import ConfirmDialog
from desktop.kit.notices import NoticeCenter
from desktop.kit.theme import Theme


def auto_entry() -> ModelEntry:
    """Return Auto as an entry of the list of models."""
    return ModelEntry(
        ref=AUTO,
        path=AUTO,
        family=_("A small model or a large one, by the question"),
        architecture="",
        parameters=0,
        quantization="",
        bytes_on_disk=0,
        context=0,
        fits="yes",
        memory_needed=0,
        has_template=True,
    )


def format_answer_place(entry: ModelEntry) -> tuple[str, str] | None:
    """Return where Auto or a server answers, and the colour role of that text; None for a file."""
    if entry.path == AUTO:
        return _("by question"), "muted"
    return (_("Your server"), "warning") if is_server_path(entry.path) else None


def describe_remote_entry(entry: ModelEntry) -> str:
    """Return the description of Auto or a server, "" for a file."""
    if entry.path == AUTO:
        return _(
            "Short, plain questions go to a small model, long, hard and document questions to "
            "the largest that fits. The answer says why; the settings say which two."
        )
    if not is_server_path(entry.path):
        return ""
    return _("It answers in chats where you choose it; their text leaves this computer for it.")


def entry_path(entry: ModelEntry) -> str:
    """Return the path of a model's file, "" for Auto and servers, which have none."""
    return "" if entry.path == AUTO or is_server_path(entry.path) else entry.path


class ServerChoice(QObject):
    """Auto and servers in the model chooser; a chat uses a server only after it was chosen there.

    `changed` is emitted when the model of the open chat has changed.
    """

    changed = Signal()

    def __init__(
        self,
        servers: ServerService,
        routing: RoutingService,
        keys: KeyService,
        theme: Theme,
        notices: NoticeCenter,
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._servers = servers
        self._routing = routing
        self._keys = keys
        self._theme = theme
        self._notices = notices
        self._window = window
        self._chat_id = ""
        self._server_for_new_chat = ""

    def choosable_entries(self, local: tuple[ModelEntry, ...]) -> tuple[ModelEntry, ...]:
        """Return all entries of the chooser: models, servers, and Auto if it has two models."""
        auto = (auto_entry(),) if self._routing.has_choice or self._routing.is_auto else ()
        return (*local, *(server.model_entry for server in self._servers.list_servers()), *auto)

    def current_server(self) -> ServerEntry | None:
        """Return the server that answers the open chat."""
        if not self._chat_id:
            return (
                self._servers.get_server(self._server_for_new_chat)
                if self._server_for_new_chat
                else None
            )
        return self._servers.server_for_chat(self._chat_id)

    def current_entry(self) -> ModelEntry | None:
        """Return what answers the open chat, None for the chosen model of this computer."""
        server = self.current_server()
        if server is not None:
            return server.model_entry
        return auto_entry() if self._routing.is_auto else None

    def server_for_new_chat(self) -> str:
        """Return the name of the server that a new chat starts with, "" for none."""
        return self._server_for_new_chat if not self._chat_id else ""

    def set_open_chat(self, chat_id: str) -> None:
        """Note which chat is open, "" for a new one, which starts with a model of this computer."""
        if chat_id != self._chat_id or not chat_id:
            self._chat_id, self._server_for_new_chat = chat_id, ""
            self.changed.emit()

    def choose_entry(self, ref: str) -> bool:
        """Choose Auto or a server, after its consent question; False when `ref` is neither.

        In that case the open chat has no server any more.
        """
        server = self._servers.get_server(ref)
        if ref == AUTO:
            self._use_server("")
            self._call_or_notify(self._routing.set_auto)
        elif server is not None and server.unapproved_addresses:
            agreed = partial(self._on_agreed, server.name)
            ask_server_consent(self._theme, self._window, server, agreed)
        elif server is not None:
            self._use_server(server.name)
        else:
            self._use_server("")
            return False
        return True

    def forget_server(self, ref: str) -> bool:
        """Remove a server and its key; False when `ref` is neither a server nor Auto (it stays)."""
        server = self._servers.get_server(ref)
        gone = server is not None and self._call_or_notify(
            lambda: self._servers.remove_server(server.name)
        )
        if server is not None and gone and server.key_name:
            self._keys.store_key(server.key_name, "").on_error(self._notices.post_failure)
        return server is not None or ref == AUTO

    def _on_agreed(self, name: str) -> None:
        if self._call_or_notify(lambda: self._servers.allow_server(name)):
            self._use_server(name)

    def _use_server(self, name: str) -> None:
        if self._chat_id:
            self._call_or_notify(lambda: self._servers.set_chat_server(self._chat_id, name))
        self._server_for_new_chat = "" if self._chat_id else name
        self.changed.emit()

    def _call_or_notify(self, action: Callable[[], object]) -> bool:
        try:
            action()
        except InglenookError as error:
            self._notices.post_error("model", error)
            return False
        self._notices.dismiss_notice("model")
        return True


class ServerBadge(QLabel):
    """Header badge with the host that the text of this chat is sent to."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "warning")
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.show_server(None)

    def show_server(self, server: ServerEntry | None) -> None:
        """Show the host of a server; hidden for a model of this computer."""
        self.setVisible(server is not None)
        if server is None:
            return
        first = parse_address(server.addresses[0]).name
        more = len(server.addresses) - 1
        label = _("Leaves for {host}").format(host=first)
        self.setText(f"{label} +{more}" if more else label)
        text = _("What you write in this chat leaves this computer for {hosts}.").format(
            hosts=host_names(server.addresses)
        )
        self.setToolTip(as_tooltip(text))
        self.setAccessibleName(text)


def ask_server_consent(
    theme: Theme, parent: QWidget, server: ServerEntry, agreed: Callable[[], object]
) -> None:
    """Ask whether text may be sent to a server; `agreed` is called if the answer is yes."""
    dialog = ConfirmDialog(
        theme,
        parent,
        title=_("Let text leave this computer?"),
        text=format_server_consent(server),
        button_text=_("Agree and use it"),
        value=None,
    )
    dialog.prefer_cancel()
    dialog.accepted.connect(agreed)
    dialog.open()


def format_server_consent(server: ServerEntry) -> str:
    """Return the question whether text may be sent, with its kind, target and a warning."""
    text = _(
        "What you write in chats that use “{name}”, and passages of documents that are asked "
        "there, leaves this computer for {hosts}. Titles, summaries and everything else stay here."
    ).format(name=server.name, hosts=host_names(server.addresses))
    warning = unencrypted_warning(server.addresses)
    return f"{text}\n\n{warning}" if warning else text
