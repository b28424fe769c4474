"""Finding words in the open chat: which turns hold them, and where they stand in those in view.

All turns are looked through in their own Markdown, without the signs of bold and code; the marks
are put on what is built, where the words are as they are read.
"""

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QColor, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QTextEdit

from desktop.chat.cards import Card, text_widgets
from desktop.chat.message_text import MessageText
from desktop.chat.question_card import QuestionCard
from desktop.chat.transcript import Transcript
from desktop.theme import Theme

MOST = 9999
"""Places that are counted."""
_MOST_OF_TEXT = 500
_SIGNS = str.maketrans("", "", "*`")


class Finding(QObject):
    """`changed` tells that another place is shown, or that there are others."""

    changed = Signal()

    def __init__(self, theme: Theme, transcript: Transcript) -> None:
        super().__init__(transcript)
        self._theme = theme
        self._transcript = transcript
        self._query = ""
        self._hits: list[tuple[str, int]] = []  # turn, and which of the places in it
        self._at = -1
        transcript.laid_out.connect(self._mark)

    @property
    def count(self) -> int:
        """How many places there are."""
        return len(self._hits)

    @property
    def number(self) -> int:
        """Which of them is shown, from 1; 0 for none."""
        return self._at + 1

    def look_for(self, query: str) -> None:
        """Find words, and show the last place: what was said lately is asked for most."""
        self._query = query
        wanted = _folded(query)
        self._hits = []
        for turn in self._transcript.turns if wanted.strip() else ():
            words = _folded(self._transcript.words_of(turn.turn_id))
            self._hits += [(turn.turn_id, n) for n in range(words.count(wanted))]
            if len(self._hits) >= MOST:
                break
        self._at = len(self._hits) - 1
        self._show()

    def step(self, by: int) -> None:
        """Show the next place, or the one before; behind the last comes the first."""
        if self._hits:
            self._at = (self._at + by) % len(self._hits)
            self._show()

    def end(self) -> None:
        """Look for nothing."""
        self._query, self._hits, self._at = "", [], -1
        self._mark()

    def _show(self) -> None:
        if self._hits:
            turn_id, which = self._hits[self._at]
            card = self._transcript.bring(turn_id)
            if isinstance(card, QuestionCard):
                card.unfold()
            place = self._place(card, which) if card is not None else None
            if place is not None:
                text, cursor = place
                self._transcript.show_part(text, text.cursorRect(cursor))
        self._mark()
        self.changed.emit()

    def _place(self, card: Card, which: int) -> tuple[MessageText, QTextCursor] | None:
        """Return the place in a card; the last one where Markdown has hidden some."""
        found = [(text, hit) for text in text_widgets(card) for hit in self._hits_in(text)]
        return found[min(which, len(found) - 1)] if found else None

    def _hits_in(self, text: MessageText) -> list[QTextCursor]:
        found: list[QTextCursor] = []
        cursor = QTextCursor(text.document())
        while self._query and len(found) < _MOST_OF_TEXT:
            cursor = text.document().find(self._query, cursor)
            if cursor.isNull():
                break
            found.append(cursor)
        return found

    def _mark(self) -> None:
        """Put a ground under each place in view, a stronger one under the one that is shown."""
        shown = self._hits[self._at] if self._hits else ("", 0)
        colours = self._theme.colours
        for card in self._transcript.cards:
            texts = text_widgets(card)
            place = None
            if texts and getattr(card, "turn_id", "") == shown[0]:
                place = self._place(card, shown[1])
            for text in texts:
                marks = [_ground(hit, colours.mark, colours.text) for hit in self._hits_in(text)]
                if place is not None and place[0] is text:
                    marks.append(_ground(place[1], colours.accent, colours.on_accent))
                if marks or text.extraSelections():
                    text.setExtraSelections(marks)


def _ground(cursor: QTextCursor, ground: str, words: str) -> QTextEdit.ExtraSelection:
    mark = QTextEdit.ExtraSelection()
    mark.cursor = cursor
    mark.format = QTextCharFormat()
    mark.format.setBackground(QColor(ground))
    mark.format.setForeground(QColor(words))
    return mark


def _folded(text: str) -> str:
    return text.translate(_SIGNS).casefold()
