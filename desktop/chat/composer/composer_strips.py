"""Strips above the composer: temporary chat, and the chat style in use."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel

from core.base.i18n import _, ngettext
from desktop.kit.buttons_and_labels import ElidedLabel, IconButton, TextButton, as_tooltip
from desktop.kit.locale_formatting import one_line, preset_name
from desktop.kit.reading_column import margins
from desktop.kit.theme import Theme
from desktop.kit.visible_text import visible_text

if TYPE_CHECKING:  # the composer is shown before they are loaded
    from core.chat.conversations.chat_style import ChatStyle

_ICON = 16


class TemporaryStrip(QFrame):
    """Shows that the chat is temporary, with a button to save it."""

    keep_wanted = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._build()
        self._keep_button.clicked.connect(self.keep_wanted)
        theme.changed.connect(self._on_theme_changed)

    def _build(self) -> None:
        self.setObjectName("chip")
        self._picture = QLabel()
        words = _("Temporary: nothing of this chat is written to disk.")
        self.setAccessibleName(words)
        self._keep_button = TextButton(self._theme, _("Keep it"), role="link")
        row = QHBoxLayout(self)
        row.setContentsMargins(margins(10, 2, 8, 2))
        row.setSpacing(8)
        row.addWidget(self._picture)
        label = ElidedLabel(words)
        label.set_details(_("It ends when you leave it, and can't be found again."))
        row.addWidget(label, 1)
        row.addWidget(self._keep_button)
        self._on_theme_changed()
        self.hide()

    def _on_theme_changed(self) -> None:
        self._picture.setPixmap(self._theme.icon_pixmap("temporary", "info", _ICON))


class ChatStyleStrip(QFrame):
    """Shows the chat style of this chat."""

    edit_wanted = Signal()
    removed = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._build()
        self._edit.clicked.connect(self.edit_wanted)
        self._leave.clicked.connect(self.removed)

    def _build(self) -> None:
        self.setObjectName("chip")
        self._words = ElidedLabel()
        change = _("Change the instructions of this chat")
        self._edit = IconButton(self._theme, "pencil", change, size=_ICON)
        self._leave = IconButton(
            self._theme, "close", _("Answer without these instructions"), size=_ICON
        )
        row = QHBoxLayout(self)
        row.setContentsMargins(margins(10, 2, 4, 2))
        row.setSpacing(8)
        row.addWidget(self._words, 1)
        row.addWidget(self._edit)
        row.addWidget(self._leave)
        self.hide()

    def show_chat_style(self, chat_style: ChatStyle) -> None:
        """Show a chat style; hidden for the default one."""
        from core.chat.conversations.chat_style import DEFAULT_CHAT_STYLE  # noqa: PLC0415 - as above

        self._words.setText(one_line(visible_text(format_chat_style(chat_style)), 200))
        self._words.set_details(as_tooltip(visible_text(chat_style.system)))
        self.setVisible(chat_style != DEFAULT_CHAT_STYLE)


def format_chat_style(chat_style: ChatStyle) -> str:
    """Return a chat style on one line."""
    parts = [chat_style.system] if chat_style.system else []
    if chat_style.examples:
        count = len(chat_style.examples)
        parts.append(ngettext("{count} example", "{count} examples", count).format(count=count))
    if chat_style.preset:
        parts.append(preset_name(chat_style.preset))
    if chat_style.only_proven is not None:
        parts.append(_("Only what is proven") if chat_style.only_proven else _("Also unproven"))
    return " · ".join(parts)
