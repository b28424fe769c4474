"""Assurance strip: under an answer, where it was repeated from and how sure it is."""

from collections.abc import Iterator
from datetime import UTC, datetime

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from core.base.i18n import _
from core.chat.answer_cache.recalled_formatting import format_recalled
from core.chat.consensus.agreement_formatting import (
    format_agreement,
    format_difference,
    format_other_answer,
)
from core.chat.conversations.assurance import Agreement
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
        self.agreement = plain_label(role="muted", wrap=True)
        column.addWidget(self.agreement)

    def show_turn(self, turn: Turn) -> None:
        """Show what is known of an answer."""
        recalled = turn.assurance.recalled
        if recalled is not None:
            today = datetime.now(UTC).astimezone().date()
            self.recalled.setText(format_recalled(recalled, today))
        self._recalled_row.setVisible(recalled is not None)
        agreement = turn.assurance.agreement
        self.agreement.setText("\n".join(_agreement_lines(agreement)) if agreement else "")
        self.agreement.setVisible(agreement is not None)
        self.setVisible(recalled is not None or agreement is not None)


def _agreement_lines(agreement: Agreement) -> Iterator[str]:
    """Yield how many agree, then each other answer with its differences under it."""
    yield format_agreement(agreement)
    for other in agreement.others:
        yield "• " + format_other_answer(other)
        if other.differences:
            yield "   " + "; ".join(map(format_difference, other.differences))
