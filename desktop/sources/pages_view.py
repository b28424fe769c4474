"""The pages of a document: pictures, the passage marked, words found and selected."""

from collections.abc import Sequence

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QMouseEvent, QPaintEvent

from core.messages import PageLetters, RenderedPage
from core.words import _
from desktop.sources.letters import Letters
from desktop.sources.page_painter import PagePainter
from desktop.sources.page_store import PageStore
from desktop.sources.scrolled_pages import ScrolledPages
from desktop.theme import Theme
from desktop.words import count


class PagesView(ScrolledPages):
    """Shows what it is given, and asks for what it lacks; words are selected within one page."""

    letters_wanted = Signal(int)
    selection_changed = Signal()
    menu_wanted = Signal(QPoint)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.store = PageStore()
        self._selected: tuple[int, int, int] | None = None  # page, anchor, other end
        self._pressed = False
        self._build()
        self._theme.changed.connect(self.viewport().update)

    def _build(self) -> None:
        self.setObjectName("pages")
        self.setAccessibleName(_("Document"))
        self.viewport().setMouseTracking(True)
        self.viewport().setCursor(Qt.CursorShape.IBeamCursor)

    def begin(self, sizes: Sequence[tuple[float, float]]) -> None:
        """Show another document, of which nothing but its pages' sizes is known."""
        self.store = PageStore()
        self._selected = None
        self.set_sizes(sizes)
        self.go_to(1)
        self.selection_changed.emit()

    def show_page(self, page: RenderedPage, width: int) -> None:
        """Show a picture that was asked for with this width."""
        self.store.put(page, width)
        self.viewport().update()

    def show_letters(self, letters: PageLetters, words: str) -> None:
        """Take the letters of a page; words that are looked for are marked on it."""
        self.store.spell(letters.page, Letters(letters), words)
        self.viewport().update()

    def look_for(self, words: str) -> None:
        """Mark words wherever they stand."""
        self.store.look_for(words)
        self.viewport().update()

    def wanted(self) -> list[tuple[int, int]]:
        """Return the pages that lack a picture of the right width, and that width."""
        lacking = []
        for page in self.visible_pages():
            width = self.width_of(page)
            drawn = self.store.pictures.get(page)
            if page not in self.store.failed and (drawn is None or drawn.width != width):
                lacking.append((page, width))
        return lacking

    @property
    def selected_text(self) -> str:
        """The words that are selected."""
        if self._selected is None:
            return ""
        page, start, end = self._selected
        letters = self.store.letters.get(page)
        return letters.between(min(start, end), max(start, end)) if letters else ""

    def select_page(self) -> None:
        """Select all words of the page that is read; they may have to be asked for first."""
        letters = self.store.letters.get(self.page)
        if letters is None:
            self.letters_wanted.emit(self.page)
        else:
            self._select(self.page, 0, len(letters))

    def describe(self, file: str, text: str) -> None:
        """Tell a screen reader which page is read and what stands on it."""
        words = _("{file}, page {page} of {pages}")
        pages = self.layout_of_pages.pages
        self.setAccessibleName(words.format(file=file, page=count(self.page), pages=count(pages)))
        self.setAccessibleDescription(text)

    def _select(self, page: int, start: int, end: int) -> None:
        self._selected = (page, start, end)
        self.viewport().update()
        self.selection_changed.emit()

    def _place(self, event: QMouseEvent, page: int = 0) -> tuple[int, int] | None:
        """Return the page under the pointer and the place between its letters, if they are known.

        They are asked for if they are not.
        """
        under = self.under(event.position(), page)
        if under is None:
            return None
        page, point = under
        letters = self.store.letters.get(page)
        if letters is None:
            self.letters_wanted.emit(page)
            return None
        return page, letters.nearest(point, self.layout_of_pages.aspect(page))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw what is seen."""
        shift = QPoint(self.horizontalScrollBar().value(), self.verticalScrollBar().value())
        painter = PagePainter(self.viewport(), self._theme.colours, self.store)
        for page in self.visible_pages():
            rect = self.layout_of_pages.rect(page).translated(-shift)
            if rect.intersects(event.rect()):
                painter.page(page, rect)
                if self._selected and self._selected[0] == page:
                    painter.selection(page, rect, *self._selected[1:])
        if self.hasFocus():
            painter.focus(self.viewport().rect())
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin to select."""
        place = self._place(event) if event.button() is Qt.MouseButton.LeftButton else None
        if place is not None:
            self._pressed = True
            self._select(*place, place[1])

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Select on; a page under the pointer gets ready for it."""
        if self._pressed and self._selected is not None:
            page, anchor, _end = self._selected
            place = self._place(event, page)
            if place is not None:
                self._select(page, anchor, place[1])
            return
        under = self.under(event.position())
        if under and under[0] in self.store.pictures and under[0] not in self.store.letters:
            self.letters_wanted.emit(under[0])

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        """End to select."""
        self._pressed = False

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Select the word under the pointer."""
        place = self._place(event)
        if place is not None:
            page, at = place
            self._select(page, *self.store.letters[page].word_at(at))

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Let the viewer offer what can be done here."""
        self.menu_wanted.emit(event.globalPos())
