"""Makes the cards of a transcript and passes on what is clicked in them."""

from typing import TypeAlias

from PySide6.QtCore import QObject, QRect, Signal

from core.chat.conversation import Role, Summary, Turn
from desktop.chat.answer_card import AnswerCard
from desktop.chat.message_text import MessageText
from desktop.chat.question_card import QuestionCard
from desktop.chat.summary_card import SummaryCard
from desktop.chat.tools import Tools

Card: TypeAlias = QuestionCard | AnswerCard | SummaryCard
Versions: TypeAlias = dict[str, tuple[int, int]]
"""Of a turn that has others in its place: which one it is, from 1, and how many there are."""


class CardMaker(QObject):
    """Its signals are those of all cards, with the turn they belong to."""

    citation_clicked = Signal(str, int)
    sources_clicked = Signal(str)
    link_clicked = Signal(str)
    again_clicked = Signal(str, str)
    deed_wanted = Signal(str, str)
    edited = Signal(str, str)
    mark_hovered = Signal(str, int, QRect)
    mark_left = Signal()
    rewritten = Signal(str)

    def __init__(self, tools: Tools) -> None:
        super().__init__()
        self._tools = tools
        self.versions: Versions = {}

    def make(self, row: Turn | Summary) -> Card:
        """Return the card of a turn or a summary."""
        if isinstance(row, Summary):
            return SummaryCard(self._tools.theme, row)
        card: QuestionCard | AnswerCard
        if row.role is Role.USER:
            card = QuestionCard(self._tools, row)
        else:
            card = AnswerCard(self._tools, row)
            card.citation_clicked.connect(self.citation_clicked)
            card.sources_clicked.connect(self.sources_clicked)
            card.link_clicked.connect(self.link_clicked)
            card.again_clicked.connect(self.again_clicked)
            card.mark_hovered.connect(self.mark_hovered)
            card.mark_left.connect(self.mark_left)
            card.rewritten.connect(self.rewritten)
        card.set_version(*self.versions.get(row.turn_id, (1, 1)))
        card.deed_wanted.connect(self.deed_wanted)
        card.edited.connect(self.edited)
        return card


def text_widgets(card: Card) -> list[MessageText]:
    """Return the widgets of a card that hold the words of its message, from top to bottom."""
    return card.texts if isinstance(card, QuestionCard | AnswerCard) else []
