"""Find bar of a chat: search line, match count and arrows."""

from PySide6.QtCore import QEvent, QObject, QSignalBlocker, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit

from core.base.i18n import _
from core.chat.store.chat_search import fold_text, search_terms
from desktop.chat.transcript.transcript_search import TranscriptSearch
from desktop.chat.transcript.transcript_view import TranscriptView
from desktop.kit.buttons_and_labels import IconButton, plain_label
from desktop.kit.locale_formatting import format_count
from desktop.kit.reading_column import margins
from desktop.kit.theme import Theme


class TranscriptFindBar(QFrame):
    """Hidden until it is opened; Return goes to the next match, Escape closes it."""

    def __init__(self, theme: Theme, transcript: TranscriptView) -> None:
        super().__init__()
        self._theme = theme
        self._transcript = transcript
        self._finding = TranscriptSearch(theme, transcript)
        self._searched = ""
        self._build()
        self._connect()

    def _build(self) -> None:
        self.setObjectName("find_bar")
        self._line = QLineEdit()
        self._line.setAccessibleName(_("Find in this chat"))
        self._line.setPlaceholderText(_("Find in this chat"))
        self._count = plain_label(role="muted")
        self._before = IconButton(self._theme, "up", _("Place before"), size=16)
        self._next = IconButton(self._theme, "down", _("Next place"), size=16)
        self._close = IconButton(self._theme, "close", _("Close the search"), size=16)
        row = QHBoxLayout(self)
        row.setContentsMargins(margins(24, 6, 12, 6))
        row.setSpacing(8)
        row.addWidget(self._line, 1)
        for part in (self._count, self._before, self._next, self._close):
            row.addWidget(part)
        self.hide()

    def _connect(self) -> None:
        self._line.textChanged.connect(self._search)
        self._line.installEventFilter(self)
        self._before.clicked.connect(self._on_before_clicked)
        self._next.clicked.connect(self._on_next_clicked)
        self._close.clicked.connect(self.close_bar)
        self._finding.changed.connect(self._on_changed)

    def open_bar(self, words: str = "") -> None:
        """Open with the text selected in the chat, or with `words`."""
        selected = next(
            (text.selected_plain_text() for _row, text in self._transcript.built_texts()
             if text.textCursor().hasSelection()), ""
        )  # fmt: skip
        self.show()
        self._line.setFocus()
        wanted = words or ("" if "\n" in selected else selected)
        if wanted and wanted != self._line.text():
            self._line.setText(wanted)
        else:
            self._search()
        self._line.selectAll()

    def open_at_turn(self, turn_id: str, query: str) -> None:
        """Show the matches of a search over all chats, the one in a turn first.

        Unlike what is typed here, each word counts by itself, as it did in the search.
        """
        self._searched = query
        self.show()
        with QSignalBlocker(self._line):
            self._line.setText(query)
        self._line.setFocus()
        self._line.selectAll()
        self._search(turn_id=turn_id)

    def close_bar(self) -> None:
        """Close it and remove the highlights."""
        self._finding.stop_search()
        self.hide()
        texts = [text for _row, text in self._transcript.built_texts()]
        seen = [text for text in texts if not text.visibleRegion().isEmpty()]
        if seen:
            seen[-1].setFocus()

    def go_to_match(self, by: int) -> None:
        """Go to the next or the previous match; opens the bar if needed."""
        if self.isHidden():
            self.open_bar()
        else:
            self._finding.go_to_match(by)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Handle Return and Escape in the line, before the window stops an answer on Escape."""
        if not isinstance(event, QKeyEvent):
            return False
        key = event.key()
        if key == Qt.Key.Key_Escape:
            event.accept()
            if event.type() == QEvent.Type.KeyPress:
                self.close_bar()
            return True
        if event.type() == QEvent.Type.KeyPress and key in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            back = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self._finding.go_to_match(-1 if back else 1)
            return True
        return False

    def _search(self, _text: str = "", turn_id: str = "") -> None:
        words = self._line.text()
        terms = search_terms(words) if words == self._searched else (fold_text(words),)
        self._finding.start_search(terms, turn_id)

    def _on_before_clicked(self) -> None:
        self._finding.go_to_match(-1)

    def _on_next_clicked(self) -> None:
        self._finding.go_to_match(1)

    def _on_changed(self) -> None:
        found = self._finding.match_count
        if not self._line.text().strip():
            words = ""
        elif not found:
            words = _("Not found")
        else:
            words = _("{number} of {count}").format(
                number=format_count(self._finding.match_number), count=format_count(found)
            )
        self._count.setText(words)
        self._count.setAccessibleName(words)
        for button in (self._before, self._next):
            button.setEnabled(found > 0)
