"""Cut-off strip: under an answer that ended before its end, why, and ways to get the rest."""

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from core.base.i18n import _
from core.chat.answering.repetition import format_repetition
from core.chat.conversations.conversation import Turn, TurnState
from core.messages import REPEATED
from desktop.chat.cards.turn_bar import CONTINUE, LONGER, can_continue
from desktop.kit.buttons_and_labels import TextButton, plain_label
from desktop.kit.theme import Theme


class CutOffStrip(QWidget):
    """Hidden for an answer that is whole, or that the chat has gone on from."""

    action_chosen = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._build()
        self._continue.clicked.connect(partial(self.action_chosen.emit, CONTINUE))
        self._longer.clicked.connect(partial(self.action_chosen.emit, LONGER))

    def _build(self) -> None:
        self._why = plain_label(role="muted", wrap=True)
        self._continue = TextButton(self._theme, _("Continue"), icon="play")
        self._longer = TextButton(self._theme, _("Try a longer answer"), icon="again")
        self.buttons = QHBoxLayout()
        """The row of the buttons; a stretch ends it."""
        self.buttons.setSpacing(8)
        self.buttons.addWidget(self._continue)
        self.buttons.addWidget(self._longer)
        self.buttons.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self._why)
        column.addLayout(self.buttons)
        self.hide()

    def show_turn(self, turn: Turn) -> None:
        """Show what fits an answer that has ended."""
        is_done = turn.state is TurnState.DONE
        at_limit = is_done and turn.statistics.stop == "length"
        repeats = is_done and turn.statistics.stop == REPEATED
        self._why.setText(_why_it_ended(turn) if at_limit or repeats else "")
        self._why.setVisible(at_limit or repeats)
        self._continue.setText(_("Go on anyway") if repeats else _("Continue"))
        self._continue.setAccessibleName(self._continue.text())
        self._longer.setVisible(at_limit and not _is_context_full(turn))
        self.setVisible(can_continue(turn))


def _is_context_full(turn: Turn) -> bool:
    cost = turn.statistics
    return 0 < cost.context <= cost.prompt_tokens + cost.completion_tokens + 1


def _why_it_ended(turn: Turn) -> str:
    if turn.statistics.stop == REPEATED:
        return format_repetition()
    if _is_context_full(turn):
        return _("Cut off here: the model can't read more at once.")
    return _("Cut off here: the limit of an answer's length was reached.")
