"""Pages view of a document: pictures, the passage marked, search matches and selection."""

from collections.abc import Sequence

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QPaintEvent

from core.base.i18n import _
from core.messages import PageLetters, RenderedPage
from desktop.kit.locale_formatting import format_count
from desktop.kit.theme import Theme
from desktop.sources.pages.page_painter import PagePainter
from desktop.sources.pages.page_scroll_area import PageScrollArea
from desktop.sources.pages.page_store import PageStore
from desktop.sources.pages.page_text_layer import PageTextLayer
from desktop.sources.pages.page_text_selector import PageTextSelector


class PagesView(PageScrollArea):
    """Shows page pictures and requests missing ones; text can be selected across pages."""

    letters_wanted = Signal(int)
    selection_changed = Signal()
    menu_wanted = Signal(QPoint)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.store = PageStore()
        self.selector = PageTextSelector(self, lambda: self.store.letters)
        self._build()
        self._connect()

    def _build(self) -> None:
        self.setObjectName("pages")
        self.setAccessibleName(_("Document"))
        self.viewport().setMouseTracking(True)
        self.viewport().setCursor(Qt.CursorShape.IBeamCursor)

    def _connect(self) -> None:
        self._theme.changed.connect(self.viewport().update)
        self.selector.changed.connect(self.viewport().update)
        self.selector.changed.connect(self.selection_changed)
        self.selector.letters_wanted.connect(self.letters_wanted)

    def start_document(self, sizes: Sequence[tuple[float, float]]) -> None:
        """Show another document, of which only the sizes of its pages are known."""
        self.store = PageStore()
        self.selector.clear()
        self.set_page_sizes(sizes)
        self.go_to_page(1)

    def show_picture(self, page: RenderedPage, width: int) -> None:
        """Show a picture that was requested with this width."""
        self.store.add_picture(page, width)
        self.viewport().update()

    def add_page_letters(self, letters: PageLetters, words: str) -> None:
        """Keep the letters of a page, and mark matches of `words` on it."""
        self.store.add_letters(letters.page, PageTextLayer(letters), words)
        self.viewport().update()
        self.selector.on_letters_added(letters.page)

    def mark_matches(self, words: str) -> None:
        """Mark all matches of `words`."""
        self.store.mark_matches(words)
        self.viewport().update()

    def missing_pictures(self) -> list[tuple[int, int]]:
        """Return the pages that lack a picture of the right width, and that width."""
        missing = []
        for page in self.visible_pages():
            width = self.picture_width(page)
            drawn = self.store.pictures.get(page)
            if page not in self.store.failed and (drawn is None or drawn.width != width):
                missing.append((page, width))
        return missing

    def go_to_passage(self, page: int) -> None:
        """Bring the cited sentence on a page, else its passage, into the upper half of the view."""
        boxes = self.store.sentences.get(page) or self.store.marks.get(page)
        if boxes:
            self.go_to_box(page, boxes[0])

    def describe_page(self, file: str, text: str) -> None:
        """Set what a screen reader says: the current page and its text."""
        words = _("{file}, page {page} of {pages}")
        pages = self.page_layout.page_count
        self.setAccessibleName(
            words.format(file=file, page=format_count(self.current_page), pages=format_count(pages))
        )
        self.setAccessibleDescription(text)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the visible pages."""
        shift = QPoint(self.horizontalScrollBar().value(), self.verticalScrollBar().value())
        painter = PagePainter(self.viewport(), self._theme.colours, self.store)
        for page in self.visible_pages():
            rect = self.page_layout.page_rect(page).translated(-shift)
            if rect.intersects(event.rect()):
                painter.draw_page(page, rect)
                painter.draw_selection(rect, self.selector.page_boxes(page))
        if self.hasFocus():
            painter.draw_focus_frame(self.viewport().rect())
        painter.finish()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Request the context menu."""
        self.menu_wanted.emit(event.globalPos())
