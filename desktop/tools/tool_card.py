"""Tool card: the tools of one owner, with what holds for the calls of each."""

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QComboBox, QFrame, QHBoxLayout, QVBoxLayout, QWidget

from core.app.tools.own_tools import tool_title
from core.app.tools.tool_permissions import ToolRule
from core.app.tools.tool_server import ToolServer
from core.base.i18n import _
from core.chat.tools.tool_box import OfferedTool
from desktop.kit.buttons_and_labels import TextButton, plain_label
from desktop.kit.theme import Theme
from desktop.kit.visible_text import visible_text

_LETTERS = 160
"""Of a description, which a server writes for models and not for people."""


class RuleBox(QComboBox):
    """What holds for the calls of a tool; the wheel is left to the page."""

    chosen = Signal(object)  # ToolRule

    def __init__(self, rule: ToolRule) -> None:
        super().__init__()
        for each, words in (
            (ToolRule.ASK, _("Ask each time")),
            (ToolRule.ALWAYS, _("Allow")),
            (ToolRule.OFF, _("Off")),
        ):
            self.addItem(words, each)
        self.show_rule(rule)
        self.activated.connect(lambda _place: self.chosen.emit(ToolRule(self.currentData())))

    def show_rule(self, rule: ToolRule) -> None:
        """Show a rule without a signal."""
        self.setCurrentIndex(self.findData(rule))

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll the page: a rule must not change unnoticed."""
        event.ignore()


class ToolCard(QFrame):
    """`server` is None for the tools of Inglenook's own, which can't be removed."""

    rule_chosen = Signal(object, object)  # OfferedTool, ToolRule
    remove_wanted = Signal(object)  # ToolServer

    def __init__(self, theme: Theme, server: ToolServer | None) -> None:
        super().__init__()
        self._theme = theme
        self._server = server
        self.boxes: dict[str, RuleBox] = {}
        self.stops: list[QWidget] = []
        """What takes the focus, from the top on."""
        self.setObjectName("card")
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(16, 16, 16, 16)
        self._column.setSpacing(12)
        self._build_head()

    def _build_head(self) -> None:
        row = QHBoxLayout()
        if self._server is None:
            row.addWidget(plain_label(_("Inglenook's own"), "title"))
        else:
            row.addWidget(plain_label(visible_text(self._server.name), "title"))
            row.addStretch(1)
            self.remove_button = TextButton(self._theme, _("Remove…"))
            self.remove_button.setAccessibleName(_("Remove {name}").format(name=self._server.name))
            self.remove_button.clicked.connect(lambda: self.remove_wanted.emit(self._server))
            self.stops.append(self.remove_button)
            row.addWidget(self.remove_button)
        self._column.addLayout(row)
        if self._server is not None:
            self._column.addWidget(plain_label(format_rights(self._server), "muted", wrap=True))
            if not self._server.tools:
                self._column.addWidget(plain_label(_("It offers no tools."), "muted"))

    def add_tool(self, tool: OfferedTool, rule: ToolRule) -> None:
        """Add the row of a tool."""
        name = tool_title(tool.name) if self._server is None else visible_text(tool.name)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(plain_label(name, wrap=True))
        if self._server is not None and tool.description:
            words.addWidget(plain_label(_shortened(tool.description), "muted", wrap=True))
        box = RuleBox(rule)
        box.setAccessibleName(name)
        box.chosen.connect(partial(self.rule_chosen.emit, tool))
        self.boxes[tool.name] = box
        self.stops.append(box)
        row = QHBoxLayout()
        row.setSpacing(16)
        row.addLayout(words, 1)
        row.addWidget(box)
        self._column.addLayout(row)


def format_rights(server: ToolServer) -> str:
    """Return a server's program and what it may do, a line each."""
    lines = [visible_text(" ".join(server.command))]
    if server.unsealed:
        lines.append(_("This system can't hold it to anything: it may do all that you may."))
        return "\n".join(lines)
    none = _("nothing of yours")
    for words, paths in ((_("reads: {paths}"), server.read), (_("changes: {paths}"), server.write)):
        shown = ", ".join(visible_text(path) for path in paths)
        lines.append(words.format(paths=shown or none))
    lines.append(_("network: yes") if server.network else _("network: no"))
    return "\n".join(lines)


def _shortened(description: str) -> str:
    words = visible_text(" ".join(description.split()))
    return words if len(words) <= _LETTERS else words[: _LETTERS - 1].rstrip() + "…"
