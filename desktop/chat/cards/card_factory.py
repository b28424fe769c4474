"""Card factory: builds question, answer and summary cards and forwards their signals."""

from functools import partial
from typing import TypeAlias

from PySide6.QtCore import QObject, QRect, Signal

from core.chat.conversations.conversation import ConversationSummary, Role, Turn
from desktop.chat.cards.answer_card import AnswerCard
from desktop.chat.cards.question_card import QuestionCard
from desktop.chat.cards.summary_card import SummaryCard
from desktop.chat.cards.unfinished_edits import UnfinishedEdits
from desktop.chat.message.message_text import MessageText
from desktop.chat.message.render_tools import RenderTools

Card: TypeAlias = QuestionCard | AnswerCard | SummaryCard
Versions: TypeAlias = dict[str, tuple[int, int]]
"""Version number of a turn, from 1, and the number of its versions."""


class CardFactory(QObject):
    """Its signals are those of all cards, with the turn they belong to."""

    citation_clicked = Signal(str, object)  # the turn, CitationMark
    sources_clicked = Signal(str)
    link_clicked = Signal(str)
    again_clicked = Signal(str, str)
    action_requested = Signal(str, str)
    edited = Signal(str, str)
    mark_hovered = Signal(str, object, QRect)  # the turn, CitationMark
    mark_left = Signal()
    rewritten = Signal(str)
    call_decided = Signal(str, int, object)  # the turn, the number of the call, CallDecision

    def __init__(self, tools: RenderTools) -> None:
        super().__init__()
        self._tools = tools
        self.versions: Versions = {}
        self.unfinished_edits = UnfinishedEdits(self)
        """Their editors are open again when a card is built."""
        self.last_turn_id = ""
        """The turn that the chat ends with: what came before it has been gone on from."""

    def make_card(self, row: Turn | ConversationSummary) -> Card:
        """Return the card of a turn or a summary."""
        if isinstance(row, ConversationSummary):
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
            card.call_decided.connect(self.call_decided)
            if row.turn_id != self.last_turn_id:
                card.mark_as_past()
        card.set_version(*self.versions.get(row.turn_id, (1, 1)))
        card.action_requested.connect(self.action_requested)
        card.edited.connect(self.edited)
        if written := self.unfinished_edits.written_text(row.turn_id):
            card.start_editing(written)
        card.edit_changed.connect(partial(self.unfinished_edits.keep_edit, row))
        return card


def text_widgets(card: Card) -> list[MessageText]:
    """Return the widgets of a card that show the text of its message, from top to bottom."""
    return card.text_widgets if isinstance(card, QuestionCard | AnswerCard) else []
