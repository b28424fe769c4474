"""The dialog of servers: which there are, and putting another one among the models."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QListWidget,
    QVBoxLayout,
    QWidget,
)

from core.app.events import RequestFailed
from core.app.events_fetch import KeyStored, ServerTested
from core.courier.address import parse
from core.errors import InglenookError
from core.models.servers import ServerEntry
from core.words import _, ngettext
from desktop.asking import Asking
from desktop.buttons import TextButton, plain_label, set_property
from desktop.models.server_form import ServerForm
from desktop.models.servers import consent_words, hosts_of
from desktop.server_ports import KeyCalls, ServerCalls
from desktop.theme import Theme


class ServerDialog(QDialog):
    """A list, and a form below it. Nothing is asked of a server before its button is pressed."""

    def __init__(self, theme: Theme, servers: ServerCalls, keys: KeyCalls, holder: QWidget) -> None:
        super().__init__(holder)
        self._theme = theme
        self._servers = servers
        self._keys = keys
        self._asked = ""  # the request that is waited for
        self._then: Callable[[], None] = self._test  # what is done when the key is kept
        self._build()
        self._connect()
        self.refresh()

    def _build(self) -> None:
        self.setWindowTitle(_("Servers"))
        self.setMinimumWidth(72 * self.fontMetrics().averageCharWidth())
        words = _(
            "A server of your own that speaks OpenAI's protocol (llama-server, vLLM, Ollama, "
            "SGLang, TensorRT-LLM) can answer chats in which you choose it. Its key is kept in "
            "this system's key store."
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(12)
        column.addWidget(plain_label(_("Servers"), "title"))
        column.addWidget(plain_label(words, "muted", wrap=True))
        self.list = QListWidget()
        self.list.setAccessibleName(_("Servers"))
        self.list.setMaximumHeight(6 * self.fontMetrics().height())
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        column.addWidget(self.list)
        self.forget_button = TextButton(self._theme, _("Forget"))
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self.forget_button)
        column.addLayout(row)
        self.form = ServerForm()
        column.addWidget(self.form)
        self.said = plain_label(wrap=True)
        column.addWidget(self.said)
        column.addLayout(self._build_buttons())

    def _build_buttons(self) -> QHBoxLayout:
        self.ask_button = TextButton(self._theme, _("Ask what it has"))
        self.add_button = TextButton(self._theme, _("Add…"), role="primary")
        self.close_button = TextButton(self._theme, _("Close"))
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.ask_button)
        row.addStretch(1)
        row.addWidget(self.close_button)
        row.addWidget(self.add_button)
        return row

    def _connect(self) -> None:
        self.ask_button.clicked.connect(self._on_ask_clicked)
        self.add_button.clicked.connect(self._on_add_clicked)
        self.forget_button.clicked.connect(self._on_forget_clicked)
        self.close_button.clicked.connect(self.reject)
        self.form.changed.connect(self._on_changed)
        self.list.currentRowChanged.connect(self._on_changed)

    def refresh(self) -> None:
        """Show the servers as they are now."""
        self.list.clear()
        for server in self._servers.all():
            self.list.addItem(f"{server.name} — {server.model} — {hosts_of(server)}")
        self._on_changed()

    def handle(self, event: ServerTested | KeyStored) -> None:
        """Take what was heard about a server or a key."""
        if event.request_id != self._asked:
            return
        self._asked = ""
        if isinstance(event, KeyStored):
            self._attempt(self._then)
            return
        self.form.offer(event.models)
        host, count = parse(event.address).name, len(event.models)
        words = ngettext("{host} answers; it has {count} model.",
                         "{host} answers; it has {count} models.", count)  # fmt: skip
        self._say(words.format(host=host, count=count), "good")

    def fail(self, event: RequestFailed) -> bool:
        """Take a failed request; returns whether it was of this dialog."""
        if event.request_id != self._asked:
            return False
        self._asked = ""
        self._say(f"{event.problem.message} {event.problem.hint}", "error")
        return True

    def _test(self) -> None:
        draft = self.form.draft()
        self._asked = self._servers.test(draft.addresses[0], draft.key_name)
        self._say(_("Asking {host}…").format(host=parse(draft.addresses[0]).name), "muted")

    def _add(self) -> None:
        draft = self.form.draft()
        self._servers.add(
            draft.name,
            draft.addresses,
            draft.model,
            context=draft.context,
            has_key=bool(draft.key_name),
        )
        self._servers.allow(draft.name)
        self.form.clear()
        self.refresh()
        words = _("{name} is among the models now; choose it in a chat to use it there.")
        self._say(words.format(name=draft.name), "good")

    def _with_key(self, deed: Callable[[], None]) -> None:
        """Do something once the key that was typed is kept."""
        draft = self.form.draft()
        if not draft.key_name:
            deed()
            return
        self._then = deed
        self._asked = self._keys.keep(draft.key_name, self.form.key.text())

    def _attempt(self, deed: Callable[[], None]) -> None:
        try:
            deed()
        except InglenookError as error:
            self._say(str(error), "error")

    def _on_ask_clicked(self) -> None:
        self._attempt(lambda: self._with_key(self._test))

    def _on_add_clicked(self) -> None:
        self._attempt(self._ask_consent)

    def _ask_consent(self) -> None:
        asking = Asking(
            self._theme,
            self,
            title=_("Let text leave this computer?"),
            text=consent_words(self.form.draft()),
            deed=_("Agree and add"),
            value=None,
        )
        asking.accepted.connect(self._on_agreed)
        asking.open()

    def _on_agreed(self) -> None:
        self._attempt(lambda: self._with_key(self._add))

    def _on_forget_clicked(self) -> None:
        row = self.list.currentRow()
        servers = self._servers.all()
        if 0 <= row < len(servers):
            self._attempt(lambda: self._forget(servers[row]))

    def _forget(self, server: ServerEntry) -> None:
        self._servers.remove(server.name)
        if server.key_name:
            self._keys.keep(server.key_name, "")
        self.refresh()

    def _on_changed(self) -> None:
        self.ask_button.setEnabled(self.form.can_be_asked)
        self.add_button.setEnabled(self.form.is_whole)
        self.forget_button.setEnabled(self.list.currentRow() >= 0)

    def _say(self, words: str, role: str) -> None:
        set_property(self.said, "role", role)
        self.said.setText(words)
