"""The lines over the question that say what is special about this chat."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel

from core.chat.manner import AS_SET, Manner
from core.words import _, ngettext
from desktop.buttons import ElidedLabel, IconButton, TextButton, as_tooltip
from desktop.chat.visible import shown
from desktop.theme import Theme
from desktop.words import one_line, preset_name

_ICON = 16


class TemporaryStrip(QFrame):
    """Says that nothing of the chat is kept, and offers to keep it."""

    keep_wanted = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._build()
        self._keep.clicked.connect(self.keep_wanted)
        theme.changed.connect(self._on_theme_changed)

    def _build(self) -> None:
        self.setObjectName("chip")
        self._picture = QLabel()
        words = _("Temporary: nothing of this chat is written to disk.")
        self.setAccessibleName(words)
        self._keep = TextButton(self._theme, _("Keep it"), role="link")
        row = QHBoxLayout(self)
        row.setContentsMargins(10, 2, 8, 2)
        row.setSpacing(8)
        row.addWidget(self._picture)
        label = ElidedLabel(words)
        label.set_details(_("It ends when you leave it, and can't be found again."))
        row.addWidget(label, 1)
        row.addWidget(self._keep)
        self._on_theme_changed()
        self.hide()

    def _on_theme_changed(self) -> None:
        self._picture.setPixmap(self._theme.picture("temporary", "accent", _ICON))


class MannerStrip(QFrame):
    """Says what the model is told in this chat."""

    edit_wanted = Signal()
    left = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._build()
        self._edit.clicked.connect(self.edit_wanted)
        self._leave.clicked.connect(self.left)

    def _build(self) -> None:
        self.setObjectName("chip")
        self._words = ElidedLabel()
        change = _("Change the instructions of this chat")
        self._edit = IconButton(self._theme, "pencil", change, size=_ICON)
        self._leave = IconButton(
            self._theme, "close", _("Answer without these instructions"), size=_ICON
        )
        row = QHBoxLayout(self)
        row.setContentsMargins(10, 2, 4, 2)
        row.setSpacing(8)
        row.addWidget(self._words, 1)
        row.addWidget(self._edit)
        row.addWidget(self._leave)
        self.hide()

    def show_manner(self, manner: Manner) -> None:
        """Show another one; nothing where it is as set."""
        self._words.setText(one_line(shown(manner_words(manner)), 200))
        self._words.set_details(as_tooltip(shown(manner.system)))
        self.setVisible(manner != AS_SET)


def manner_words(manner: Manner) -> str:
    """Return a manner on one line."""
    parts = [manner.system] if manner.system else []
    if manner.examples:
        count = len(manner.examples)
        parts.append(ngettext("{count} example", "{count} examples", count).format(count=count))
    if manner.preset:
        parts.append(preset_name(manner.preset))
    return " · ".join(parts)
