"""Thinking fold: reasoning text of a model before its answer, closed until clicked."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from core.base.i18n import _
from desktop.chat.message.message_text import MessageText
from desktop.kit.buttons_and_labels import TextButton
from desktop.kit.locale_formatting import format_decimal
from desktop.kit.reading_column import INSET, margins
from desktop.kit.theme import Theme


def format_thinking_time(seconds: float) -> str:
    """Return the thinking time as text; 0 seconds means unknown."""
    if seconds <= 0:
        return _("Thoughts before the answer")
    return _("Thought for {seconds} s").format(seconds=format_decimal(seconds))


class ThinkingFold(QWidget):
    """Closed until it is clicked; hidden while there is no reasoning text."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._thought: list[str] = []
        self._text: MessageText | None = None
        self._thinks = False
        self._build()
        self._button.clicked.connect(self._on_clicked)
        theme.changed.connect(self._on_theme_changed)

    def _build(self) -> None:
        self._button = TextButton(self._theme, "", role="link")
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(6)
        self._column.addWidget(self._button, 0, Qt.AlignmentFlag.AlignLeft)
        self.hide()

    def add_thought(self, piece: str) -> None:
        """Append the next piece while the model thinks."""
        if not self._thought:
            self._thinks = True
            self._update_accessible_name()
        self._thought.append(piece)
        if self._text is not None:
            self._text.append_text(piece)

    def clear_thoughts(self) -> None:
        """Discard the text received so far."""
        self._thought = []
        if self._text is not None:
            self._text.show_plain("")
        self.hide()

    def finish_thinking(self, thinking: str | None, seconds: float) -> None:
        """Show the whole text (None: the part received); hidden if there is none."""
        if thinking is not None and thinking != "".join(self._thought):
            self._thought = [thinking]
            if self._text is not None:
                self._text.show_plain(thinking)
        self._thinks = False
        self._say(format_thinking_time(seconds))
        self.setVisible(any(self._thought))

    def _say(self, words: str) -> None:
        self._button.setText(words)
        self._button.setAccessibleName(words)
        self.show()

    def _on_clicked(self) -> None:
        if self._text is None:  # most are never opened
            self._text = self._build_text()
        else:
            self._text.setVisible(self._text.isHidden())
        if self._thinks:
            self._update_accessible_name()

    def _update_accessible_name(self) -> None:
        opened = self._text is not None and not self._text.isHidden()
        self._say(_("Hide what it thinks") if opened else _("Show what it thinks"))

    def _build_text(self) -> MessageText:
        text = MessageText(self._theme.colours)
        text.setProperty("role", "muted")
        text.setAccessibleName(_("Thoughts before the answer"))
        text.show_plain("".join(self._thought))
        indented = QHBoxLayout()
        indented.setContentsMargins(margins(INSET, 0, 0, 8))
        indented.addWidget(text)
        self._column.addLayout(indented)
        text.show()
        return text

    def _on_theme_changed(self) -> None:
        if self._text is not None:
            self._text.set_colours(self._theme.colours)
