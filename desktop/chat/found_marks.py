"""Found words in the texts of a transcript that are built: where they stand, and their grounds."""

from PySide6.QtGui import QColor, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QTextEdit

from core.chat.searching import spans
from desktop.chat.cards import Card, text_widgets
from desktop.chat.message_text import MessageText
from desktop.chat.transcript import Transcript
from desktop.theme import Theme
from desktop.units import units

_MOST_OF_TEXT = 500
Place = tuple[str, int]
"""A turn, and which of the places in it."""


class _Hits:
    """The places in one text as it was last looked through; `shown` is the one that stands out."""

    def __init__(self, words: str, cursors: list[QTextCursor]) -> None:
        self.words = words
        self.cursors = cursors
        self.is_marked = False
        self.shown: QTextCursor | None = None

    def hold_for(self, words: str) -> bool:
        """Whether the text wasn't written anew since, be it with the same words."""
        return self.words == words and all(each.hasSelection() for each in self.cursors[:1])


class FoundMarks:
    """Marks every place of `terms`, and the one at `shown` more strongly."""

    def __init__(self, theme: Theme, transcript: Transcript) -> None:
        self._theme = theme
        self._transcript = transcript
        self._hits: dict[MessageText, _Hits] = {}
        self.terms: tuple[str, ...] = ()
        self.shown: Place | None = None

    def forget(self) -> None:
        """Look through all texts anew: other terms, or other colours."""
        self._hits.clear()

    def place(self, card: Card, which: int) -> tuple[MessageText, QTextCursor] | None:
        """Return a place in a card; the last one where Markdown has hidden some."""
        found = [(text, hit) for text in text_widgets(card) for hit in self._hits_of(text).cursors]
        return found[min(which, len(found) - 1)] if found else None

    def mark(self) -> None:
        """Put a ground under each place in what is built."""
        built: set[MessageText] = set()
        for card in self._transcript.cards:
            built.update(text_widgets(card))
            self.mark_card(card)
        self._hits = {text: hits for text, hits in self._hits.items() if text in built}

    def mark_card(self, card: Card) -> None:
        """Put a ground under each place in a card, where it isn't there yet."""
        texts = text_widgets(card)
        place = None
        if self.shown is not None and texts and getattr(card, "turn_id", "") == self.shown[0]:
            place = self.place(card, self.shown[1])
        for text in texts:
            hits = self._hits_of(text)
            shown = place[1] if place is not None and place[0] is text else None
            if not hits.is_marked or hits.shown is not shown:
                hits.is_marked, hits.shown = True, shown
                self._put(text, hits)

    def _put(self, text: MessageText, hits: _Hits) -> None:
        colours = self._theme.colours
        marks = [_ground(hit, colours.mark, colours.text) for hit in hits.cursors]
        if hits.shown is not None:
            marks.append(_ground(hits.shown, colours.accent, colours.on_accent))
        if marks or text.extraSelections():
            text.setExtraSelections(marks)

    def _hits_of(self, text: MessageText) -> _Hits:
        words = text.document().toPlainText() if self.terms else ""
        known = self._hits.get(text)
        if known is not None and known.hold_for(words):
            return known
        where = spans(words.replace("\n", " "), self.terms)[:_MOST_OF_TEXT]
        cursors = [_cursor(text, units(words, start), units(words, end)) for start, end in where]
        self._hits[text] = _Hits(words, cursors)
        return self._hits[text]


def _cursor(text: MessageText, start: int, end: int) -> QTextCursor:
    cursor = QTextCursor(text.document())
    cursor.setPosition(start)
    cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
    return cursor


def _ground(cursor: QTextCursor, ground: str, words: str) -> QTextEdit.ExtraSelection:
    mark = QTextEdit.ExtraSelection()
    mark.cursor = cursor
    mark.format = QTextCharFormat()
    mark.format.setBackground(QColor(ground))
    mark.format.setForeground(QColor(words))
    return mark
