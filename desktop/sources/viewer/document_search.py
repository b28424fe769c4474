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
    """The text of all pages tells on which words stand, the letters of one where on it."""

    def __init__(self, bar: DocumentFindBar, text: DocumentTextView, pages: PagesView) -> None:
        super().__init__(bar)
        self._bar = bar
        self._text = text
        self._pages = pages
        self._drawn = False
        self._documents: tuple[DocumentPage, ...] = ()
        self._matches: list[tuple[int, int]] = []  # page, and the how manieth place on it
        self._at = 0
        self._awaited: tuple[int, int] | None = None
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(_TYPING_MS)
        self._typing.timeout.connect(self._search)
        bar.changed.connect(self._typing.start)
        bar.stepped.connect(self.step_match)
        QGuiApplication.clipboard().dataChanged.connect(self._on_copied)

    @property
    def query_text(self) -> str:
        """What is looked for."""
        return " ".join(self._bar.line.text().split())

    @property
    def last_page(self) -> int:
        """The number of the last page, 0 for a document without pages."""
        return max((page.number or 0 for page in self._documents), default=0)

    def page_text(self, number: int) -> str:
        """Return what stands on a page."""
        return "\n".join(page.text for page in self._documents if page.number == number)

    def set_document_pages(self, pages: Sequence[DocumentPage]) -> None:
        """Take the text of the document; what is looked for is looked for in it."""
        self._documents = tuple(pages)
        self._search()

    def clear_document(self) -> None:
        """Another document is opened."""
        self._documents = ()
        self._matches = []
        self._awaited = None
        self._bar.close_bar()

    def set_view_mode(self, *, drawn: bool) -> None:
        """Look for the same in the other face."""
        self._drawn = drawn
        self._search()

    def step_match(self, step: int) -> None:
        """Go to the next place, or the one before."""
        if self._typing.isActive():
            self._typing.stop()
            self._search()
        if not self._drawn:
            self._bar.show_match_count(self._text.step_match(step), self._found_in_text)
        elif self._matches:
            self._at = self._next_match(step)
            self._bar.show_match_count(self._at + 1, len(self._matches))
            self._awaited = self._matches[self._at]
            self._pages.go_to_page(self._awaited[0])
            self._show_awaited()

    def add_page_letters(self, letters: PageLetters) -> None:
        """Take the letters of a page; the place that waits for them is shown."""
        self._pages.add_page_letters(letters, self.query_text)
        if self._awaited and self._awaited[0] == letters.page:
            self._show_awaited()

    def copy_selection(self) -> None:
        """Put what is selected on the clipboard; pages nobody looked at are read first."""
        if self._drawn:
            self._pages.selector.copy_selection()
        else:
            self.copy_words(self._text.textCursor().selectedText().replace("\u2029", "\n"))

    def copy_words(self, words: str) -> None:
        """Put words on the clipboard."""
        if words:
            QGuiApplication.clipboard().setText(words)

    def _on_copied(self) -> None:
        """Something was copied, here or elsewhere: what yet waits for its pages stays behind."""
        self._pages.selector.copy_pending = False

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
        """Return the place to go to: from where one is, at first."""
        if self._at >= 0:
            return (self._at + step) % len(self._matches)
        pages = [page for page, _nth in self._matches]
        here = self._pages.current_page
        if step > 0:
            return next((n for n, page in enumerate(pages) if page >= here), 0)
        return next((n for n in range(len(pages) - 1, -1, -1) if pages[n] <= here), len(pages) - 1)

    def _show_awaited(self) -> None:
        assert self._awaited is not None  # the caller knows
        page, nth = self._awaited
        letters = self._pages.store.letters.get(page)
        if letters is None:
            self._pages.letters_wanted.emit(page)
            return
        self._awaited = None
        spans = letters.find_spans(self.query_text)
        if spans:
            span = spans[min(nth, len(spans) - 1)]
            boxes = letters.span_boxes(*span)
            if boxes:
                self._pages.go_to_box(page, boxes[0])
