"""Tools page: what models may call, with a rule for each tool, and servers of the person's own."""

from functools import partial
from itertools import pairwise
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from core.app.problems import problem_of_failure
from core.app.tools.tool_permissions import ToolRule
from core.app.tools.tool_server import ToolServer, format_left_out
from core.app.tools.tool_service import ToolService
from core.base.i18n import _, ngettext
from core.chat.tools.tool_box import OfferedTool
from core.ipc.reply import Reply
from core.messages import Failed
from core.sandbox.program_start import can_seal_programs
from desktop.kit.buttons_and_labels import TextButton, plain_label
from desktop.kit.confirm_dialog import ConfirmDialog
from desktop.kit.layers.page import Page
from desktop.kit.reading_column import margins
from desktop.kit.theme import Theme
from desktop.models.widgets.message_line import MessageLine
from desktop.tools.tool_card import ToolCard, format_rights
from desktop.tools.tool_server_form import ToolServerForm


class ToolsPage(Page):
    """Rules hold at once. A server is started only after a yes to what it may do."""

    widest = 900

    def __init__(self, theme: Theme, tools: ToolService, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._tools = tools
        self._starting = ""  # the server that is being started
        self._reply: Reply[Any, ToolServer] | None = None
        self.cards: list[ToolCard] = []
        self._build()
        self._connect()
        self.refresh_tools()
        self._show_form(shown=False)

    def _build(self) -> None:
        self.setWindowTitle(_("Tools"))
        self.setAccessibleName(_("Tools"))
        words = _(
            "Where you switch tools on, with + below a chat, the model may call these. Each call "
            "is shown in the answer."
        )
        inside = QWidget()
        inside.setObjectName("column")
        self._cards = QVBoxLayout()
        self._cards.setSpacing(12)
        column = QVBoxLayout(inside)
        column.setContentsMargins(margins(0, 0, 8, 0))
        column.setSpacing(12)
        column.addWidget(plain_label(words, "muted", wrap=True))
        column.addLayout(self._cards)
        self.open_button = TextButton(self._theme, _("Add a server of your own…"), icon="add")
        row = QHBoxLayout()
        row.addWidget(self.open_button)
        row.addStretch(1)
        column.addLayout(row)
        column.addWidget(self._build_addition())
        self.message = MessageLine()
        column.addWidget(self.message.label)
        column.addStretch(1)
        self._scroll = QScrollArea()
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setWidget(inside)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(24, 20, 24, 20)
        whole.addWidget(self._scroll)

    def _build_addition(self) -> QFrame:
        self.addition = QFrame()
        self.addition.setObjectName("card")
        about = _(
            "A program on this computer that speaks MCP over its input and output. It is started "
            "by its first call, and sees nothing of yours but what you name here."
        )
        if not can_seal_programs():
            about = _(
                "A program on this computer that speaks MCP over its input and output. It is "
                "started by its first call. This system can't hold it to anything: it may do all "
                "that you may."
            )
        self.form = ToolServerForm(self._theme)
        self.cancel_button = TextButton(self._theme, _("Cancel"))
        self.add_button = TextButton(self._theme, _("Add…"), role="primary")
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addStretch(1)
        row.addWidget(self.cancel_button)
        row.addWidget(self.add_button)
        column = QVBoxLayout(self.addition)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(12)
        column.addWidget(plain_label(_("A server of your own"), "title"))
        column.addWidget(plain_label(about, "muted", wrap=True))
        column.addWidget(self.form)
        column.addLayout(row)
        return self.addition

    def _connect(self) -> None:
        self.open_button.clicked.connect(lambda: self._show_form(shown=True))
        self.cancel_button.clicked.connect(self._on_cancel_clicked)
        self.add_button.clicked.connect(lambda: self.message.call_or_show_error(self._ask_consent))
        self.form.changed.connect(self._on_form_changed)
        self.finished.connect(lambda _code: self._stop_starting())

    def refresh_tools(self) -> None:
        """Show the tools and servers as they are now."""
        for card in self.cards:
            self._cards.removeWidget(card)
            card.hide()
            card.deleteLater()
        self.cards = []
        for server in (None, *self._tools.servers):
            card = ToolCard(self._theme, server)
            name = server.name if server is not None else ""
            for tool in self._tools.list_tools():
                if tool.server == name:
                    card.add_tool(tool, self._tools.rule_of(tool))
            card.rule_chosen.connect(self._on_rule_chosen)
            card.remove_wanted.connect(self._on_remove_wanted)
            self.cards.append(card)
            self._cards.addWidget(card)
        self._order_stops()

    def _order_stops(self) -> None:
        """Let Tab walk down the page: Qt's order is that of making, and cards are made anew."""
        stops = [stop for card in self.cards for stop in card.stops]
        stops += [self.open_button, *self.form.stops, self.cancel_button, self.add_button]
        for stop, following in pairwise(stops):
            self.setTabOrder(stop, following)

    def _on_rule_chosen(self, tool: OfferedTool, rule: ToolRule) -> None:
        self.message.show_message("")
        self.message.call_or_show_error(partial(self._tools.set_rule, tool, rule))
        for card in self.cards:
            if tool.name in card.boxes:
                card.boxes[tool.name].show_rule(self._tools.rule_of(tool))

    def _on_remove_wanted(self, server: ToolServer) -> None:
        dialog = ConfirmDialog(
            self._theme,
            self,
            title=_("Remove {name}?").format(name=server.name),
            text=_("Its program ends, and what you allowed for its tools is forgotten."),
            button_text=_("Remove"),
            value=None,
        )
        remove = partial(self.message.call_or_show_error, partial(self._remove_server, server.name))
        dialog.accepted.connect(remove)
        dialog.open()

    def _remove_server(self, name: str) -> None:
        self._tools.remove_server(name)
        self.refresh_tools()
        self.message.show_message(_("{name} was removed.").format(name=name))
        self.open_button.setFocus()

    def _ask_consent(self) -> None:
        server = self._tools.check_server(self.form.draft_server())
        dialog = ConfirmDialog(
            self._theme,
            self,
            title=_("Start it, and keep it?"),
            text=f"{server.name}\n{format_rights(server)}",
            button_text=_("Start and keep"),
            value=None,
        )
        dialog.prefer_cancel()
        dialog.accepted.connect(partial(self._start_server, server))
        dialog.open()

    def _start_server(self, server: ToolServer) -> None:
        self._starting = server.name
        self.add_button.setEnabled(False)
        self.message.show_message(_("Starting {name}…").format(name=server.name))
        self._reply = self._tools.add_server(server)
        self._reply.on_done(self._on_added).on_error(self._on_failed)

    def _on_added(self, server: ToolServer) -> None:
        self._starting = ""
        self.form.clear()
        self.refresh_tools()
        self._show_form(shown=False)
        count = len(server.tools)
        words = ngettext("{name} has {count} tool.", "{name} has {count} tools.", count)
        told = words.format(name=server.name, count=count)
        if server.left_out:
            told = f"{told} {format_left_out(server.left_out)}"
        self.message.show_message(told, "good")
        self.open_button.setFocus()

    def _on_failed(self, failed: Failed) -> None:
        name, self._starting = self._starting, ""
        self._tools.stop_server(name)
        self.message.show_problem(problem_of_failure(failed))
        self._on_form_changed()

    def _on_cancel_clicked(self) -> None:
        self._stop_starting()
        self.message.show_message("")
        self._show_form(shown=False)
        self.open_button.setFocus()

    def _stop_starting(self) -> None:
        """End a server that hasn't answered yet: nobody waits for it."""
        if self._reply is not None:
            self._reply.detach()
        if self._starting:
            name, self._starting = self._starting, ""
            self._tools.stop_server(name)

    def _show_form(self, *, shown: bool) -> None:
        self.addition.setVisible(shown)
        self.open_button.setVisible(not shown)
        self._on_form_changed()
        if shown:
            self.form.name.setFocus()
            self._scroll.ensureWidgetVisible(self.add_button)

    def _on_form_changed(self) -> None:
        self.add_button.setEnabled(self.form.is_complete and not self._starting)
