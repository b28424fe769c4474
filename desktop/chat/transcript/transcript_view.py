"""Transcript view: scrolling cards of one chat, built only near the visible part.

Only what is near the view is built: a chat of thousands of turns opens as quickly as one of ten.
The rest has a height that is guessed from its text, and corrected when it comes into view, without
moving what is read.
"""

from collections.abc import Iterator, Sequence

from msgspec import structs
from PySide6.QtCore import QRect, Signal

from core.base.i18n import _
from core.chat.conversations.conversation import ConversationSummary, Role, Turn
from desktop.chat.cards.answer_card import AnswerCard
from desktop.chat.cards.card_factory import Card, CardFactory, Versions, text_widgets
from desktop.chat.cards.question_card import QuestionCard
from desktop.chat.message.message_text import MessageText
from desktop.chat.message.render_tools import RenderTools
from desktop.chat.transcript.card_layout import row_key
from desktop.chat.transcript.card_scroll_area import CardScrollArea
from desktop.chat.transcript.focus_ring import FocusRings
from desktop.chat.transcript.transcript_selection import TranscriptSelection


class TranscriptView(CardScrollArea):
    """The cards of one chat; signals what is clicked in them, with the turn it belongs to."""

    citation_clicked = Signal(str, object)  # the turn, CitationMark
    sources_clicked = Signal(str)
    link_clicked = Signal(str)
    again_clicked = Signal(str, str)
    action_requested = Signal(str, str)
    """A turn, and the id of the chosen action (see `desktop.chat.cards.turn_bar`)."""
    edited = Signal(str, str)
    mark_hovered = Signal(str, object, QRect)  # the turn, CitationMark
    """The rectangle is the place of the mark on the screen."""
    mark_left = Signal()
    text_changed = Signal(str)
    """A turn that was added, or whose text has changed, as while an answer streams."""
    call_decided = Signal(str, int, object)  # the turn, the number of the call, CallDecision
    turns_changed = Signal()
    """Other turns are shown than before."""

    def __init__(self, tools: RenderTools) -> None:
        maker = CardFactory(tools)
        super().__init__(tools.theme, maker)
        maker.setParent(self)
        self._maker = maker
        self.unfinished_edits = maker.unfinished_edits
        self.setObjectName("transcript")
        self.setAccessibleName(_("Conversation"))
        self.selection = TranscriptSelection(self, self)
        self._focus_rings = FocusRings(tools.theme, self.viewport())
        self._pass_on()
        tools.formula_renderer.formula_ready.connect(self._on_formulas_ready)
        self.laid_out.connect(self._on_laid_out)

    def _pass_on(self) -> None:
        maker = self._maker
        maker.citation_clicked.connect(self.citation_clicked)
        maker.sources_clicked.connect(self.sources_clicked)
        maker.link_clicked.connect(self.link_clicked)
        maker.again_clicked.connect(self.again_clicked)
        maker.action_requested.connect(self.action_requested)
        maker.edited.connect(self.edited)
        maker.mark_hovered.connect(self.mark_hovered)
        maker.mark_left.connect(self.mark_left)
        maker.rewritten.connect(self.text_changed)
        maker.call_decided.connect(self.call_decided)

    def show_turns(
        self,
        turns: Sequence[Turn],
        summaries: Sequence[ConversationSummary] = (),
        versions: Versions | None = None,
        *,
        stay: bool = False,
    ) -> None:
        """Show a chat from its end; with `stay` the same chat again, at its scroll position."""
        deck = self.card_layout
        place = self.reading_place()
        self.selection.clear()
        self._maker.versions = versions or {}
        self._maker.last_turn_id = turns[-1].turn_id if turns else ""
        ends = {summary.last_id: summary for summary in summaries}
        deck.show_rows(list(_with_summaries(turns, ends)))
        deck.following = deck.following if stay else True
        if place is not None and stay:
            self._move_to(*place)
        self.lay_out()
        self.turns_changed.emit()

    def reading_place(self) -> tuple[str, int] | None:
        """Return the card at the upper edge and how many pixels below it begins; None if empty."""
        deck = self.card_layout
        if not deck.rows:
            return None
        row = deck.heights.row_at(max(0, deck.top))
        return row_key(deck.rows[row]), deck.heights.row_top(row) - deck.top

    def scroll_to_place(self, key: str, below: int) -> None:
        """Scroll to where `reading_place` was; does nothing if that card is gone."""
        if self.card_layout.row_of(key) is None:
            return
        self.card_layout.following = False
        for _round in range(2):  # what is built on the way has other heights than were guessed
            self._move_to(key, below)
            self.lay_out()

    def _move_to(self, key: str, below: int) -> None:
        row = self.card_layout.row_of(key)
        if row is not None:
            self.card_layout.top = self.card_layout.heights.row_top(row) - below

    def add_turn(self, turn: Turn) -> None:
        """Append a turn."""
        for card in self.card_layout.cards.values():
            if isinstance(card, AnswerCard):
                card.mark_as_past()
        if turn.role is not Role.SYSTEM:
            self._maker.last_turn_id = turn.turn_id
            self.card_layout.insert_row(len(self.card_layout.rows), turn)
            self.lay_out()
            self.text_changed.emit(turn.turn_id)

    def update_turn(self, turn: Turn) -> None:
        """Store the new state of a turn, for when its card is built again."""
        row = self.card_layout.row_of(turn.turn_id)
        if row is not None:
            self.card_layout.rows[row] = turn

    def add_summary(self, summary: ConversationSummary) -> None:
        """Show the mark of a new summary, if this chat is open."""
        row = self.card_layout.row_of(summary.last_id)
        if row is not None and self.card_layout.row_of(summary.summary_id) is None:
            self.card_layout.insert_row(row + 1, summary)
            self.lay_out()

    def find_answer_card(self, turn_id: str) -> AnswerCard | None:
        """Return the card of an answer, if it is built; that of a streaming one always is."""
        card = self.card_layout.card_of(turn_id)
        return card if isinstance(card, AnswerCard) else None

    def find_turn(self, turn_id: str) -> Turn | None:
        """Return a turn that is shown, in its latest state."""
        row = self.card_layout.row_of(turn_id)
        turn = self.card_layout.rows[row] if row is not None else None
        return turn if isinstance(turn, Turn) else None

    def turn_text(self, turn_id: str) -> str:
        """Return the text of a turn, as far as it was received."""
        card, turn = self.find_answer_card(turn_id), self.find_turn(turn_id)
        return card.message_text if card is not None else turn.text if turn is not None else ""

    def edit_turn(self, turn_id: str) -> None:
        """Open the editor of a turn, if its card is built."""
        card = self.card_layout.card_of(turn_id)
        if isinstance(card, QuestionCard | AnswerCard):
            card.start_editing()

    def show_rating(self, turn_id: str, rating: int, note: str) -> None:
        """Show the rating of an answer."""
        turn, card = self.find_turn(turn_id), self.find_answer_card(turn_id)
        if turn is not None:
            self.update_turn(structs.replace(turn, rating=rating, rating_note=note))
        if card is not None:
            card.set_rating(rating)

    @property
    def shown_turns(self) -> tuple[Turn, ...]:
        """The turns of the chat, oldest first."""
        return tuple(row for row in self.card_layout.rows if isinstance(row, Turn))

    @property
    def built_cards(self) -> tuple[Card, ...]:
        """The cards that are built, from top to bottom."""
        return tuple(self.card_layout.cards[row] for row in sorted(self.card_layout.cards))

    def built_texts(self) -> Iterator[tuple[int, MessageText]]:
        """Yield the texts of built cards, each with its row, from top to bottom."""
        for row in sorted(self.card_layout.cards):
            for text in text_widgets(self.card_layout.cards[row]):
                yield row, text

    def row_text(self, row: int) -> str:
        """Return the text of a row, built or not. Raises IndexError."""
        return self.card_layout.rows[row].text

    def _on_laid_out(self) -> None:
        for _row, text in self.built_texts():
            self.selection.watch_text(text)
            self._focus_rings.watch_text(text)
        self.selection.apply_selection()

    def _on_formulas_ready(self) -> None:
        for card in self.card_layout.cards.values():
            if isinstance(card, AnswerCard):
                card.body.show_ready_formulas()


def _with_summaries(
    turns: Sequence[Turn], ends: dict[str, ConversationSummary]
) -> Iterator[Turn | ConversationSummary]:
    for turn in turns:
        if turn.role is not Role.SYSTEM:
            yield turn
        if turn.turn_id in ends:
            yield ends[turn.turn_id]
