"""Text search in the open chat: match count and current match, over all turns.

All turns are looked through in their own Markdown, without the signs of bold and code; the marks
are put on what is built, where the words are as they are read. Case and accents don't matter.
"""

from collections.abc import Sequence

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QTextCursor

from core.chat.store.chat_search import fold_text, term_spans
from desktop.chat.cards.question_card import QuestionCard
from desktop.chat.message.message_text import MessageText
from desktop.chat.transcript.search_highlights import MatchPlace, SearchHighlights
from desktop.chat.transcript.transcript_view import TranscriptView
from desktop.kit.theme import Theme

MAX_MATCHES = 9999
"""Maximum number of matches that are counted."""
_RECOUNT_MS = 250
"""Milliseconds between two counts of a streaming answer, the only turn counted again."""
_SIGNS = str.maketrans({"*": "", "`": "", "\n": " "})


class TranscriptSearch(QObject):
    """`changed`: another match is shown, or there are other matches."""

    changed = Signal()

    def __init__(self, theme: Theme, transcript: TranscriptView) -> None:
        super().__init__(transcript)
        self._transcript = transcript
        self._marks = SearchHighlights(theme, transcript)
        self._bare: tuple[str, ...] = ()
        self._counts: dict[str, int] = {}  # of the turns that hold places, from top to bottom
        self._changed_turns: dict[str, None] = {}
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(_RECOUNT_MS)
        self._connect(theme)

    def _connect(self, theme: Theme) -> None:
        self._later.timeout.connect(self._on_later)
        self._transcript.laid_out.connect(self._on_laid_out)
        self._transcript.text_changed.connect(self._on_words_changed)
        self._transcript.turns_changed.connect(self._on_turns_changed)
        theme.changed.connect(self._on_theme_changed)

    @property
    def match_count(self) -> int:
        """The number of matches."""
        return min(sum(self._counts.values()), MAX_MATCHES)

    @property
    def match_number(self) -> int:
        """The number of the current match, from 1; 0 for none."""
        shown, before = self._marks.current_match, 0
        for turn_id, places in self._counts.items():
            if shown is not None and turn_id == shown[0]:
                return before + min(shown[1], places - 1) + 1
            before += places
        return 0

    def start_search(self, terms: Sequence[str], turn_id: str) -> None:
        """Find any of the terms, as `fold_text` or `terms_of` returns them, and show a match.

        It is the first in a turn, or the last of all: what was said lately is asked for most.
        """
        self._marks.clear_matches()
        self._marks.terms = tuple(term for term in terms if term.strip())
        bare = (term.translate(_SIGNS) for term in self._marks.terms)
        self._bare = tuple(term for term in bare if term.strip())
        self._count_all()
        if turn_id:
            self._marks.current_match = (turn_id, 0) if turn_id in self._counts else None
            self._transcript.scroll_to_turn(turn_id)
        self._show()

    def go_to_match(self, by: int) -> None:
        """Go to the next or the previous match; after the last comes the first."""
        if self._counts:
            now = (
                self.match_number - 1 if self.match_number or by > 0 else 0
            )  # from nowhere: first or last
            self._marks.current_match = self._place_at((now + by) % self.match_count)
            self._show()

    def stop_search(self) -> None:
        """End the search."""
        self._later.stop()
        self._changed_turns.clear()
        self._counts, self._marks.terms, self._marks.current_match = {}, (), None
        self._marks.highlight_all()

    def _count_all(self) -> None:
        self._counts, found = {}, 0
        for turn in self._transcript.shown_turns if self._bare else ():
            found += self._count(turn.turn_id)
            if found >= MAX_MATCHES:
                break
        last = next(reversed(self._counts.items()), None)
        self._marks.current_match = (last[0], last[1] - 1) if last else None

    def _count(self, turn_id: str) -> int:
        """Count the matches of a turn again."""
        terms = self._bare
        words = fold_text(self._transcript.turn_text(turn_id).translate(_SIGNS))
        # one term, as it is typed, is counted much quicker than all places are found
        places = words.count(terms[0]) if len(terms) == 1 else len(term_spans(words, terms))
        if places:
            self._counts[turn_id] = places
        else:
            self._counts.pop(turn_id, None)
        return places

    def _place_at(self, number: int) -> MatchPlace | None:
        for turn_id, places in self._counts.items():
            if number < places:
                return turn_id, number
            number -= places
        return None

    def _show(self) -> None:
        if self._marks.current_match is not None:
            turn_id, which = self._marks.current_match
            card = self._transcript.scroll_to_turn(turn_id)
            if isinstance(card, QuestionCard):
                card.unfold()
            place = self._marks.match_in_card(card, which) if card is not None else None
            if place is not None:
                _scroll_to(self._transcript, *place)
        self._marks.highlight_all()
        self.changed.emit()

    def _on_laid_out(self) -> None:
        if self._marks.terms:
            self._marks.highlight_all()

    def _on_words_changed(self, turn_id: str) -> None:
        """The text of a turn has changed: highlight it before it is painted, count it later."""
        if not self._marks.terms:
            return
        card = self._transcript.find_answer_card(turn_id)
        if card is not None:
            self._marks.highlight_card(card)
        self._changed_turns[turn_id] = None
        if not self._later.isActive():
            self._later.start()

    def _on_turns_changed(self) -> None:
        """Other turns are shown: count them, and stay where the user reads."""
        if not self._marks.terms:
            return
        before = self._marks.current_match
        self._count_all()
        if before is not None and before[0] in self._counts:
            self._marks.current_match = before
        self._marks.highlight_all()
        self.changed.emit()

    def _on_theme_changed(self) -> None:
        """The texts were rebuilt in other colours, which removes their highlights."""
        if self._marks.terms:
            self._marks.clear_matches()
            self._later.start()

    def _on_later(self) -> None:
        changed, self._changed_turns = self._changed_turns, {}
        for turn_id in changed:
            self._count(turn_id)
        self._marks.highlight_all()
        self.changed.emit()


def _scroll_to(transcript: TranscriptView, text: MessageText, hit: QTextCursor) -> None:
    place, width = text.cursorRect(hit), text.viewport().width()
    if not 0 <= place.left() < width:  # in code, whose lines may be long
        bar = text.horizontalScrollBar()
        bar.setValue(bar.value() + place.left() - width // 2)
        place = text.cursorRect(hit)
    transcript.scroll_into_view(text, place)
