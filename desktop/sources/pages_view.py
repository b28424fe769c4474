"""The pages of a document: pictures, the passage marked, words found and selected."""

from collections.abc import Sequence

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QPaintEvent

from core.messages import PageLetters, RenderedPage
from core.words import _
from desktop.sources.letters import Letters
from desktop.sources.page_painter import PagePainter
from desktop.sources.page_store import PageStore
from desktop.sources.scrolled_pages import ScrolledPages
from desktop.sources.selecting import Selecting
from desktop.theme import Theme
from desktop.words import count


class PagesView(ScrolledPages):
    """Shows what it is given, and asks for what it lacks; words are selected over pages."""

    letters_wanted = Signal(int)
    selection_changed = Signal()
    menu_wanted = Signal(QPoint)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.store = PageStore()
        self.selecting = Selecting(self, lambda: self.store.letters)
        self._build()
        self._connect()

    def _build(self) -> None:
        self.setObjectName("pages")
        self.setAccessibleName(_("Document"))
        self.viewport().setMouseTracking(True)
        self.viewport().setCursor(Qt.CursorShape.IBeamCursor)

    def _connect(self) -> None:
        self._theme.changed.connect(self.viewport().update)
        self.selecting.changed.connect(self.viewport().update)
        self.selecting.changed.connect(self.selection_changed)
        self.selecting.letters_wanted.connect(self.letters_wanted)

    def begin(self, sizes: Sequence[tuple[float, float]]) -> None:
        """Show another document, of which nothing but its pages' sizes is known."""
        self.store = PageStore()
        self.selecting.clear()
        self.set_sizes(sizes)
        self.go_to(1)

    def show_page(self, page: RenderedPage, width: int) -> None:
        """Show a picture that was asked for with this width."""
        self.store.put(page, width)
        self.viewport().update()

    def show_letters(self, letters: PageLetters, words: str) -> None:
        """Take the letters of a page; words that are looked for are marked on it."""
        self.store.spell(letters.page, Letters(letters), words)
        self.viewport().update()
        self.selecting.take_letters(letters.page)

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

    def describe(self, file: str, text: str) -> None:
        """Tell a screen reader which page is read and what stands on it."""
        words = _("{file}, page {page} of {pages}")
        pages = self.layout_of_pages.pages
        self.setAccessibleName(words.format(file=file, page=count(self.page), pages=count(pages)))
        self.setAccessibleDescription(text)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw what is seen."""
        shift = QPoint(self.horizontalScrollBar().value(), self.verticalScrollBar().value())
        painter = PagePainter(self.viewport(), self._theme.colours, self.store)
        for page in self.visible_pages():
            rect = self.layout_of_pages.rect(page).translated(-shift)
            if rect.intersects(event.rect()):
                painter.page(page, rect)
                painter.selection(rect, self.selecting.boxes(page))
        if self.hasFocus():
            painter.focus(self.viewport().rect())
        painter.end()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Let the viewer offer what can be done here."""
        self.menu_wanted.emit(event.globalPos())
