"""Who answers the open chat when no model was chosen for it: Auto, or a server agreed to."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QLabel, QWidget

from core.app.routing import AUTO
from core.courier.address import parse
from core.errors import InglenookError
from core.models.entry import ModelEntry
from core.models.servers import ServerEntry, is_server
from core.words import _
from desktop.asking import Asking
from desktop.buttons import as_tooltip
from desktop.notices import Notices
from desktop.server_ports import KeyCalls, RoutingCalls, ServerCalls
from desktop.theme import Theme


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


def hosts_of(server: ServerEntry) -> str:
    """Return the hosts that text would leave for."""
    return ", ".join(parse(address).name for address in server.addresses)


def place_words(entry: ModelEntry) -> tuple[str, str] | None:
    """Return where Auto or a server answers, and the role of the words' colour; None for a file."""
    if entry.path == AUTO:
        return _("Chooses"), "muted"
    return (_("Your server"), "warning") if is_server(entry.path) else None


def remote_words(entry: ModelEntry) -> str:
    """Return what Auto or a server does, "" for a file."""
    if entry.path == AUTO:
        return _(
            "Short, plain questions go to a small model, long, hard and document questions to "
            "the largest that fits. The answer says why; the settings say which two."
        )
    if not is_server(entry.path):
        return ""
    return _("It answers in chats where you choose it; their text leaves this computer for it.")


def place_of(entry: ModelEntry) -> str:
    """Return where a model lies: its file; nothing for Auto and servers, which say it in words."""
    return "" if entry.path == AUTO or is_server(entry.path) else entry.path


class RemoteChoice(QObject):
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
        notices: Notices,
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
        self._for_new = ""

    def entries(self, local: tuple[ModelEntry, ...]) -> tuple[ModelEntry, ...]:
        """Return all one can choose: models, servers, and Auto where there is a choice."""
        auto = (auto_entry(),) if self._routing.has_choice or self._routing.is_auto else ()
        return (*local, *(server.entry for server in self._servers.all()), *auto)

    def server(self) -> ServerEntry | None:
        """Return the server that answers the open chat."""
        if not self._chat_id:
            return self._servers.get(self._for_new) if self._for_new else None
        return self._servers.used_by(self._chat_id)

    def current(self) -> ModelEntry | None:
        """Return what answers the open chat, None for the chosen model of this computer."""
        server = self.server()
        if server is not None:
            return server.entry
        return auto_entry() if self._routing.is_auto else None

    def for_new(self) -> str:
        """Return the server that a new chat begins with, "" for none."""
        return self._for_new if not self._chat_id else ""

    def set_chat(self, chat_id: str) -> None:
        """Another chat is open, "" for a new one, which begins on this computer."""
        if chat_id != self._chat_id or not chat_id:
            self._chat_id, self._for_new = chat_id, ""
            self.changed.emit()

    def take(self, ref: str) -> bool:
        """Let Auto or a server answer; False when `ref` is neither.

        Choosing anything else takes the server off the open chat.
        """
        server = self._servers.get(ref)
        if ref == AUTO:
            self._use("")
            self._do(self._routing.set_auto)
        elif server is not None and server.lacking:
            agreed = partial(self._on_agreed, server.name)
            ask_consent(self._theme, self._window, server, agreed)
        elif server is not None:
            self._use(server.name)
        else:
            self._use("")
            return False
        return True

    def forget(self, ref: str) -> bool:
        """Forget a server and its key; False when `ref` is none. Auto is always there."""
        server = self._servers.get(ref)
        gone = server is not None and self._do(lambda: self._servers.remove(server.name))
        if server is not None and gone and server.key_name:
            self._keys.keep(server.key_name, "")
        return server is not None or ref == AUTO

    def _on_agreed(self, name: str) -> None:
        if self._do(lambda: self._servers.allow(name)):
            self._use(name)

    def _use(self, name: str) -> None:
        if self._chat_id:
            self._do(lambda: self._servers.use(self._chat_id, name))
        self._for_new = "" if self._chat_id else name
        self.changed.emit()

    def _do(self, deed: Callable[[], object]) -> bool:
        try:
            deed()
        except InglenookError as error:
            self._notices.refuse("model", error)
            return False
        self._notices.drop("model")
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
        first = parse(server.addresses[0]).name
        more = len(server.addresses) - 1
        words = _("Leaves for {host}").format(host=first)
        self.setText(f"{words} +{more}" if more else words)
        told = _("What you write in this chat leaves this computer for {hosts}.")
        self.setToolTip(as_tooltip(told.format(hosts=hosts_of(server))))
        self.setAccessibleName(told.format(hosts=hosts_of(server)))


def ask_consent(
    theme: Theme, holder: QWidget, server: ServerEntry, agreed: Callable[[], object]
) -> None:
    """Ask whether text may leave for a server; `agreed` is called on yes."""
    asking = Asking(
        theme,
        holder,
        title=_("Let text leave this computer?"),
        text=consent_words(server),
        deed=_("Agree and use it"),
        value=None,
    )
    asking.accepted.connect(agreed)
    asking.open()


def consent_words(server: ServerEntry) -> str:
    """Ask whether text may leave, naming what and where to."""
    return _(
        "What you write in chats that use “{name}”, and passages of documents that are asked "
        "there, leaves this computer for {hosts}. Titles, summaries and everything else stay here."
    ).format(name=server.name, hosts=hosts_of(server))
