"""Choice of Auto or a remote server for the open chat, its badge and the consent question."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QLabel, QWidget

from core.app.chats.routing_service import AUTO
from core.base.errors import InglenookError
from core.base.i18n import _
from core.courier.connection.host_address import parse_address
from core.models.info.model_entry import ModelEntry
from core.models.server_registry import ServerEntry, is_server_path
from desktop.kit.buttons_and_labels import as_tooltip
from desktop.kit.confirm_dialog import ConfirmDialog
from desktop.kit.notices import NoticeCenter
from desktop.kit.theme import Theme
from desktop.protocols.model_protocols import KeyCalls, RoutingCalls, ServerCalls


def auto_entry() -> ModelEntry:
    """Return Auto as it stands among models."""
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


def server_hosts(server: ServerEntry) -> str:
    """Return the hosts that text would leave for."""
    return ", ".join(parse_address(address).name for address in server.addresses)


def format_answer_place(entry: ModelEntry) -> tuple[str, str] | None:
    """Return where Auto or a server answers, and the role of the words' colour; None for a file."""
    if entry.path == AUTO:
        return _("Chooses"), "muted"
    return (_("Your server"), "warning") if is_server_path(entry.path) else None


def describe_remote_entry(entry: ModelEntry) -> str:
    """Return what Auto or a server does, "" for a file."""
    if entry.path == AUTO:
        return _(
            "Short, plain questions go to a small model, long, hard and document questions to "
            "the largest that fits. The answer says why; the settings say which two."
        )
    if not is_server_path(entry.path):
        return ""
    return _("It answers in chats where you choose it; their text leaves this computer for it.")


def entry_path(entry: ModelEntry) -> str:
    """Return where a model lies: its file; nothing for Auto and servers, which say it in words."""
    return "" if entry.path == AUTO or is_server_path(entry.path) else entry.path


class ServerChoice(QObject):
    """Auto and servers in the model chooser; a chat uses a server only after it was chosen there.

    `changed` comes when somebody else answers the open chat.
    """

    changed = Signal()

    def __init__(
        self,
        servers: ServerCalls,
        routing: RoutingCalls,
        keys: KeyCalls,
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
        """Return all one can choose: models, servers, and Auto where there is a choice."""
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
        """Return the server that a new chat begins with, "" for none."""
        return self._server_for_new_chat if not self._chat_id else ""

    def set_open_chat(self, chat_id: str) -> None:
        """Another chat is open, "" for a new one, which begins on this computer."""
        if chat_id != self._chat_id or not chat_id:
            self._chat_id, self._server_for_new_chat = chat_id, ""
            self.changed.emit()

    def choose_entry(self, ref: str) -> bool:
        """Let Auto or a server answer; False when `ref` is neither.

        Choosing anything else takes the server off the open chat.
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
        """Forget a server and its key; False when `ref` is none. Auto is always there."""
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

    def _call_or_notify(self, deed: Callable[[], object]) -> bool:
        try:
            deed()
        except InglenookError as error:
            self._notices.post_error("model", error)
            return False
        self._notices.dismiss_notice("model")
        return True


class ServerBadge(QLabel):
    """Says in the header that what is written here leaves this computer, and where to."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "warning")
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.show_server(None)

    def show_server(self, server: ServerEntry | None) -> None:
        """Show where text leaves for; nothing for a model of this computer."""
        self.setVisible(server is not None)
        if server is None:
            return
        first = parse_address(server.addresses[0]).name
        more = len(server.addresses) - 1
        words = _("Leaves for {host}").format(host=first)
        self.setText(f"{words} +{more}" if more else words)
        told = _("What you write in this chat leaves this computer for {hosts}.")
        self.setToolTip(as_tooltip(told.format(hosts=server_hosts(server))))
        self.setAccessibleName(told.format(hosts=server_hosts(server)))


def ask_server_consent(
    theme: Theme, holder: QWidget, server: ServerEntry, agreed: Callable[[], object]
) -> None:
    """Ask whether text may leave for a server; `agreed` is called on yes."""
    asking = ConfirmDialog(
        theme,
        holder,
        title=_("Let text leave this computer?"),
        text=format_server_consent(server),
        deed=_("Agree and use it"),
        value=None,
    )
    asking.accepted.connect(agreed)
    asking.open()


def format_server_consent(server: ServerEntry) -> str:
    """Ask whether text may leave, naming what and where to."""
    return _(
        "What you write in chats that use “{name}”, and passages of documents that are asked "
        "there, leaves this computer for {hosts}. Titles, summaries and everything else stay here."
    ).format(name=server.name, hosts=server_hosts(server))
