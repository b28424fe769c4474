"""The turns of a chat, one under the other, with the end in view unless the person scrolled up.

Only what is near the view is built: a chat of thousands of turns opens as quickly as one of ten.
The rest has a height that is guessed from its text, and corrected when it comes into view, without
moving what is read.
"""

from collections.abc import Iterator, Sequence

from msgspec import structs
from PySide6.QtCore import QEvent, QObject, QRect, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent, QShowEvent, QWheelEvent
from PySide6.QtWidgets import QAbstractScrollArea, QApplication, QFrame, QScrollBar, QWidget

from core.chat.conversation import Role, Summary, Turn
from core.words import _
from desktop.chat.answer_card import AnswerCard
from desktop.chat.cards import Card, CardMaker, Versions, text_widgets
from desktop.chat.deck import EDGE, Deck, key_of
from desktop.chat.jump_button import JumpButton
from desktop.chat.message_text import MessageText
from desktop.chat.question_card import QuestionCard
from desktop.chat.selection import Selection
from desktop.chat.tools import Tools

_SLACK = 32


class Transcript(QAbstractScrollArea):
    """The cards of one chat; tells what is clicked in them, with the turn it belongs to."""

    citation_clicked = Signal(str, int)
    sources_clicked = Signal(str)
    link_clicked = Signal(str)
    again_clicked = Signal(str, str)
    deed_wanted = Signal(str, str)
    """Turn, and what is to be done with it (see `desktop.chat.turn_bar`)."""
    edited = Signal(str, str)
    mark_hovered = Signal(str, int, QRect)
    """Turn, number of the citation, and where on the screen its mark stands."""
    mark_left = Signal()
    laid_out = Signal()
    """Other cards may be built than before."""

    def __init__(self, tools: Tools) -> None:
        super().__init__()
        self._tools = tools
        self._busy = False
        self._build()
        self._connect()

    def _build(self) -> None:
        self.setObjectName("transcript")
        self.setAccessibleName(_("Conversation"))
        # our own: asking Qt for its bar makes PySide load every class of widgets (30 ms)
        self._bar = QScrollBar(Qt.Orientation.Vertical)
        self.setVerticalScrollBar(self._bar)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._maker = CardMaker(self._tools, self)
        self._deck = Deck(self.viewport(), self._maker.make, self._on_card_built)
        self._jump = JumpButton(self._tools.theme, self)
        self.selection = Selection(self, self)
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(0)

    def _connect(self) -> None:
        self._bar.valueChanged.connect(self._on_value_changed)
        self._jump.clicked.connect(self.follow)
        self._later.timeout.connect(self._on_later)
        self._tools.maths.ready.connect(self._on_formulas_ready)
        maker = self._maker
        maker.citation_clicked.connect(self.citation_clicked)
        maker.sources_clicked.connect(self.sources_clicked)
        maker.link_clicked.connect(self.link_clicked)
        maker.again_clicked.connect(self.again_clicked)
        maker.deed_wanted.connect(self.deed_wanted)
        maker.edited.connect(self.edited)
        maker.mark_hovered.connect(self.mark_hovered)
        maker.mark_left.connect(self.mark_left)

    # ------------------------------------------------------------ what is shown

    def show_turns(
        self,
        turns: Sequence[Turn],
        summaries: Sequence[Summary] = (),
        versions: Versions | None = None,
        *,
        stay: bool = False,
    ) -> None:
        """Show another chat from its end; with `stay` the same one anew, where it is read."""
        deck = self._deck
        row = deck.heights.at(max(0, deck.top)) if deck.rows else 0
        place = (key_of(deck.rows[row]), deck.heights.top(row) - deck.top) if deck.rows else None
        self.selection.clear()
        self._maker.versions = versions or {}
        ends = {summary.last_id: summary for summary in summaries}
        deck.show(list(_with_summaries(turns, ends)))
        deck.following = deck.following if stay else True
        there = deck.row_of(place[0]) if place and stay else None
        if place is not None and there is not None:
            deck.top = deck.heights.top(there) - place[1]
        self._lay_out()

    def add_turn(self, turn: Turn) -> None:
        """Show one more turn at the end."""
        for card in self._deck.cards.values():
            if isinstance(card, AnswerCard):
                card.be_past()
        if turn.role is not Role.SYSTEM:
            self._deck.insert(len(self._deck.rows), turn)
            self._lay_out()

    def update_turn(self, turn: Turn) -> None:
        """Keep a turn as it is by now, for when its card is built again."""
        row = self._deck.row_of(turn.turn_id)
        if row is not None:
            self._deck.rows[row] = turn

    def add_summary(self, summary: Summary) -> None:
        """Mark up to where the turns were summed up just now, if this chat is shown."""
        row = self._deck.row_of(summary.last_id)
        if row is not None and self._deck.row_of(summary.summary_id) is None:
            self._deck.insert(row + 1, summary)
            self._lay_out()

    def answer(self, turn_id: str) -> AnswerCard | None:
        """Return the card of an answer, if it is built; that of one that streams always is."""
        card = self._deck.card_of(turn_id)
        return card if isinstance(card, AnswerCard) else None

    def turn(self, turn_id: str) -> Turn | None:
        """Return a turn that is shown, as it was last heard of."""
        row = self._deck.row_of(turn_id)
        turn = self._deck.rows[row] if row is not None else None
        return turn if isinstance(turn, Turn) else None

    def words_of(self, turn_id: str) -> str:
        """Return the words of a turn, as far as they have come."""
        card, turn = self.answer(turn_id), self.turn(turn_id)
        return card.words if card is not None else turn.text if turn is not None else ""

    def edit(self, turn_id: str) -> None:
        """Let the person change the words of a turn, if it is built."""
        card = self._deck.card_of(turn_id)
        if isinstance(card, QuestionCard | AnswerCard):
            card.edit()

    def rate(self, turn_id: str, rating: int, note: str) -> None:
        """Show what the person thinks of an answer."""
        turn, card = self.turn(turn_id), self.answer(turn_id)
        if turn is not None:
            self.update_turn(structs.replace(turn, rating=rating, rating_note=note))
        if card is not None:
            card.set_rating(rating)

    @property
    def turns(self) -> tuple[Turn, ...]:
        """The turns that are shown, oldest first."""
        return tuple(row for row in self._deck.rows if isinstance(row, Turn))

    @property
    def cards(self) -> tuple[Card, ...]:
        """The cards that are built, from top to bottom."""
        return tuple(self._deck.cards[row] for row in sorted(self._deck.cards))

    def texts(self) -> Iterator[tuple[int, MessageText]]:
        """Yield the texts that are built, each with its row, from top to bottom."""
        for row in sorted(self._deck.cards):
            for text in text_widgets(self._deck.cards[row]):
                yield row, text

    def row_words(self, row: int) -> str:
        """Return the words of a row, built or not. Raises IndexError."""
        return self._deck.rows[row].text

    # ------------------------------------------------------------ where it is read

    @property
    def following(self) -> bool:
        """Whether the end stays in view as it grows."""
        return self._deck.following

    def follow(self) -> None:
        """Bring the end into view and keep it there."""
        self._deck.following = True
        self._lay_out()

    def bring(self, turn_id: str) -> Card | None:
        """Bring a turn into view; return its card."""
        row = self._deck.row_of(turn_id)
        if row is None:
            return None
        self._deck.following = False
        for _round in range(2):  # what is built on the way has other heights than were guessed
            self._deck.top = self._deck.heights.top(row) - self.viewport().height() // 4
            self._lay_out()
        return self._deck.cards.get(row)

    def scroll_by(self, pixels: int) -> None:
        """Scroll, down if more than 0."""
        self._bar.setValue(self._bar.value() + pixels)

    def show_part(self, widget: QWidget, part: QRect) -> None:
        """Scroll as little as brings a part of a card into view."""
        top = widget.mapTo(self.viewport(), part.topLeft()).y()
        bottom, height = top + part.height(), self.viewport().height()
        if top < EDGE:
            self.scroll_by(top - EDGE)
        elif bottom > height - EDGE:
            self.scroll_by(min(bottom - height + EDGE, top - EDGE))

    # ------------------------------------------------------------ layout

    def _lay_out(self) -> None:
        if self._busy or not self.isVisible():
            return
        self._busy = True
        self._deck.lay_out()
        self._busy = False
        self.selection.show()
        self._show_bar()
        self.laid_out.emit()
        self._later.start()

    def _show_bar(self) -> None:
        height = self.viewport().height()
        blocked = self._bar.blockSignals(True)  # noqa: FBT003 - as Qt has it
        self._bar.setRange(0, max(0, self._deck.height - height))
        self._bar.setPageStep(height)
        self._bar.setSingleStep(20)
        self._bar.setValue(self._deck.top + EDGE)
        self._bar.blockSignals(blocked)
        self._bar.setVisible(self._bar.maximum() > 0)
        self._bar.update()
        self._jump.place(self.viewport().size(), shown=not self._deck.following)

    def _on_card_built(self, card: Card) -> None:
        card.installEventFilter(self)
        for text in text_widgets(card):
            self.selection.watch(text)

    def eventFilter(self, card: QObject, event: QEvent) -> bool:
        """A card has another height: its layout asks for it."""
        if event.type() == QEvent.Type.LayoutRequest and not self._busy:
            for text in text_widgets(card):  # type: ignore[arg-type] - only cards are watched
                self.selection.watch(text)
            if self._deck.take_height(card):
                self._lay_out()
        return False

    def _on_value_changed(self, value: int) -> None:
        self._deck.top = value - EDGE
        self._deck.following = value >= self._bar.maximum() - _SLACK
        self._lay_out()

    def _on_later(self) -> None:
        """Build a card near the view, so that scrolling finds it there."""
        self._busy = True
        more = self._deck.build_near()
        self._busy = False
        if more:
            self._show_bar()
            self.laid_out.emit()
            self._later.start()

    def _on_formulas_ready(self) -> None:
        for card in self._deck.cards.values():
            if isinstance(card, AnswerCard):
                card.show_ready_formulas()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay the cards out anew."""
        super().resizeEvent(event)
        self._lay_out()

    def showEvent(self, event: QShowEvent) -> None:
        """Build what is in view: before, nothing could be measured."""
        super().showEvent(event)
        self._lay_out()

    def scrollContentsBy(self, _dx: int, _dy: int) -> None:
        """The cards are moved one by one."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll; upwards lets go of the end at once."""
        if event.angleDelta().y() > 0 and self._bar.value() > 0:
            self._deck.following = False
        self._bar.event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Scroll by keys, wherever in the transcript the focus is."""
        steps = {
            Qt.Key.Key_PageUp: 2 * EDGE - self._bar.pageStep(),
            Qt.Key.Key_PageDown: self._bar.pageStep() - 2 * EDGE,
            Qt.Key.Key_Up: -3 * self._bar.singleStep(),
            Qt.Key.Key_Down: 3 * self._bar.singleStep(),
        }
        key = Qt.Key(event.key())
        if key in steps:
            self.scroll_by(steps[key])
        elif key == Qt.Key.Key_Home:
            self._bar.setValue(0)
        elif key == Qt.Key.Key_End:
            self.follow()
        else:
            event.ignore()

    def focusNextPrevChild(self, next: bool) -> bool:  # noqa: A002, FBT001 - as in Qt
        """Go through the cards from top to bottom, building those that come."""
        focused = QApplication.focusWidget()
        step = 1 if next else -1
        stops, target = self._stop_beside(focused, step)
        if not 0 <= target < len(stops) and stops and self._deck.build_beyond(step):
            stops, target = self._stop_beside(focused, step)
        if 0 <= target < len(stops):
            reason = Qt.FocusReason.TabFocusReason if next else Qt.FocusReason.BacktabFocusReason
            stops[target].setFocus(reason)
            self.show_part(stops[target], stops[target].rect())
            return True
        return bool(super().focusNextPrevChild(next))

    def _stop_beside(self, focused: QWidget | None, step: int) -> tuple[list[QWidget], int]:
        """Return what Tab stops at, and the place beside the one that has the focus."""
        stops = [each for card in self.cards for each in _stops(card)]
        if focused not in stops:
            return [], -1
        return stops, stops.index(focused) + step


def _with_summaries(turns: Sequence[Turn], ends: dict[str, Summary]) -> Iterator[Turn | Summary]:
    for turn in turns:
        if turn.role is not Role.SYSTEM:
            yield turn
        if turn.turn_id in ends:
            yield ends[turn.turn_id]


def _stops(card: QWidget) -> list[QWidget]:
    """Return what Tab stops at in a card."""
    return [
        each
        for each in card.findChildren(QWidget)
        if each.isVisible() and each.isEnabled() and each.focusPolicy() & Qt.FocusPolicy.TabFocus
    ]
