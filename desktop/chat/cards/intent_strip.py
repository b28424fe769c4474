"""Intent strip under an answer: a chip with what was done, and links that turn the decision."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from core.base.i18n import _, ngettext
from core.chat.conversations.conversation import Turn, TurnState
from core.chat.intent.message_intent import Intent
from desktop.chat.cards.turn_bar import FROM_NEAREST, GO_THROUGH_ALL, SEARCH_ANYWAY, WITHOUT_FOLDER
from desktop.kit.buttons_and_labels import TextButton, plain_label
from desktop.kit.layers.flow_layout import FlowLayout
from desktop.kit.theme import Theme


class IntentStrip(QWidget):
    """A chip and links under each answer of a chat with folders."""

    action_chosen = Signal(str)
    nearest_clicked = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._build()
        self._connect()

    def _build(self) -> None:
        self._chip = plain_label(role="chip")
        self._search = TextButton(self._theme, _("Search anyway"), role="link")
        self._nearest = TextButton(self._theme, _("Show the nearest passages"), role="link")
        self._anyway = TextButton(self._theme, _("Answer from these anyway"), role="link")
        self._all = TextButton(self._theme, _("Go through all of it"), role="link")
        self._without = TextButton(self._theme, _("Answer without documents"), role="link")
        row = FlowLayout(self, gap=8)  # in a narrow chat they take two lines
        row.addWidget(self._chip)
        for button in (self._search, self._nearest, self._anyway, self._all, self._without):
            row.addWidget(button)

    def _connect(self) -> None:
        self._nearest.clicked.connect(self.nearest_clicked)
        for button, action in (
            (self._search, SEARCH_ANYWAY),
            (self._anyway, FROM_NEAREST),
            (self._all, GO_THROUGH_ALL),
            (self._without, WITHOUT_FOLDER),
        ):
            button.clicked.connect(lambda _checked=False, action=action: self._choose(action))

    def _choose(self, action: str) -> None:
        self.action_chosen.emit(action)

    def show_turn(self, turn: Turn) -> None:
        """Show what fits an answer that has ended."""
        statistics = turn.statistics
        intent = Intent(statistics.intent) if statistics.intent else None
        refused = statistics.is_refused
        self._chip.setText(format_way(turn, intent))
        self._chip.setVisible(bool(self._chip.text()))
        self._search.setVisible(intent in {Intent.TALK, Intent.TASK, Intent.WHOLE, Intent.LIBRARY})
        self._nearest.setVisible(refused and bool(turn.sources))
        self._anyway.setVisible(refused and bool(turn.sources))
        self._all.setVisible(intent is Intent.QUESTION and refused)
        is_grounded = intent in {Intent.QUESTION, Intent.WHOLE, Intent.LIBRARY}
        self._without.setVisible(is_grounded and (refused or bool(turn.sources)))
        has_ended = turn.state in {TurnState.DONE, TurnState.CANCELLED}
        self.setVisible(has_ended and intent is not None)


def format_way(turn: Turn, intent: Intent | None) -> str:
    """Return what was done for an answer, in some words; "" in a chat without documents."""
    if intent is Intent.QUESTION:
        count = turn.statistics.folders
        if not count:
            return _("Read the files beside the question") if turn.sources else ""
        words = ngettext("Searched {count} folder", "Searched {count} folders", count)
        return words.format(count=count)
    return {
        Intent.TALK: _("Talk: folders not searched"),
        Intent.TASK: _("Task: folders not searched"),
        Intent.WHOLE: _("Whole documents"),
        Intent.LIBRARY: _("From the library's list"),
        None: "",
    }[intent]
