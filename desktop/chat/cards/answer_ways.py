"""Ways on from an answer: what the question was taken for, and buttons that turn the decision."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from core.base.i18n import _
from core.chat.conversations.conversation import Turn, TurnState
from core.chat.intent.message_intent import Intent
from desktop.chat.cards.turn_bar import FROM_NEAREST, SEARCH_ANYWAY, WITHOUT_FOLDER
from desktop.kit.buttons_and_labels import TextButton, plain_label
from desktop.kit.theme import Theme


class AnswerWays(QWidget):
    """A quiet line and links under an answer; hidden where there is nothing to turn."""

    action_chosen = Signal(str)
    nearest_clicked = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._build()
        self._connect()

    def _build(self) -> None:
        self._taken_for = plain_label(role="muted", wrap=True)
        self._search = TextButton(self._theme, _("Search anyway"), role="link")
        self._nearest = TextButton(self._theme, _("Show the nearest passages"), role="link")
        self._anyway = TextButton(self._theme, _("Answer from these anyway"), role="link")
        self._without = TextButton(self._theme, _("Answer without the folder"), role="link")
        row = QHBoxLayout()
        row.setSpacing(8)
        for button in (self._search, self._nearest, self._anyway, self._without):
            row.addWidget(button)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self._taken_for)
        column.addLayout(row)

    def _connect(self) -> None:
        self._nearest.clicked.connect(self.nearest_clicked)
        for button, action in (
            (self._search, SEARCH_ANYWAY),
            (self._anyway, FROM_NEAREST),
            (self._without, WITHOUT_FOLDER),
        ):
            button.clicked.connect(lambda _checked=False, action=action: self._choose(action))

    def _choose(self, action: str) -> None:
        self.action_chosen.emit(action)

    def show_turn(self, turn: Turn) -> None:
        """Show what fits an answer that has ended."""
        statistics = turn.statistics
        said = {
            Intent.TALK: _("Taken for talk, so no folder was searched."),
            Intent.TASK: _("Taken for a task, so no folder was searched."),
            Intent.WHOLE: _("Taken for a task over whole documents."),
        }.get(Intent(statistics.intent) if statistics.intent else Intent.QUESTION, "")
        was_left_alone = statistics.intent in {Intent.TALK, Intent.TASK}
        refused = statistics.is_refused
        self._taken_for.setText(said)
        self._taken_for.setVisible(bool(said) and not refused)
        self._search.setVisible(was_left_alone)
        self._nearest.setVisible(refused and bool(turn.sources))
        self._anyway.setVisible(refused and bool(turn.sources))
        self._without.setVisible(refused or statistics.intent == Intent.WHOLE)
        is_done = turn.state is TurnState.DONE
        self.setVisible(is_done and (refused or bool(said)))
