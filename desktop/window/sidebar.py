"""Sidebar of the window: new chat, search, saved chats, trash, folders, pages."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from core.base.i18n import _
from desktop.chat.list.chat_list import ChatList
from desktop.kit.buttons_and_labels import IconButton, TextButton, plain_label, set_style_property
from desktop.kit.layers.least_size_area import LeastSizeArea
from desktop.kit.reading_column import margins
from desktop.kit.theme import Theme
from desktop.library.folder_panel import FolderPanel


class Sidebar(QWidget):
    """Lays out the widgets of the sidebar."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._build()
        theme.changed.connect(self._on_theme_changed)

    def _build(self) -> None:
        self.setObjectName("sidebar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._on_theme_changed()
        self.new_button = TextButton(self._theme, _("New chat"), icon="new-chat", role="side")
        self.new_button.setToolTip(_("New chat (Ctrl+N)"))
        self.temporary_button = IconButton(
            self._theme, "temporary", _("Temporary chat (Ctrl+Shift+N)")
        )
        self.search_button = TextButton(self._theme, _("Search"), icon="search", role="side")
        self.search_button.setToolTip(_("Search chats and documents (Ctrl+Shift+F)"))
        self.trash_button = TextButton(self._theme, _("Trash"), icon="trash", role="side")
        self.trash_button.hide()
        self.chat_list = ChatList(self._theme)
        self._none = plain_label(_("Your chats will be listed here."), "muted", wrap=True)
        self._none.setContentsMargins(margins(18, 8, 12, 0))
        self.folders = FolderPanel(self._theme)
        self._build_page_buttons()
        self.blocks = QWidget()
        """Holds all of it, one below the other; in a low window a part of it is seen."""
        column = QVBoxLayout(self.blocks)
        column.setContentsMargins(0, 8, 0, 8)
        column.setSpacing(4)
        column.addWidget(_inset(self.new_button, self.temporary_button))
        column.addWidget(_inset(self.search_button))
        column.addWidget(self._none)
        column.addWidget(_inset(self.chat_list), 1)
        column.addWidget(_inset(self.trash_button))
        column.addWidget(_line())
        column.addWidget(self.folders)
        column.addWidget(_line())
        column.addLayout(self._build_pages())
        area = LeastSizeArea(self.blocks)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(area)

    def _build_page_buttons(self) -> None:
        self.models_button = TextButton(self._theme, _("Models"), icon="model", role="side")
        self.models_button.setToolTip(_("Models (Ctrl+M)"))
        self.prompts_button = TextButton(self._theme, _("Prompts"), icon="prompt", role="side")
        self.prompts_button.setToolTip(_("Prompts (Ctrl+Shift+Y)"))
        self.privacy_button = TextButton(self._theme, _("Privacy"), icon="lock", role="side")
        self.settings_button = TextButton(self._theme, _("Settings"), icon="settings", role="side")
        self.settings_button.setToolTip(_("Settings (Ctrl+,)"))
        self._page_buttons = {
            "models": self.models_button,
            "prompts": self.prompts_button,
            "privacy": self.privacy_button,
            "settings": self.settings_button,
            "trash": self.trash_button,
        }

    def _build_pages(self) -> QVBoxLayout:
        """Return the entries of the pages, close to each other."""
        pages = QVBoxLayout()
        pages.setSpacing(0)
        for name, button in self._page_buttons.items():
            if name != "trash":
                pages.addWidget(_inset(button))
        return pages

    def _on_theme_changed(self) -> None:
        self.setMinimumWidth(self._theme.scaled(216))

    def show_chat_count(self, number: int) -> None:
        """Show a placeholder text while there are no chats."""
        self._none.setVisible(number == 0)

    def show_current_page(self, name: str) -> None:
        """Mark the entry of the page that is shown, "" for the chat."""
        for key, button in self._page_buttons.items():
            set_style_property(button, "current", key == name)

    def show_trash_count(self, number: int) -> None:
        """Show the trash button while the trash is not empty."""
        self.trash_button.setVisible(number > 0)


def _inset(first: QWidget, *others: QWidget) -> QWidget:
    parent = QWidget()
    row = QHBoxLayout(parent)
    row.setContentsMargins(8, 0, 8, 0)
    row.setSpacing(4)
    row.addWidget(first, 1)
    if isinstance(first, TextButton):  # the theme lets it be lower than its text
        parent.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
    for other in others:
        row.addWidget(other)
    return parent


def _line() -> QFrame:
    line = QFrame()
    line.setObjectName("sidebar_line")
    return line
