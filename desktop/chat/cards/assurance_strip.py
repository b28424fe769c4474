"""Assurance strip: under an answer, where it was repeated from and how sure it is."""

from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from core.base.i18n import _
from core.chat.answer_cache.recalled_formatting import format_recalled
from core.chat.answering.unread_note import format_unread_files
from core.chat.consensus.agreement_formatting import (
    format_agreement,
    format_difference,
    format_other_answer,
)
from core.chat.conversations.assurance import Agreement
from core.chat.conversations.conversation import Turn
from core.chat.verification.check_formatting import format_check
from core.chat.verification.sentence_checks import doubtful_sentences
from desktop.chat.cards.turn_bar import AGAIN, CHECK, STOP_CHECK, WHEN_READ
from desktop.kit.buttons_and_labels import TextButton, plain_label
from desktop.kit.locale_formatting import format_count
from desktop.kit.theme import Theme


class AssuranceStrip(QWidget):
    """Hidden for an answer of which nothing more is known or to be asked."""

    action_chosen = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._unread_files = 0
        self._build()

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        self._unread, self._when_read = self._add_row(column, "", WHEN_READ)
        self._recalled, _button = self._add_row(column, _("Ask anew"), AGAIN)
        self._agreement = plain_label(role="muted", wrap=True)
        column.addWidget(self._agreement)
        self._checks = plain_label(role="muted", wrap=True)
        column.addWidget(self._checks)
        self._checking, _button = self._add_row(column, _("Stop checking"), STOP_CHECK)
        self._check = TextButton(self._theme, _("Check doubtful sentences"), role="link")
        self._check.clicked.connect(partial(self.action_chosen.emit, CHECK))
        row = QHBoxLayout()
        row.addWidget(self._check)
        row.addStretch(1)
        column.addLayout(row)

    def _add_row(
        self, column: QVBoxLayout, button_text: str, action_id: str
    ) -> tuple[QLabel, TextButton]:
        """Add a text with a button behind it; both are shown and hidden together."""
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        words = plain_label(role="muted", wrap=True)
        button = TextButton(self._theme, button_text, role="link")
        button.clicked.connect(partial(self.action_chosen.emit, action_id))
        row.addWidget(words, 1)
        row.addWidget(button)
        column.addWidget(holder)
        return words, button

    def show_turn(self, turn: Turn) -> None:
        """Show what is known of an answer, and offer to check what is doubtful."""
        assurance = turn.assurance
        today = datetime.now(UTC).astimezone().date()
        recalled = assurance.recalled
        self._unread_files = turn.statistics.unread_files
        self.show_reading(awaited=False, read_since=False)
        unread = self._unread.text()
        self._show_row(self._recalled, format_recalled(recalled, today) if recalled else "")
        agreement = assurance.agreement
        lines = _agreement_lines(agreement) if agreement else ()
        self._show_label(self._agreement, "\n".join(lines))
        checks = assurance.checks or ()
        self._show_label(self._checks, "\n".join(format_check(each, turn.text) for each in checks))
        self._show_row(self._checking, "")
        is_doubtful = assurance.checks is None and bool(doubtful_sentences(turn))
        self._check.setVisible(is_doubtful)
        self.setVisible(bool(unread or recalled or agreement or checks or is_doubtful))

    def show_reading(self, *, awaited: bool, read_since: bool) -> None:
        """Show what became of unread files, and whether the question is `awaited` to be asked."""
        words = format_unread_files(self._unread_files, read_since=read_since)
        if awaited:
            words = _("It is asked again as soon as all files are read.")
        self._show_row(self._unread, words)
        again = _("Ask again") if read_since else _("Ask again when they are read")
        self._when_read.setText(again)
        self._when_read.setAccessibleName(again)
        self._when_read.setVisible(not awaited)

    def show_checking(self, done: int, total: int) -> None:
        """Show how many doubtful sentences are checked by now."""
        self._check.hide()
        words = _("Checking doubtful sentences… {done} of {total}")
        text = words.format(done=format_count(done), total=format_count(total))
        self._show_row(self._checking, text)
        self.show()

    @staticmethod
    def _show_label(label: QLabel, text: str) -> None:
        label.setText(text)
        label.setVisible(bool(text))

    @staticmethod
    def _show_row(label: QLabel, text: str) -> None:
        label.setText(text)
        row = label.parentWidget()
        if row is not None:  # it always is; Qt's types don't say so
            row.setVisible(bool(text))


def _agreement_lines(agreement: Agreement) -> Iterator[str]:
    """Yield how many agree, then each other answer with its differences under it."""
    yield format_agreement(agreement)
    for other in agreement.others:
        yield "• " + format_other_answer(other)
        if other.differences:
            yield "   " + "; ".join(map(format_difference, other.differences))
