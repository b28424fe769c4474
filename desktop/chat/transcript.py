"""The turns of a chat, one under the other, with the end in view unless the person scrolled up."""

from collections.abc import Sequence

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtWidgets import QScrollArea, QScrollBar, QVBoxLayout, QWidget

from core.chat.conversation import Role, Summary, Turn
from core.words import _
from desktop.buttons import TextButton
from desktop.chat.answer_card import AnswerCard
from desktop.chat.question_card import QuestionCard
from desktop.chat.summary_card import SummaryCard
from desktop.reading import MARGIN, in_column
from desktop.theme import Theme

PAGE = 40
"""Turns shown at once; earlier ones come when asked for, so a long chat opens quickly."""
_SLACK = 32

Card = QuestionCard | AnswerCard


class Transcript(QScrollArea):
    """The cards of one chat."""

    citation_clicked = Signal(str, int)
    sources_clicked = Signal(str)
    link_clicked = Signal(str)
    again_clicked = Signal(str, str)
    mark_hovered = Signal(str, int, QRect)
    """Turn, number of the citation, and where on the screen its mark stands."""
    mark_left = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._turns: list[Turn] = []
        self._first = 0
        self._cards: dict[str, Card] = {}
        self._summaries: dict[str, Summary] = {}  # by the last turn each covers
        self._marks: dict[str, SummaryCard] = {}  # those that are shown
        self._following = True
        self._build()
        self._connect()

    def _build(self) -> None:
        self.setObjectName("transcript")
        self.setAccessibleName(_("Conversation"))
        self.setWidgetResizable(True)
        # our own: asking Qt for its bar makes PySide load every class of widgets (30 ms)
        self._bar = QScrollBar(Qt.Orientation.Vertical)
        self.setVerticalScrollBar(self._bar)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._earlier = TextButton(self._theme, _("Show earlier messages"), role="quiet")
        self._earlier.hide()
        column = QWidget()
        column.setObjectName("column")
        self._column = QVBoxLayout(column)
        self._column.setContentsMargins(MARGIN, 24, MARGIN, 24)
        self._column.setSpacing(24)
        self._column.addWidget(self._earlier, 0, Qt.AlignmentFlag.AlignHCenter)
        self._column.addStretch(1)
        self._holder = holder = QWidget()
        holder.setObjectName("column")
        in_column(column, holder)
        self.setWidget(holder)

    def _connect(self) -> None:
        self._earlier.clicked.connect(self._on_earlier_clicked)
        self._bar.valueChanged.connect(self._on_value_changed)
        self._bar.rangeChanged.connect(self._on_range_changed)

    def show_turns(self, turns: Sequence[Turn], summaries: Sequence[Summary] = ()) -> None:
        """Show another chat, from its end."""
        self._clear()
        self._summaries = {summary.last_id: summary for summary in summaries}
        self._turns = list(turns)
        self._first = max(0, len(turns) - PAGE)
        for turn in self._turns[self._first :]:
            self._add_card(turn)
        self._earlier.setVisible(self._first > 0)
        self.follow()

    def add_turn(self, turn: Turn) -> None:
        """Show one more turn at the end."""
        self._turns.append(turn)
        self._add_card(turn)

    def add_summary(self, summary: Summary) -> None:
        """Mark up to where the turns were summed up just now, if this chat is shown."""
        self._summaries[summary.last_id] = summary
        card = self._cards.get(summary.last_id)
        if card is not None:
            self._mark(summary, self._column.indexOf(card) + 1)

    def answer(self, turn_id: str) -> AnswerCard | None:
        """Return the card of an answer, if it is shown."""
        card = self._cards.get(turn_id)
        return card if isinstance(card, AnswerCard) else None

    def question_before(self, turn_id: str) -> str:
        """Return the question that an answer belongs to, as typed."""
        words = ""
        for turn in self._turns:
            if turn.turn_id == turn_id:
                break
            if turn.role is Role.USER:
                words = turn.text
        return words

    def follow(self) -> None:
        """Bring the end into view and keep it there."""
        self._following = True
        self._bar.setValue(self._bar.maximum())

    def _add_card(self, turn: Turn, position: int | None = None) -> int:
        """Show a turn, with the mark behind it if there is one; return how many widgets it took."""
        if position is None:
            for earlier in self._cards.values():
                if isinstance(earlier, AnswerCard):
                    earlier.be_past()
        card: Card
        if turn.role is Role.USER:
            card = QuestionCard(self._theme, turn)
        elif turn.role is Role.ASSISTANT:
            card = self._answer_card(turn)
        else:
            return 0
        self._cards[turn.turn_id] = card
        last = self._column.count() - 1  # before the stretch
        place = last if position is None else position
        self._column.insertWidget(place, card)
        if turn.turn_id not in self._summaries:
            return 1
        self._mark(self._summaries[turn.turn_id], place + 1)
        return 2

    def _mark(self, summary: Summary, place: int) -> None:
        if summary.last_id not in self._marks:
            mark = self._marks[summary.last_id] = SummaryCard(self._theme, summary)
            self._column.insertWidget(place, mark)

    def _answer_card(self, turn: Turn) -> AnswerCard:
        card = AnswerCard(self._theme, turn)
        card.citation_clicked.connect(self.citation_clicked)
        card.sources_clicked.connect(self.sources_clicked)
        card.link_clicked.connect(self.link_clicked)
        card.mark_hovered.connect(self.mark_hovered)
        card.mark_left.connect(self.mark_left)
        card.again_clicked.connect(self.again_clicked)
        return card

    def _clear(self) -> None:
        for card in (*self._cards.values(), *self._marks.values()):
            self._column.removeWidget(card)
            card.hide()
            card.deleteLater()
        self._cards.clear()
        self._marks.clear()

    def _on_earlier_clicked(self) -> None:
        """Put a page of earlier turns on top; what is read stays where it is."""
        bar = self._bar
        self._following = False
        below = bar.maximum() - bar.value()
        first = max(0, self._first - PAGE)
        place = 1
        for turn in self._turns[first : self._first]:
            place += self._add_card(turn, position=place)
        self._first = first
        self._earlier.setVisible(first > 0)
        self._holder.adjustSize()
        bar.setValue(bar.maximum() - below)

    def _on_value_changed(self, value: int) -> None:
        self._following = value >= self._bar.maximum() - _SLACK

    def _on_range_changed(self, _minimum: int, maximum: int) -> None:
        if self._following:
            self._bar.setValue(maximum)
