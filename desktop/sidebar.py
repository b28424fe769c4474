"""The left of the window: new chat, saved chats, folders, models."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from core.words import _
from desktop.buttons import TextButton, plain_label
from desktop.chat.chat_list import ChatList
from desktop.library.folder_panel import FolderPanel
from desktop.theme import Theme


class Sidebar(QWidget):
    """Puts the parts together."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._build()

    def _build(self) -> None:
        self.setObjectName("sidebar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setMinimumWidth(216)
        self.new_button = TextButton(self._theme, _("New chat"), icon="new-chat", role="side")
        self.new_button.setToolTip(_("New chat (Ctrl+N)"))
        self.chat_list = ChatList(self._theme)
        self._none = plain_label(_("Your chats will be listed here."), "muted", wrap=True)
        self._none.setContentsMargins(18, 8, 12, 0)
        self.folders = FolderPanel(self._theme)
        self.models_button = TextButton(self._theme, _("Models"), icon="model", role="side")
        self.models_button.setToolTip(_("Models (Ctrl+M)"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 8, 0, 8)
        column.setSpacing(4)
        column.addWidget(_inset(self.new_button))
        column.addWidget(self._none)
        column.addWidget(_inset(self.chat_list), 1)
        column.addWidget(_line())
        column.addWidget(self.folders)
        column.addWidget(_line())
        column.addWidget(_inset(self.models_button))

    def count_chats(self, number: int) -> None:
        """Say what will be here once there are chats."""
        self._none.setVisible(number == 0)


def _inset(inner: QWidget) -> QWidget:
    holder = QWidget()
    column = QVBoxLayout(holder)
    column.setContentsMargins(8, 0, 8, 0)
    column.addWidget(inner)
    return holder


def _line() -> QFrame:
    line = QFrame()
    line.setObjectName("sidebar_line")
    return line
