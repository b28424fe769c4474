"""What stands under an answer: its buttons, its sources, what it cost."""

from collections.abc import Sequence

from PySide6.QtWidgets import QHBoxLayout, QWidget

from core.chat.conversation import Source, Turn
from core.words import ngettext
from desktop.buttons import ElidedLabel, TextButton
from desktop.chat.cost import cost_words, saving_words
from desktop.chat.turn_bar import TurnBar
from desktop.theme import Theme
from desktop.words import count


class AnswerFoot(QWidget):
    """One line."""

    def __init__(self, theme: Theme, turn: Turn) -> None:
        super().__init__()
        self.bar = TurnBar(theme, turn)
        self.sources = TextButton(theme, "", role="link")
        self._cost = ElidedLabel(role="muted")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.bar)
        row.addWidget(self.sources)
        row.addWidget(self._cost, 1)

    def set_sources(self, sources: Sequence[Source]) -> None:
        """Offer the passages the answer was given."""
        words = ngettext("{count} source", "{count} sources", len(sources))
        self.sources.setText(words.format(count=count(len(sources))))
        self.sources.setAccessibleName(self.sources.text())
        self.sources.setVisible(bool(sources))

    def show_turn(self, turn: Turn) -> None:
        """Show what a finished answer cost, and its rating."""
        self.bar.show_turn(turn)
        self._cost.setText(cost_words(turn.statistics))
        self._cost.set_details(saving_words(turn.statistics))
