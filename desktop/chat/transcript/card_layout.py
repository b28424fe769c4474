"""Virtualised card layout: cards built when they come into view, measured and positioned."""

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate

from PySide6.QtCore import QObject, QRect
from PySide6.QtWidgets import QApplication, QWidget

from core.chat.conversations.conversation import ConversationSummary, Role, Turn, TurnState
from desktop.chat.cards.answer_card import AnswerCard
from desktop.chat.cards.card_factory import Card
from desktop.chat.cards.message_editor import MessageEditor
from desktop.chat.cards.question_card import FOLDED_LINES
from desktop.kit.reading_column import MARGIN, NARROW_MARGIN, column_width

SPACING = 24
"""Pixels between two rows."""
_LETTERS_OF_LINE = 70
_CHROME = 72
"""Pixels of a card in addition to its text."""


def estimate_height(turn: Turn, line: int, longest: int) -> int:
    """Return the estimated height of a card that was never built, from the length of its text.

    `line` is the height of a line, `longest` how many lines of a question are shown unfolded.
    """
    lines = turn.text.count("\n") + len(turn.text) // _LETTERS_OF_LINE + 1
    if turn.role is Role.USER:
        lines = min(lines, longest)
    return _CHROME + lines * line


class RowHeights:
    """Row heights with a fast search by position and fast updates at the end."""

    def __init__(self, heights: Sequence[int] = ()) -> None:
        self._heights = list(heights)
        self._tops = self._summed()

    def __len__(self) -> int:
        return len(self._heights)

    def __getitem__(self, row: int) -> int:
        return self._heights[row]

    def row_top(self, row: int) -> int:
        """Return the y position of a row's upper edge."""
        return self._tops[row]

    @property
    def total_height(self) -> int:
        """The total height of all rows."""
        return self._tops[-1] + self._heights[-1] if self._heights else 0

    def row_at(self, place: int) -> int:
        """Return the row at a y position, including the space below it."""
        return max(0, min(bisect_right(self._tops, place) - 1, len(self._heights) - 1))

    def set_height(self, row: int, height: int) -> None:
        """Change the height of a row; all later rows move."""
        if self._heights[row] == height:
            return
        self._heights[row] = height
        if row < len(self._heights) - 1:
            self._tops = self._summed()

    def insert_row(self, row: int, height: int) -> None:
        """Insert a row before another, or at the end."""
        if row == len(self._heights):
            self._tops.append(self.total_height + SPACING if self._heights else 0)
            self._heights.append(height)
        else:
            self._heights.insert(row, height)
            self._tops = self._summed()

    def _summed(self) -> list[int]:
        steps = accumulate((height + SPACING for height in self._heights[:-1]), initial=0)
        return list(steps) if self._heights else []


EDGE = 24
"""Pixels above the first card and below the last one."""
_NEAR = 1
"""Heights of the view above and below it in which cards are kept and built ahead."""
_LEAST_WIDTH = 240


