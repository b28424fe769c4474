"""Answer footer: action buttons, sources button and statistics of an answer."""

from collections.abc import Sequence

from PySide6.QtWidgets import QHBoxLayout, QWidget

from core.base.i18n import ngettext
from core.chat.conversations.conversation import Source, Turn
from desktop.chat.cards.statistics_formatting import (
    format_statistics,
    format_statistics_details,
)
from desktop.chat.cards.turn_bar import TurnBar
from desktop.kit.buttons_and_labels import ElidedLabel, TextButton
from desktop.kit.locale_formatting import format_count
from desktop.kit.theme import Theme


class AnswerFooter(QWidget):
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
        self.sources.setText(words.format(count=format_count(len(sources))))
        self.sources.setAccessibleName(self.sources.text())
        self.sources.setVisible(bool(sources))

    def show_turn(self, turn: Turn) -> None:
        """Show what a finished answer cost, and its rating."""
        self.bar.show_turn(turn)
        self._cost.setText(format_statistics(turn.statistics))
        self._cost.set_details(format_statistics_details(turn.statistics))
