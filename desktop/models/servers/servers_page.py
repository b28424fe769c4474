"""Servers page: the list, and a form to test and add another server."""

from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QHBoxLayout,
    QListWidget,
    QVBoxLayout,
    QWidget,
)

from core.app.network.key_service import KeyService
from core.app.network.server_service import ServerService
from core.app.problems import problem_of_failure
from core.base.i18n import _, ngettext
from core.courier.connection.host_address import host_names, parse_address
from core.ipc.reply import Reply
from core.messages import Failed, ServerModels
from core.models.server_registry import ServerEntry
from desktop.kit.buttons_and_labels import TextButton, plain_label
from desktop.kit.confirm_dialog import ConfirmDialog
from desktop.kit.layers.page import Page
from desktop.kit.notices import NoticeCenter
from desktop.kit.reply_lifetime import bind_reply
from desktop.kit.theme import Theme
from desktop.models.choice.server_choice import format_server_consent
from desktop.models.servers.server_form import ServerForm
from desktop.models.widgets.message_line import MessageLine
from desktop.models.widgets.scroll_page import ScrollPage

Progress = TypeVar("Progress")
Result = TypeVar("Result")


class ServersPage(Page):
    """A list, and a form below it. Nothing is sent to a server before its button is pressed."""

    widest = 900

    def __init__(
        self,
        theme: Theme,
        servers: ServerService,
        keys: KeyService,
        notices: NoticeCenter,
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._servers = servers
        self._keys = keys
        self._notices = notices
        self._request: Reply[Any, Any] | None = None  # what is waited for
        self._reply: Reply[Any, Any] | None = None  # what this page hears of it
        self._build()
        self._connect()
        self.refresh_servers()

    def _build(self) -> None:
        self.setWindowTitle(_("Servers"))
        self.setAccessibleName(_("Servers"))
        words = _(
            "A server of your own that speaks OpenAI's protocol (llama-server, vLLM, Ollama, "
            "SGLang, TensorRT-LLM) can answer chats in which you choose it. Its key is kept in "
            "this system's key store."
        )
        inside = QWidget()
        inside.setObjectName("column")
        column = QVBoxLayout(inside)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(12)
        column.addWidget(plain_label(words, "muted", wrap=True))
        self.server_list = QListWidget()
        self.server_list.setAccessibleName(_("Servers"))
        self.server_list.setObjectName("plain_list")
        self.server_list.setMaximumHeight(8 * self.fontMetrics().height())
        self.server_list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.server_list.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        column.addWidget(self.server_list)
        self.forget_button = TextButton(self._theme, _("Forget"))
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self.forget_button)
        column.addLayout(row)
        self.form = ServerForm()
        column.addWidget(self.form)
        self.message = MessageLine()
        column.addWidget(self.message.label)
        column.addLayout(self._build_buttons())
        column.addStretch(1)
        scroll = ScrollPage()  # of large text a small window shows a part at a time
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.set_content(inside)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(scroll)
        self.form.name.setFocus()

    def _build_buttons(self) -> QHBoxLayout:
        self.test_button = TextButton(self._theme, _("Ask what it has"))
        self.add_button = TextButton(self._theme, _("Add…"), role="primary")
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.test_button)
        row.addStretch(1)
        row.addWidget(self.add_button)
        return row

    def _connect(self) -> None:
        self.test_button.clicked.connect(self._on_test_clicked)
        self.add_button.clicked.connect(self._on_add_clicked)
        self.forget_button.clicked.connect(self._on_forget_clicked)
        self.finished.connect(self._on_finished)
        self.form.changed.connect(self._on_changed)
        self.server_list.currentRowChanged.connect(self._on_changed)

    def refresh_servers(self) -> None:
        """Show the servers as they are now."""
        self.server_list.clear()
        for server in self._servers.list_servers():
            self.server_list.addItem(
                f"{server.name} — {server.model} — {host_names(server.addresses)}"
            )
        for part in (self.server_list, self.forget_button):
            part.setVisible(self.server_list.count() > 0)
        self._on_changed()

    def _wait_for(self, reply: Reply[Progress, Result]) -> Reply[Progress, Result]:
        """Return `reply`; from now on the page waits for nothing else."""
        self._stop_waiting()
        self._request = reply
        self._reply = bind_reply(reply.share(), self)
        return self._reply.on_error(self._show_failure)

    def _show_failure(self, failed: Failed) -> None:
        self.message.show_problem(problem_of_failure(failed))

    def _stop_waiting(self) -> None:
        if self._reply is not None:
            self._reply.detach()

    def _on_finished(self) -> None:
        """Post the failure of what goes on without the page, such as storing a key."""
        self._stop_waiting()
        if self._request is not None and not self._request.is_done:
            self._request.on_error(self._notices.post_failure)

    def _test_server(self) -> None:
        draft = self.form.draft_entry()
        host = parse_address(draft.addresses[0]).name
        reply = self._wait_for(self._servers.test_server(draft.addresses[0], draft.key_name))
        self.message.show_message(_("Asking {host}…").format(host=host))
        reply.on_done(partial(self._show_models, host))

    def _show_models(self, host: str, offered: ServerModels) -> None:
        self.form.offer_models(offered.models)
        count = len(offered.models)
        text = ngettext("{host} answers; it has {count} model.",
                        "{host} answers; it has {count} models.", count)  # fmt: skip
        self.message.show_message(text.format(host=host, count=count), "good")

    def _add_server(self) -> None:
        draft = self.form.draft_entry()
        self._servers.add_server(
            draft.name,
            draft.addresses,
            draft.model,
            context=draft.context,
            has_key=bool(draft.key_name),
        )
        self._servers.allow_server(draft.name)
        self.form.clear()
        self.form.name.setFocus()  # else it goes on to the sidebar from the button, now disabled
        self.refresh_servers()
        text = _("{name} is among the models now; choose it in a chat to use it there.")
        self.message.show_message(text.format(name=draft.name), "good")

    def _with_key(self, action: Callable[[], None]) -> None:
        """Call `action` once the key that was typed is stored."""
        draft = self.form.draft_entry()
        if not draft.key_name:
            action()
            return
        reply = self._wait_for(self._keys.store_key(draft.key_name, self.form.key.text()))
        reply.on_done(lambda _saved: self.message.call_or_show_error(action))

    def _on_test_clicked(self) -> None:
        self.message.call_or_show_error(lambda: self._with_key(self._test_server))

    def _on_add_clicked(self) -> None:
        self.message.call_or_show_error(self._ask_consent)

    def _ask_consent(self) -> None:
        dialog = ConfirmDialog(
            self._theme,
            self,
            title=_("Let text leave this computer?"),
            text=format_server_consent(self.form.draft_entry()),
            button_text=_("Agree and add"),
            value=None,
        )
        add = partial(self._with_key, self._add_server)
        dialog.prefer_cancel()
        dialog.accepted.connect(partial(self.message.call_or_show_error, add))
        dialog.open()

    def _on_forget_clicked(self) -> None:
        row = self.server_list.currentRow()
        servers = self._servers.list_servers()
        if 0 <= row < len(servers):
            self.message.call_or_show_error(lambda: self._remove_server(servers[row]))

    def _remove_server(self, server: ServerEntry) -> None:
        self._servers.remove_server(server.name)
        if server.key_name:
            self._keys.store_key(server.key_name, "").on_error(self._notices.post_failure)
        self.refresh_servers()

    def _on_changed(self) -> None:
        self.test_button.setEnabled(self.form.has_valid_addresses)
        self.add_button.setEnabled(self.form.is_complete)
        self.forget_button.setEnabled(self.server_list.currentRow() >= 0)
