"""Text selector for page pictures: selection by mouse and keys across pages."""

from collections.abc import Callable, Mapping

from PySide6.QtCore import QEvent, QObject, QPointF, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QMouseEvent

from desktop.sources.pages.page_scroll_area import PageScrollArea
from desktop.sources.pages.page_selection import (
    END_OF_PAGE,
    MAX_SELECTED_PAGES,
    LetterPosition,
    PageSelection,
)
from desktop.sources.pages.page_text_layer import PageTextLayer

_SCROLL_MS, _SCROLL_STEP = 30, 32


class PageTextSelector(QObject):
    """Watches the pages of `view`; `known` are the letters of those that were read so far."""

    changed = Signal()
    letters_wanted = Signal(int)
    words_copied = Signal(str)
    """Words that were to be copied; those of pages nobody looked at come a moment later."""

    def __init__(
        self, view: PageScrollArea, known: Callable[[], Mapping[int, PageTextLayer]]
    ) -> None:
        super().__init__(view)
        self._view = view
        self._known = known
        self.selection = PageSelection()
        self._pressed = False
        self._pointer = QPointF()
        self._awaited: tuple[int, QPointF] | None = None
        """A page whose letters are on their way, and where on it one selects from or to."""
        self._starts_selection = False
        self.copy_pending = False
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
    def first_page(self) -> int:
        """The page on which the selection begins; the one that is read where there is none."""
        return next(iter(self.selection.selected_pages), self._view.current_page)

    def page_boxes(self, page: int) -> list[QRectF]:
        """Return the boxes of what is selected on a page."""
        letters = self._known().get(page)
        if letters is None or page not in self.selection.selected_pages:
            return []
        return self.selection.page_boxes(page, letters)

    def clear(self) -> None:
        """Select nothing: another document is shown."""
        self.selection.clear()
        self.copy_pending, self._starts_selection, self._awaited = False, False, None
        self._stop_dragging()
        self.changed.emit()

    def copy_selection(self) -> None:
        """Give out what is selected, once all of it is here."""
        self.copy_pending = bool(self.selection.selected_pages)
        self._on_selected()

    def select_page(self) -> None:
        """Select all words of the page that is read, then those of the document.

        They may have to be asked for first.
        """
        page, pages = self._view.current_page, self._view.page_layout.page_count
        letters = self._known().get(page)
        if letters is None:
            self.letters_wanted.emit(page)
            return
        whole = len(letters) > 0 and self.selection.page_span(page, letters) == (0, len(letters))
        if whole and pages > 1:
            self._select((max(1, page - MAX_SELECTED_PAGES // 2), 0), (pages, END_OF_PAGE))
        else:
            self._select((page, 0), (page, len(letters)))

    def on_letters_added(self, page: int) -> None:
        """The letters of a page have come: go on with what waited for them."""
        awaited, self._awaited = self._awaited, None
        if awaited is not None and awaited[0] == page:
            self._select_to(self._nearest(*awaited))
        else:
            self._awaited = awaited
            if page in self.selection.selected_pages:
                self._on_selected()

    def _select(self, anchor: LetterPosition, head: LetterPosition) -> None:
        self.selection.start_at(anchor)
        self.selection.extend_to(head)
        self.copy_pending = False
        self._on_selected()

    def _select_at_pointer(self, *, begins: bool) -> None:
        """Select from or up to the pointer, once the letters of the page it is on are known."""
        under = self._view.page_under(self._pointer)
        if under is None or (self._starts_selection and not begins):
            return  # where it begins is not known yet
        self.copy_pending = False
        self._starts_selection = begins
        if under[0] in self._known():
            self._awaited = None
            self._select_to(self._nearest(*under))
        else:
            self._awaited = under
            self.letters_wanted.emit(under[0])

    def _select_to(self, place: LetterPosition) -> None:
        if self._starts_selection:
            self._starts_selection = False
            self._select(place, place)
        else:
            self.selection.extend_to(place)
            self._on_selected()

    def _nearest(self, page: int, point: QPointF) -> LetterPosition:
        """Return the place between the letters of a page that is nearest to a point."""
        aspect = self._view.page_layout.page_aspect(page)
        return page, self._known()[page].nearest_position(point, aspect)

    def _on_selected(self) -> None:
        """Ask for what is selected and not known, page by page, and show what is."""
        lacking = self.selection.first_missing_page(self._known())
        if lacking:
            self.letters_wanted.emit(lacking)
        elif self.copy_pending:
            self.copy_pending = False
            self.words_copied.emit(self.text)
        self.changed.emit()

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """See the mouse on the pages."""
        kind = event.type()
        if kind is QEvent.Type.Hide:
            self._stop_dragging()
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
            self._stop_dragging()
            self.changed.emit()
        return False

    def _on_press(self, event: QMouseEvent) -> None:
        """Begin to select; with Shift select up to here."""
        extends = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        self._pressed = True
        self._select_at_pointer(begins=not extends or self.selection.anchor is None)

    def _on_move(self) -> None:
        """Select on, scrolling at the edges; a page under the pointer gets ready for it."""
        if not self._pressed:
            under = self._view.page_under(self._pointer)
            if under is not None and under[0] not in self._known():
                self.letters_wanted.emit(under[0])
            return
        outside = not 0 <= self._pointer.y() <= self._view.viewport().height()
        if outside != self._scroll.isActive():
            self._scroll.start() if outside else self._scroll.stop()
        self._select_at_pointer(begins=False)

    def _on_double_click(self) -> None:
        under = self._view.page_under(self._pointer)
        if under is not None and under[0] in self._known():
            page, at = self._nearest(*under)
            start, end = self._known()[page].word_at(at)
            self._select((page, start), (page, end))

    def _on_scroll(self) -> None:
        bar = self._view.verticalScrollBar()
        bar.setValue(bar.value() + (-_SCROLL_STEP if self._pointer.y() < 0 else _SCROLL_STEP))
        self._select_at_pointer(begins=False)

    def _stop_dragging(self) -> None:
        self._pressed = False
        self._scroll.stop()
