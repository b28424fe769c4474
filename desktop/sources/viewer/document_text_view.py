"""Text view of a document: pages as read, tables as grids, passage and matches marked."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from PySide6.QtCore import QPoint, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QFont,
    QFontDatabase,
)

from core.base.i18n import _
from core.base.lazy_regex import lazy_pattern
from core.chat.conversations.conversation import Source
from core.messages import DocumentPage
from desktop.kit.locale_formatting import format_count
from desktop.kit.theme import Theme
from desktop.kit.visible_text import visible_text
from desktop.sources.viewer.document_code_highlighter import DocumentCodeHighlighter
from desktop.sources.viewer.document_kinds import is_code, is_mail
from desktop.sources.viewer.document_tables import TextTable, find_tables, may_hold_tables
from desktop.sources.viewer.grid_text_edit import GridTextEdit
from desktop.sources.viewer.passage_finder import find_in_parts, find_sentences

_MAX_TITLES = 2000
_MAX_MATCHES = 1000
_MAIL_HEAD = lazy_pattern(r"(From|To|Cc|Date|Subject|Attachment): ")
_MAX_MAIL_HEADERS = 200


def format_page_title(page: DocumentPage) -> str:
    """Return the line over a page; a document without pages has its headings there."""
    if page.number is None:
        return page.heading
    words = _("Page {page}").format(page=format_count(page.number))
    return f"{words} · {page.heading}" if page.heading else words


class DocumentTextView(GridTextEdit):
    """Shows a document at a passage; positions count letters of the text that is shown."""

    menu_wanted = Signal(QPoint)
    page_changed = Signal(int)

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        self._bodies: list[tuple[int, int, int | None]] = []
        """Where the text of each page stands, and the number of the page."""
        self._headings: list[str] = [""]
        """The heading of each of them."""
        self._span: tuple[int, int] | None = None
        self._sentences: list[tuple[int, int]] = []
        self._found: list[tuple[int, int]] = []
        self._at = -1
        self._pages: list[tuple[int, int]] = []  # start of a page, and its number
        self._build()
        self._theme.changed.connect(self._on_theme_changed)

    def _build(self) -> None:
        self.setObjectName("preview_text")
        self.setAccessibleName(_("Document"))
        self._highlighter = DocumentCodeHighlighter(self.document(), self._theme)
        self.verticalScrollBar().valueChanged.connect(self._on_scrolled)

    # ------------------------------------------------------------ what is shown

    def show_passage(self, source: Source) -> None:
        """Show only the passage of a source, as it was kept."""
        text = visible_text(source.text or _("Opening the document…"))
        span = (0, len(text))
        self._bodies, self._headings = [(*span, None)], [source.heading]
        self._set_font_for(source.file)
        self._show(text, [], self._tables_near(text, span, source) if source.text else ())
        self.mark_passage(span, source)

    def show_document(self, pages: Sequence[DocumentPage], source: Source) -> bool:
        """Show all pages, at the passage; returns whether it was found."""
        pieces: list[str] = []
        titles: list[tuple[int, int]] = []
        page_starts: list[tuple[int, int]] = []
        bodies: list[tuple[int, int, int | None]] = []
        length = 0
        for page in pages:
            title = visible_text(format_page_title(page))
            head = f"{title}\n\n" if title else ""
            body = visible_text(page.text)
            if page.number is not None:
                page_starts.append((length, page.number))
            titles.append((length, length + len(title)))
            bodies.append((length + len(head), length + len(head) + len(body), page.number))
            pieces.append(f"{head}{body}")
            length += len(pieces[-1]) + 2
        text = "\n\n".join(pieces)
        self._bodies, self._headings = bodies, [page.heading for page in pages]
        span = self._passage_span(text, source)
        self._set_font_for(source.file)
        near = span[0] if span else 0
        self._show(text, page_starts, self._tables_near(text, span, source), near)
        self.embolden(titles[:_MAX_TITLES])
        if is_code(source.file):
            parts = [(self.positions.place(start), text[start:end]) for start, end, _n in bodies]
            self._highlighter.highlight_parts(source.file, [] if self.tables else parts)
        if is_mail(source.file):
            heads = list(_MAIL_HEAD.finditer(self.shown_text))[:_MAX_MAIL_HEADERS]
            self.embolden([match.span() for match in heads])
        self.mark_passage(span, source)
        return span is not None

    def show_other_passage(self, source: Source) -> bool:
        """Show another passage of the same document; returns whether it was found."""
        span = self._passage_span(self.shown_text, source)
        tables = self._tables_near(self.shown_text, span, source)
        if tables != self.tables and span is not None and not self.is_in_grid(span):
            self.lay_out_again(tables)
        self.mark_passage(span, source)
        return span is not None

    def _passage_span(self, text: str, source: Source) -> tuple[int, int] | None:
        """Return where the passage of a source stands in a text, None if it doesn't."""
        parts = [
            ((start, end), heading)
            for (start, end, number), heading in zip(self._bodies, self._headings, strict=True)
            if source.page is None or number in {None, source.page}
        ]
        parts.sort(key=lambda part: part[1] != source.heading)  # what begins alike is told by it
        return find_in_parts(text, [span for span, _heading in parts], visible_text(source.text))

    def _tables_near(
        self, text: str, span: tuple[int, int] | None, source: Source
    ) -> tuple[TextTable, ...]:
        if not may_hold_tables(source.file):
            return ()
        sentences = find_sentences(text, span, source) if span else []
        near = sentences[0][0] if sentences else span[0] if span else 0
        return tuple(find_tables(text, [(start, end) for start, end, _n in self._bodies], near))

    def mark_passage(self, span: tuple[int, int] | None, source: Source | None = None) -> None:
        """Mark the passage and more strongly its cited sentences, and bring these into view."""
        self._span = span
        self._sentences = find_sentences(self.shown_text, span, source) if span and source else []
        self._paint_marks()
        if span is not None:
            self.go_to(self._sentences[0][0] if self._sentences else span[0])

    @property
    def current_page(self) -> int:
        """The page in the upper half of the view, 0 for a document without pages."""
        if not self._pages:
            return 0
        position = self.positions.position(
            self.cursorForPosition(QPoint(8, self.viewport().height() // 3)).position()
        )
        at = bisect_right([start for start, _number in self._pages], position) - 1
        return self._pages[max(0, at)][1]

    def go_to_page(self, page: int) -> None:
        """Show a page from its top."""
        for start, number in self._pages:
            if number >= page:
                self.go_to(start, middle=False)
                return

    # ------------------------------------------------------------ finding

    def mark_matches(self, words: str) -> int:
        """Mark each match of `words`; return their number."""
        self._at = -1
        self._found = []
        if words.strip():
            parts = r"\s+".join(re.escape(part) for part in words.split())
            for match in re.finditer(parts, self.shown_text, re.IGNORECASE):
                self._found.append(match.span())
                if len(self._found) == _MAX_MATCHES:
                    break
        self._paint_marks()
        return len(self._found)

    def step_match(self, step: int) -> int:
        """Go to the next match (1), or the one before (-1); return its number, 0 for none."""
        if not self._found:
            return 0
        if self._at < 0:
            here = self.positions.position(self.textCursor().position())
            starts = [start for start, _end in self._found]
            self._at = bisect_left(starts, here) - (1 if step > 0 else 0)
        self._at = (self._at + step) % len(self._found)
        self._paint_marks()
        self.go_to(self._found[self._at][0])
        return self._at + 1

    # ------------------------------------------------------------ within

    def _show(
        self,
        text: str,
        pages: list[tuple[int, int]],
        tables: tuple[TextTable, ...] = (),
        near: int = 0,
    ) -> None:
        self._pages = pages
        self._found, self._at, self._span, self._sentences = [], -1, None, []
        self._highlighter.clear_highlighting()
        self.show_text(text, tables, near)

    def _set_font_for(self, file: str) -> None:
        """Show code in a fixed-width font."""
        fixed = QFontDatabase.SystemFont.FixedFont
        code = is_code(file) and not may_hold_tables(file)
        self.setFont(QFontDatabase.systemFont(fixed) if code else QFont())

    def _paint_marks(self) -> None:
        colours = self._theme.colours
        marks = [(span, colours.info_soft) for span in self._found]
        if self._span is not None:
            marks.insert(0, (self._span, colours.info_soft if self._sentences else colours.mark))
            marks[1:1] = [(span, colours.mark) for span in self._sentences]
        if self._at >= 0:
            marks.append((self._found[self._at], colours.mark))
        self.paint_spans(marks)

    def _on_theme_changed(self) -> None:
        """Draw grids and marks in the new colours."""
        if self.tables:
            self.lay_out_again(self.tables)
        self._paint_marks()

    def _on_scrolled(self) -> None:
        if self._pages:
            self.page_changed.emit(self.current_page)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Request the context menu."""
        self.menu_wanted.emit(event.globalPos())
