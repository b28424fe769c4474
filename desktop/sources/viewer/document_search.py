"""Search in the open document, through its page pictures or its text."""

import re
from collections.abc import Sequence

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QGuiApplication

from core.messages import DocumentPage, PageLetters
from desktop.sources.pages.pages_view import PagesView
from desktop.sources.viewer.document_find_bar import DocumentFindBar
from desktop.sources.viewer.document_text_view import DocumentTextView

_TYPING_MS = 150
_MOST = 5000


class DocumentSearch(QObject):
    """Finds pages by their text, and positions on a page by its letters."""

    def __init__(self, bar: DocumentFindBar, text: DocumentTextView, pages: PagesView) -> None:
        super().__init__(bar)
        self._bar = bar
        self._text = text
        self._pages = pages
        self._drawn = False
        self._documents: tuple[DocumentPage, ...] = ()
        self._matches: list[tuple[int, int]] = []  # page, and number of the match on it
        self._at = 0
        self._pending_match: tuple[int, int] | None = None
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(_TYPING_MS)
        self._typing.timeout.connect(self._search_while_typing)
        bar.changed.connect(self._typing.start)
        bar.stepped.connect(self.step_match)
        QGuiApplication.clipboard().dataChanged.connect(self._on_copied)

    @property
    def query_text(self) -> str:
        """The words that are searched."""
        return " ".join(self._bar.line.text().split())

    @property
    def last_page(self) -> int:
        """The number of the last page, 0 for a document without pages."""
        return max((page.number or 0 for page in self._documents), default=0)

    def page_text(self, number: int) -> str:
        """Return the text of a page."""
        return "\n".join(page.text for page in self._documents if page.number == number)

    def set_document_pages(self, pages: Sequence[DocumentPage]) -> None:
        """Set the text of the document and search it."""
        self._documents = tuple(pages)
        self._search()

    def clear_document(self) -> None:
        """Forget the document: another one is opened."""
        self._documents = ()
        self._matches = []
        self._pending_match = None
        self._bar.close_bar()

    def set_view_mode(self, *, drawn: bool) -> None:
        """Search for the same words in page pictures (`drawn`) or in the text."""
        self._drawn = drawn
        self._search()

    def step_match(self, step: int) -> None:
        """Go to the next match (1), or the one before (-1)."""
        if self._typing.isActive():
            self._typing.stop()
            self._search()
        if not self._drawn:
            self._bar.show_match_count(self._text.step_match(step), self._found_in_text)
        elif self._matches:
            self._at = self._next_match(step)
            self._bar.show_match_count(self._at + 1, len(self._matches))
            self._pending_match = self._matches[self._at]
            self._pages.go_to_page(self._pending_match[0])
            self._show_pending()

    def add_page_letters(self, letters: PageLetters) -> None:
        """Keep the letters of a page, and show the match that waited for them."""
        self._pages.add_page_letters(letters, self.query_text)
        if self._pending_match and self._pending_match[0] == letters.page:
            self._show_pending()

    def copy_selection(self) -> None:
        """Copy the selection; the letters of pages that were not shown are requested first."""
        if self._drawn:
            self._pages.selector.copy_selection()
        else:
            self.copy_words(self._text.textCursor().selectedText().replace("\u2029", "\n"))

    def copy_words(self, words: str) -> None:
        """Copy text to the clipboard."""
        if words:
            QGuiApplication.clipboard().setText(words)

    def _on_copied(self) -> None:
        """Cancel a pending copy: something else was copied, here or elsewhere."""
        self._pages.selector.copy_pending = False

    def _search_while_typing(self) -> None:
        """Show the first match from where one is: more letters mostly stay at it."""
        self._search()
        if self.query_text:
            self.step_match(1)

    def _search(self) -> None:
        words = self.query_text
        self._at = -1
        self._matches = []
        self._pages.mark_matches(words if self._drawn else "")
        self._found_in_text = self._text.mark_matches("" if self._drawn else words)
        if self._drawn and words:
            pattern = re.compile(r"\s+".join(map(re.escape, words.split())), re.IGNORECASE)
            for page in self._documents:
                if page.number is not None and len(self._matches) < _MOST:
                    found = pattern.findall(page.text)
                    self._matches += [(page.number, nth) for nth in range(len(found))]
            for number in self._pages.visible_pages():
                if number not in self._pages.store.letters:
                    self._pages.letters_wanted.emit(number)
        self._bar.show_match_count(0, len(self._matches) if self._drawn else self._found_in_text)

    def _next_match(self, step: int) -> int:
        """Return the match to go to; the first one is searched from the current page."""
        if self._at >= 0:
            return (self._at + step) % len(self._matches)
        pages = [page for page, _nth in self._matches]
        here = self._pages.current_page
        if step > 0:
            return next((n for n, page in enumerate(pages) if page >= here), 0)
        return next((n for n in range(len(pages) - 1, -1, -1) if pages[n] <= here), len(pages) - 1)

    def _show_pending(self) -> None:
        assert self._pending_match is not None  # the caller knows
        page, nth = self._pending_match
        letters = self._pages.store.letters.get(page)
        if letters is None:
            self._pages.letters_wanted.emit(page)
            return
        self._pending_match = None
        spans = letters.find_spans(self.query_text)
        if spans:
            span = spans[min(nth, len(spans) - 1)]
            boxes = letters.span_boxes(*span)
            if boxes:
                self._pages.go_to_box(page, boxes[0])
