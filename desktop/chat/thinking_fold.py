"""What a reasoning model thought before its answer: one line, which opens."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from core.words import _
from desktop.buttons import TextButton
from desktop.chat.message_text import MessageText
from desktop.theme import Theme
from desktop.words import decimal


def thought_words(seconds: float) -> str:
    """Return how long was thought, as a person reads it; 0 is not known."""
    if seconds <= 0:
        return _("Thoughts before the answer")
    return _("Thought for {seconds} s").format(seconds=decimal(seconds))


class ThinkingFold(QWidget):
    """Closed until it is clicked; hidden as long as nothing was thought."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._thought: list[str] = []
        self._build()
        self._button.clicked.connect(self._on_clicked)
        theme.changed.connect(self._on_theme_changed)

    def _build(self) -> None:
        self._button = TextButton(self._theme, "", role="link")
        self._text = MessageText(self._theme.colours)
        self._text.setAccessibleName(_("Thoughts before the answer"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self._button, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self._text)
        self._text.hide()
        self.hide()

    def add(self, piece: str) -> None:
        """Take the next piece, while the model thinks."""
        if not self._thought:
            self._say(_("Show what it thinks"))
        self._thought.append(piece)
        if not self._text.isHidden():
            self._text.stream(piece)

    def end(self, thinking: str | None, seconds: float) -> None:
        """Offer the whole (None: what came of it); nothing where nothing was thought."""
        if thinking is not None and thinking != "".join(self._thought):
            self._thought = [thinking]
            self._text.show_plain(thinking)
        self._say(thought_words(seconds))
        self.setVisible(any(self._thought))

    def _say(self, words: str) -> None:
        self._button.setText(words)
        self._button.setAccessibleName(words)
        self.show()

    def _on_clicked(self) -> None:
        opened = self._text.isHidden()
        if opened:
            self._text.show_plain("".join(self._thought))
        self._text.setVisible(opened)

    def _on_theme_changed(self) -> None:
        self._text.set_colours(self._theme.colours)