class CardLayout:
    """Rows of a chat in a view; `row_top` is the position of the view's upper edge.

    With `following` the end of the transcript stays at the lower edge.
    """

    def __init__(
        self,
        view: QWidget,
        make: Callable[[Turn | ConversationSummary], Card],
        built: Callable[[Card], None],
    ) -> None:
        self._view = view
        self._make = make
        self._built = built
        self.rows: list[Turn | ConversationSummary] = []
        self.cards: dict[int, Card] = {}
        self.heights = RowHeights()
        self.top = -EDGE
        self.following = True
        self.spare = 0
        """Pixels that may be scrolled beyond the end, while a notice takes them above the view."""
        self._places: dict[str, int] = {}
        self._width = 0

    def show_rows(self, rows: Sequence[Turn | ConversationSummary]) -> None:
        """Replace the rows; no card is built yet."""
        for row in list(self.cards):
            self._drop(row)
        self.spare = 0
        self.rows = list(rows)
        self._number()
        line = self._line()
        self.heights = RowHeights([_estimated_height(row, line) for row in self.rows])

    def insert_row(self, row: int, what: Turn | ConversationSummary) -> None:
        """Append a row."""
        self.rows.insert(row, what)
        self.heights.insert_row(row, _estimated_height(what, self._line()))
        if row == len(self.rows) - 1:
            self._places[row_key(what)] = row
        else:
            self.cards = {at + (at >= row): card for at, card in self.cards.items()}
            self._number()

    def row_of(self, key: str) -> int | None:
        """Return the row index of a turn or a summary."""
        return self._places.get(key)

    def card_of(self, key: str) -> Card | None:
        """Return the card of a turn or a summary, if it is built."""
        return self.cards.get(self._places.get(key, -1))

    @property
    def total_height(self) -> int:
        """The height of all rows, including the edges."""
        return self.heights.total_height + 2 * EDGE if self.rows else 0

    def lay_out(self) -> None:
        """Build and place the visible cards without moving what the user reads."""
        if not self.rows:
            return
        view_height = self._view.height()
        width = max(_LEAST_WIDTH, _card_width(self._view.width()))
        if width != self._width:
            self._width = width
            for row in self.cards:
                self._measure(row)
        for row in self._pinned():
            self._measure(row)
        if self.following:
            self._build_up(view_height)
        else:
            self._build_down(self.heights.row_at(max(0, self.top)), view_height)
        self.top = _top_within(self, view_height)
        self.position_cards()

    def position_cards(self) -> None:
        """Move the cards to their places on the screen; remove those far away."""
        view_height = self._view.height()
        first, last = self.top - _NEAR * view_height, self.top + (1 + _NEAR) * view_height
        parent = self._view.parentWidget() or self._view  # the middle is that of the composer
        left = (parent.width() - self._width) // 2
        left = max(0, min(left, self._view.width() - self._width))
        pinned = set(self._pinned())
        for row, card in list(self.cards.items()):
            top = self.heights.row_top(row)
            is_far = top + self.heights[row] < first or top > last
            if is_far and row not in pinned and not _is_used(card):
                self._drop(row)
            else:
                card.move(left, top - self.top)

    def update_card_height(self, card: QObject) -> bool:
        """Apply a card's new height; returns whether more than the end of the chat has moved."""
        row = next((row for row, each in self.cards.items() if each is card), None)
        if row is None:
            return False
        bottom, before = self.heights.row_top(row) + self.heights[row], self.heights[row]
        if not self._measure(row):
            return False
        if not self.following and bottom < self.top:
            self.top += self.heights[row] - before  # it stands above what is read
        return True

    def build_nearby_card(self) -> bool:
        """Build one of the cards near the view; returns whether there may be more."""
        view_height = self._view.height()
        for row in self._near(view_height):
            if row in self.cards:
                continue
            top, before = self.heights.row_top(row), self.heights[row]
            self._measure(row)
            if top < self.top and not self.following:
                self.top += self.heights[row] - before
            elif self.following:
                self.top = _top_within(self, view_height)
            self.position_cards()
            return True
        return False

    def build_adjacent_card(self, step: int) -> bool:
        """Build the card after the last or before the first one; returns whether there was one."""
        if not self.cards:
            return False
        row = (max(self.cards) if step > 0 else min(self.cards)) + step
        if not 0 <= row < len(self.rows):
            return False
        self._measure(row)
        self.position_cards()
        return row in self.cards

    def _near(self, view_height: int) -> Iterator[int]:
        if not self.rows:
            return
        below, above = self.heights.row_at(self.top + view_height), self.heights.row_at(self.top)
        while below < len(self.rows) and self.heights.row_top(below) < self.top + view_height * (
            1 + _NEAR
        ):
            yield below
            below += 1
        while (
            above >= 0
            and self.heights.row_top(above) + self.heights[above] > self.top - view_height * _NEAR
        ):
            yield above
            above -= 1

    def _build_up(self, view_height: int) -> None:
        covered = EDGE
        for row in range(len(self.rows) - 1, -1, -1):
            self._measure(row)
            covered += self.heights[row] + SPACING
            if covered >= view_height:
                return

    def _build_down(self, row: int, view_height: int) -> None:
        while row < len(self.rows) and self.heights.row_top(row) < self.top + view_height:
            self._measure(row)
            row += 1

    def _measure(self, row: int) -> bool:
        """Build a row's card if needed, and update its height; returns whether it has changed."""
        card = self.cards.get(row) or self._build(row)
        if card.width() != self._width:
            card.resize(self._width, card.height())
        layout = card.layout()
        if layout is None:
            return False
        layout.activate()
        height = layout.totalSizeHint().height()
        if layout.hasHeightForWidth():
            height = layout.totalHeightForWidth(self._width)
        if card.height() != height:
            card.resize(self._width, height)
        before = self.heights[row]
        self.heights.set_height(row, height)
        return before != height

    def _build(self, row: int) -> Card:
        card = self.cards[row] = self._make(self.rows[row])
        if isinstance(card, AnswerCard) and row < len(self.rows) - 1:
            card.mark_as_past()
        card.setParent(self._view)
        card.setGeometry(QRect(0, -20_000, self._width, 40))
        card.show()
        self._built(card)
        return card

    def _drop(self, row: int) -> None:
        card = self.cards.pop(row)
        card.hide()
        card.deleteLater()

    def _pinned(self) -> Iterator[int]:
        """Yield the answers that stream: their text goes to their cards, visible or not."""
        for row in range(max(0, len(self.rows) - 2), len(self.rows)):
            turn = self.rows[row]
            if isinstance(turn, Turn) and turn.state is TurnState.STREAMING:
                yield row

    def _number(self) -> None:
        self._places = {row_key(row): number for number, row in enumerate(self.rows)}

    def _line(self) -> int:
        return self._view.fontMetrics().height() * 4 // 3


def _top_within(layout: CardLayout, view_height: int) -> int:
    """Return where the upper edge of a view may be, nearest to where it is."""
    end = max(-EDGE, layout.heights.total_height + EDGE - view_height)
    first = end if layout.following else -EDGE
    return max(first, min(layout.top, end + layout.spare))


def _card_width(width: int) -> int:
    """Return the width of cards in a view: where it is narrow, they take its margins."""
    most = column_width() - 2 * MARGIN
    return min(most, max(width - 2 * MARGIN, min(width - 2 * NARROW_MARGIN, most * 3 // 4)))


def _is_used(card: Card) -> bool:
    """Whether removing a card would lose the focus or an unsaved edit."""
    focused = QApplication.focusWidget()
    return bool(focused and card.isAncestorOf(focused)) or card.findChild(MessageEditor) is not None


def row_key(row: Turn | ConversationSummary) -> str:
    """Return the id of a turn or a summary."""
    return row.turn_id if isinstance(row, Turn) else row.summary_id


def _estimated_height(row: Turn | ConversationSummary, line: int) -> int:
    return estimate_height(row, line, FOLDED_LINES) if isinstance(row, Turn) else line + 4
