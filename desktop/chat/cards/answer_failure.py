"""Failure panel of an answer: problem, hint, and buttons to try again."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from core.base.i18n import _
from core.chat.answering.conversation_summary import LEAVE_OUT, SUMMARISE
from desktop.kit.buttons_and_labels import TextButton, plain_label
from desktop.kit.theme import Theme


class AnswerFailure(QWidget):
    """Problem and hint on a soft red background, and "Try again".

    Where a full context is the reason, there are two ways to try again (see
    `core.chat.answering.conversation_summary`); the signal carries which, "" for just so.
    """

    again_clicked = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._build()
        self._again.clicked.connect(self._on_again_clicked)
        self._sum_up.clicked.connect(self._on_sum_up_clicked)
        self._leave_out.clicked.connect(self._on_leave_out_clicked)

    def _build(self) -> None:
        self._message = plain_label(wrap=True)
        self._hint = plain_label(role="hint", wrap=True)
        self._frame = QFrame()
        self._frame.setObjectName("failure")
        inner = QVBoxLayout(self._frame)
        inner.setContentsMargins(12, 10, 12, 10)
        inner.setSpacing(4)
        inner.addWidget(self._message)
        inner.addWidget(self._hint)
        self._again = TextButton(self._theme, _("Try again"), icon="again")
        self._sum_up = TextButton(self._theme, _("Summarise early messages"))
        self._leave_out = TextButton(self._theme, _("Leave them out"))
        row = QHBoxLayout()
        row.setSpacing(8)
        for button in (self._again, self._sum_up, self._leave_out):
            row.addWidget(button)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self._frame)
        column.addLayout(row)
        self._frame.hide()
        self.show_context_full_buttons(wanted=False)

    def show_problem(self, message: str, hint: str) -> None:
        """Say what happened and what to do next."""
        self._message.setText(message)
        self._hint.setText(hint)
        self._hint.setVisible(bool(hint))
        self._frame.setVisible(bool(message))
        self.show()

    def show_retry_button(self, *, wanted: bool) -> None:
        """Show or hide the button to try again."""
        self._again.setVisible(wanted)
        if not wanted:
            self.show_context_full_buttons(wanted=False)
        self.setVisible(wanted or not self._frame.isHidden())

    def show_context_full_buttons(self, *, wanted: bool) -> None:
        """Offer the two ways to shorten the chat, instead of asking again unchanged."""
        self._sum_up.setVisible(wanted)
        self._leave_out.setVisible(wanted)
        if wanted:
            self._again.hide()

    def _on_again_clicked(self) -> None:
        self.again_clicked.emit("")

    def _on_sum_up_clicked(self) -> None:
        self.again_clicked.emit(SUMMARISE)

    def _on_leave_out_clicked(self) -> None:
        self.again_clicked.emit(LEAVE_OUT)
