"""Selecting words in drawn pages with mouse and keys, over as many pages as one drags."""

from collections.abc import Callable, Mapping

from PySide6.QtCore import QEvent, QObject, QPointF, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QMouseEvent

from desktop.sources.letters import Letters
from desktop.sources.page_selection import LAST, MOST_PAGES, End, PageSelection
from desktop.sources.scrolled_pages import ScrolledPages

_SCROLL_MS, _SCROLL_STEP = 30, 32


class Selecting(QObject):
    """Watches the pages of `view`; `known` are the letters of those that were read so far."""

    changed = Signal()
    letters_wanted = Signal(int)
    words_copied = Signal(str)
    """Words that were to be copied; those of pages nobody looked at come a moment later."""

    def __init__(self, view: ScrolledPages, known: Callable[[], Mapping[int, Letters]]) -> None:
        super().__init__(view)
        self._view = view
        self._known = known
        self.selection = PageSelection()
        self._pressed = False
        self._pointer = QPointF()
        self._awaited: tuple[int, QPointF] | None = None
        """A page whose letters are on their way, and where on it one selects from or to."""
        self._begins = False
        self.copies = False
        """Whether the words are to be copied as soon as all are here: until others are."""
        self._scroll = QTimer(self)
        self._scroll.setInterval(_SCROLL_MS)
        self._scroll.timeout.connect(self._on_scroll)
        view.viewport().installEventFilter(self)

    @property
    def is_dragging(self) -> bool:
        """Whether the button is still down: nothing may move under the pointer."""
        return self._pressed

    @property
    def text(self) -> str:
        """The words that are selected, as far as their pages were read."""
        return self.selection.text(self._known())

    @property
    def page(self) -> int:
        """The page on which the selection begins; the one that is read where there is none."""
        return next(iter(self.selection.pages), self._view.page)

    def boxes(self, page: int) -> list[QRectF]:
        """Return the boxes of what is selected on a page."""
        letters = self._known().get(page)
        if letters is None or page not in self.selection.pages:
            return []
        return self.selection.boxes(page, letters)

    def clear(self) -> None:
        """Select nothing: another document is shown."""
        self.selection.clear()
        self.copies, self._begins, self._awaited = False, False, None
        self._end()
        self.changed.emit()

    def copy(self) -> None:
        """Give out what is selected, once all of it is here."""
        self.copies = bool(self.selection.pages)
        self._on_selected()

    def select_page(self) -> None:
        """Select all words of the page that is read, then those of the document.

        They may have to be asked for first.
        """
        page, pages = self._view.page, self._view.layout_of_pages.pages
        letters = self._known().get(page)
        if letters is None:
            self.letters_wanted.emit(page)
            return
        whole = len(letters) > 0 and self.selection.span(page, letters) == (0, len(letters))
        if whole and pages > 1:
            self._select((max(1, page - MOST_PAGES // 2), 0), (pages, LAST))
        else:
            self._select((page, 0), (page, len(letters)))

    def take_letters(self, page: int) -> None:
        """The letters of a page have come: go on with what waited for them."""
        awaited, self._awaited = self._awaited, None
        if awaited is not None and awaited[0] == page:
            self._take(self._nearest(*awaited))
        else:
            self._awaited = awaited
            if page in self.selection.pages:
                self._on_selected()

    def _select(self, anchor: End, head: End) -> None:
        self.selection.begin(anchor)
        self.selection.extend(head)
        self.copies = False
        self._on_selected()

    def _go(self, *, begins: bool) -> None:
        """Select from or up to the pointer, once the letters of the page it is on are known."""
        under = self._view.under(self._pointer)
        if under is None or (self._begins and not begins):
            return  # where it begins is not known yet
        self.copies = False
        self._begins = begins
        if under[0] in self._known():
            self._awaited = None
            self._take(self._nearest(*under))
        else:
            self._awaited = under
            self.letters_wanted.emit(under[0])

    def _take(self, place: End) -> None:
        if self._begins:
            self._begins = False
            self._select(place, place)
        else:
            self.selection.extend(place)
            self._on_selected()

    def _nearest(self, page: int, point: QPointF) -> End:
        """Return the place between the letters of a page that is nearest to a point."""
        aspect = self._view.layout_of_pages.aspect(page)
        return page, self._known()[page].nearest(point, aspect)

    def _on_selected(self) -> None:
        """Ask for what is selected and not known, page by page, and show what is."""
        lacking = self.selection.lacking(self._known())
        if lacking:
            self.letters_wanted.emit(lacking)
        elif self.copies:
            self.copies = False
            self.words_copied.emit(self.text)
        self.changed.emit()

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """See the mouse on the pages."""
        kind = event.type()
        if kind is QEvent.Type.Hide:
            self._end()
        if not isinstance(event, QMouseEvent):
            return False
        self._pointer = event.position()
        is_left = event.button() is Qt.MouseButton.LeftButton
        if kind is QEvent.Type.MouseButtonPress and is_left:
            self._on_press(event)
        elif kind is QEvent.Type.MouseButtonDblClick and is_left:
            self._on_double_click()
        elif kind is QEvent.Type.MouseMove:
            self._on_move()
        elif kind is QEvent.Type.MouseButtonRelease:
            self._end()
            self.changed.emit()
        return False

    def _on_press(self, event: QMouseEvent) -> None:
        """Begin to select; with Shift select up to here."""
        extends = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        self._pressed = True
        self._go(begins=not extends or self.selection.anchor is None)

    def _on_move(self) -> None:
        """Select on, scrolling at the edges; a page under the pointer gets ready for it."""
        if not self._pressed:
            under = self._view.under(self._pointer)
            if under is not None and under[0] not in self._known():
                self.letters_wanted.emit(under[0])
            return
        outside = not 0 <= self._pointer.y() <= self._view.viewport().height()
        if outside != self._scroll.isActive():
            self._scroll.start() if outside else self._scroll.stop()
        self._go(begins=False)

    def _on_double_click(self) -> None:
        under = self._view.under(self._pointer)
        if under is not None and under[0] in self._known():
            page, at = self._nearest(*under)
            start, end = self._known()[page].word_at(at)
            self._select((page, start), (page, end))

    def _on_scroll(self) -> None:
        bar = self._view.verticalScrollBar()
        bar.setValue(bar.value() + (-_SCROLL_STEP if self._pointer.y() < 0 else _SCROLL_STEP))
        self._go(begins=False)

    def _end(self) -> None:
        self._pressed = False
        self._scroll.stop()
