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
    """Selects on the pages of `view`; `known` returns the letters that have arrived, by page."""

    changed = Signal()
    letters_wanted = Signal(int)
    words_copied = Signal(str)
    """Selected text to be copied; letters of pages that were not shown have to arrive first."""

    def __init__(
        self, view: PageScrollArea, known: Callable[[], Mapping[int, PageTextLayer]]
    ) -> None:
        super().__init__(view)
        self._view = view
        self._known = known
        self.selection = PageSelection()
        self._pressed = False
        self._pointer = QPointF()
        self._pending_point: tuple[int, QPointF] | None = None
        """A page whose letters are on their way, and the point on it to select from or to."""
        self._starts_selection = False
        self.copy_pending = False
        """Whether the text is to be copied as soon as all letters have arrived."""
        self._scroll = QTimer(self)
        self._scroll.setInterval(_SCROLL_MS)
        self._scroll.timeout.connect(self._on_scroll)
        view.viewport().installEventFilter(self)

    @property
    def is_dragging(self) -> bool:
        """Whether the mouse button is down: nothing may move under the pointer then."""
        return self._pressed

    @property
    def text(self) -> str:
        """The selected text, as far as the letters are known."""
        return self.selection.text(self._known())

    @property
    def first_page(self) -> int:
        """The page on which the selection begins; without a selection the current page."""
        return next(iter(self.selection.selected_pages), self._view.current_page)

    def page_boxes(self, page: int) -> list[QRectF]:
        """Return the boxes of the selection on a page."""
        letters = self._known().get(page)
        if letters is None or page not in self.selection.selected_pages:
            return []
        return self.selection.page_boxes(page, letters)

    def clear(self) -> None:
        """Select nothing: another document is shown."""
        self.selection.clear()
        self.copy_pending, self._starts_selection, self._pending_point = False, False, None
        self._stop_dragging()
        self.changed.emit()

    def copy_selection(self) -> None:
        """Emit `words_copied` once the whole selection is known."""
        self.copy_pending = bool(self.selection.selected_pages)
        self._on_selected()

    def select_page(self) -> None:
        """Select the current page; if it is selected already, the document.

        Does nothing but request the letters if those of the page are not known.
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
        """Continue what waited for the letters of a page."""
        pending, self._pending_point = self._pending_point, None
        if pending is not None and pending[0] == page:
            self._select_to(self._nearest(*pending))
        else:
            self._pending_point = pending
            if page in self.selection.selected_pages:
                self._on_selected()

    def _select(self, anchor: LetterPosition, head: LetterPosition) -> None:
        self.selection.start_at(anchor)
        self.selection.extend_to(head)
        self.copy_pending = False
        self._on_selected()

    def _select_at_pointer(self, *, begins: bool) -> None:
        """Select from or up to the pointer, or request the letters of the page under it."""
        under = self._view.page_under(self._pointer)
        if under is None or (self._starts_selection and not begins):
            return  # the start is not known yet
        self.copy_pending = False
        self._starts_selection = begins
        if under[0] in self._known():
            self._pending_point = None
            self._select_to(self._nearest(*under))
        else:
            self._pending_point = under
            self.letters_wanted.emit(under[0])

    def _select_to(self, position: LetterPosition) -> None:
        if self._starts_selection:
            self._starts_selection = False
            self._select(position, position)
        else:
            self.selection.extend_to(position)
            self._on_selected()

    def _nearest(self, page: int, point: QPointF) -> LetterPosition:
        """Return the position between the letters of a page that is nearest to a point."""
        aspect = self._view.page_layout.page_aspect(page)
        return page, self._known()[page].nearest_position(point, aspect)

    def _on_selected(self) -> None:
        """Request the missing letters of the selection, page by page; copy when all are known."""
        missing = self.selection.first_missing_page(self._known())
        if missing:
            self.letters_wanted.emit(missing)
        elif self.copy_pending:
            self.copy_pending = False
            self.words_copied.emit(self.text)
        self.changed.emit()

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Follow the mouse on the pages."""
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
        """Start a selection; with Shift extend it."""
        extends = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        self._pressed = True
        self._select_at_pointer(begins=not extends or self.selection.anchor is None)

    def _on_move(self) -> None:
        """Extend the selection, scrolling at the edges; request the letters under the pointer."""
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
