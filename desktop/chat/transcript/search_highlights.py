"""Highlights of search matches in the cards that are built."""

from PySide6.QtGui import QColor, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QTextEdit

from core.chat.store.chat_search import term_spans
from desktop.chat.cards.card_factory import Card, text_widgets
from desktop.chat.message.message_text import MessageText
from desktop.chat.transcript.transcript_view import TranscriptView
from desktop.kit.theme import Theme
from desktop.kit.utf16_offsets import utf16_offset

_MOST_OF_TEXT = 500
MatchPlace = tuple[str, int]
"""A turn, and the number of a match in it."""


class _TextMatches:
    """The matches in one text when it was last searched; `current_match` is the current one."""

    def __init__(self, words: str, cursors: list[QTextCursor]) -> None:
        self.words = words
        self.cursors = cursors
        self.is_marked = False
        self.shown: QTextCursor | None = None

    def is_valid_for(self, words: str) -> bool:
        """Whether the text is unchanged since then, and was not replaced by an equal one."""
        return self.words == words and all(each.hasSelection() for each in self.cursors[:1])


class SearchHighlights:
    """Marks every match of `terms`, and the one at `current_match` more strongly."""

    def __init__(self, theme: Theme, transcript: TranscriptView) -> None:
        self._theme = theme
        self._transcript = transcript
        self._hits: dict[MessageText, _TextMatches] = {}
        self.terms: tuple[str, ...] = ()
        self.current_match: MatchPlace | None = None

    def clear_matches(self) -> None:
        """Search all texts again: terms or colours have changed."""
        self._hits.clear()

    def match_in_card(self, card: Card, which: int) -> tuple[MessageText, QTextCursor] | None:
        """Return a match in a card; the last one where Markdown has hidden some."""
        found = [(text, hit) for text in text_widgets(card) for hit in self._hits_of(text).cursors]
        return found[min(which, len(found) - 1)] if found else None

    def highlight_all(self) -> None:
        """Highlight the matches in the built cards."""
        built: set[MessageText] = set()
        for card in self._transcript.built_cards:
            built.update(text_widgets(card))
            self.highlight_card(card)
        self._hits = {text: hits for text, hits in self._hits.items() if text in built}

    def highlight_card(self, card: Card) -> None:
        """Highlight the matches in a card, where they aren't yet."""
        texts = text_widgets(card)
        place = None
        if (
            self.current_match is not None
            and texts
            and getattr(card, "turn_id", "") == self.current_match[0]
        ):
            place = self.match_in_card(card, self.current_match[1])
        for text in texts:
            hits = self._hits_of(text)
            shown = place[1] if place is not None and place[0] is text else None
            if not hits.is_marked or hits.shown is not shown:
                hits.is_marked, hits.shown = True, shown
                self._put(text, hits)

    def _put(self, text: MessageText, hits: _TextMatches) -> None:
        colours = self._theme.colours
        marks = [_ground(hit, colours.mark, colours.text) for hit in hits.cursors]
        if hits.shown is not None:
            marks.append(_ground(hits.shown, colours.info, colours.canvas))
        if marks or text.extraSelections():
            text.setExtraSelections(marks)

    def _hits_of(self, text: MessageText) -> _TextMatches:
        words = text.document().toPlainText() if self.terms else ""
        known = self._hits.get(text)
        if known is not None and known.is_valid_for(words):
            return known
        where = term_spans(words.replace("\n", " "), self.terms)[:_MOST_OF_TEXT]
        cursors = [
            _cursor(text, utf16_offset(words, start), utf16_offset(words, end))
            for start, end in where
        ]
        self._hits[text] = _TextMatches(words, cursors)
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
