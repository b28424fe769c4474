"""Assurance strip: under an answer, where it was repeated from and how sure it is."""

from datetime import UTC, datetime

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from core.base.i18n import _
from core.chat.answer_cache.recalled_formatting import format_recalled
from core.chat.conversations.conversation import Turn
from desktop.kit.buttons_and_labels import TextButton, plain_label
from desktop.kit.theme import Theme


class AssuranceStrip(QWidget):
    """Hidden for an answer of which nothing more is known."""

    anew_clicked = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._build()

    def _build(self) -> None:
        self.recalled = plain_label(role="muted", wrap=True)
        self.anew = TextButton(self._theme, _("Ask anew"), role="link")
        self.anew.clicked.connect(self.anew_clicked)
        self._recalled_row = QWidget()
        row = QHBoxLayout(self._recalled_row)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.recalled, 1)
        row.addWidget(self.anew)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self._recalled_row)

    def show_turn(self, turn: Turn) -> None:
        """Show what is known of an answer."""
        recalled = turn.assurance.recalled
        if recalled is not None:
            today = datetime.now(UTC).astimezone().date()
            self.recalled.setText(format_recalled(recalled, today))
        self._recalled_row.setVisible(recalled is not None)
        self.setVisible(recalled is not None)
