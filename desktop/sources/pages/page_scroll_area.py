"""Scroll area of pages below each other, with zoom and a stable reading position."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QResizeEvent, QShowEvent, QWheelEvent
from PySide6.QtWidgets import QAbstractScrollArea, QFrame

from desktop.kit.scroll_viewport import set_plain_viewport
from desktop.sources.pages.page_layout import GAP, PageLayout

_SETTLE_MS = 40
"""Pages that are only scrolled past are not drawn."""
_WIDEST = 2400
"""Widest picture in pixels; a larger page shows it enlarged."""
_STEP = 48
_WHEEL = 1.15


class PageScrollArea(QAbstractScrollArea):
    """Pages count from 1; `pages_wanted` is emitted when scrolling has stopped."""

    pages_wanted = Signal()
    page_changed = Signal(int)
    zoom_changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.page_layout = PageLayout()
        self._page = 1
        self._reading_position = (1, 0.0)
        """Page at a third of the view, and how far down it is read as a share of its height."""
        set_plain_viewport(self)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(_SETTLE_MS)
        self._settle.timeout.connect(self.pages_wanted)

    def set_page_sizes(self, sizes: Sequence[tuple[float, float]]) -> None:
        """Lay out pages of these sizes in points; the reading position is kept."""
        self.page_layout.set_page_sizes(sizes)
        self._keep_reading_position()

    def visible_pages(self) -> range:
        """Return the pages that are at least partly visible."""
        top = self.verticalScrollBar().value()
        return self.page_layout.pages_between(top, top + self.viewport().height())

    def picture_width(self, page: int) -> int:
        """Return the width a page is drawn with, in pixels of the screen."""
        wide = self.page_layout.page_rect(page).width() * self.devicePixelRatioF()
        return min(_WIDEST, round(wide))

    @property
    def current_page(self) -> int:
        """The page that is being read: the one in the upper half."""
        return self._page

    def go_to_page(self, page: int) -> None:
        """Show a page from its top."""
        if self.page_layout.page_count:
            page = min(max(1, page), self.page_layout.page_count)
            self.verticalScrollBar().setValue(self.page_layout.page_rect(page).top() - GAP)
            self._on_scrolled()

    def go_to_box(self, page: int, box: QRectF) -> None:
        """Bring a box on a page, in shares of its size, into the upper half of the view."""
        rect = self.page_layout.page_rect(page)
        y = rect.top() + box.top() * rect.height()
        x = rect.left() + box.left() * rect.width()
        self.verticalScrollBar().setValue(round(y - self.viewport().height() / 3))
        if x < self.horizontalScrollBar().value() or x > self.viewport().width():
            self.horizontalScrollBar().setValue(round(x - 2 * GAP))
        self._on_scrolled()

    def set_zoom(self, zoom: float) -> None:
        """Set the zoom (0: fit the width); the reading position is kept."""
        self.page_layout.set_zoom(zoom)
        self._keep_reading_position()
        self.zoom_changed.emit()

    @property
    def _depth(self) -> float:
        """Distance of the reading position from the top; less than a third for low pages."""
        page = min(self._page, self.page_layout.page_count)
        return min(self.viewport().height() / 3, self.page_layout.page_rect(page).height() / 2)

    def _keep_reading_position(self) -> None:
        """Lay out again around the reading position."""
        page, share = self._reading_position
        self._update_scroll_bars()
        if page <= self.page_layout.page_count:
            rect = self.page_layout.page_rect(page)
            y = rect.top() + share * rect.height()
            self.verticalScrollBar().setValue(round(y - self._depth))
        self._on_scrolled()

    def _update_scroll_bars(self) -> None:
        self.page_layout.set_viewport_width(self.viewport().width())
        width, height = self.page_layout.total_size
        view = self.viewport().size()
        self.verticalScrollBar().setPageStep(max(1, view.height() - _STEP))
        self.verticalScrollBar().setSingleStep(_STEP)
        self.verticalScrollBar().setRange(0, max(0, height - view.height()))
        fits = self.page_layout.fits_width
        self.horizontalScrollBar().setPageStep(view.width())
        self.horizontalScrollBar().setSingleStep(_STEP)
        self.horizontalScrollBar().setRange(0, 0 if fits else max(0, width - view.width()))
        self.viewport().update()

    def _on_scrolled(self) -> None:
        self._settle.start()
        self.viewport().update()
        if not self.page_layout.page_count:
            return
        y = self.verticalScrollBar().value() + self._depth
        page = self.page_layout.page_at(int(y))
        rect = self.page_layout.page_rect(page)
        self._reading_position = (page, (y - rect.top()) / rect.height())
        if page != self._page:
            self._page = page
            self.page_changed.emit(page)

    def page_under(self, position: QPointF) -> tuple[int, QPointF] | None:
        """Return the page under a point of the view, and the position on it in shares."""
        if not self.page_layout.page_count:
            return None
        x = position.x() + self.horizontalScrollBar().value()
        y = position.y() + self.verticalScrollBar().value()
        page = self.page_layout.page_at(int(y))
        rect = self.page_layout.page_rect(page)
        return page, QPointF((x - rect.left()) / rect.width(), (y - rect.top()) / rect.height())

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        """Follow the scroll bars."""
        del dx, dy  # everything visible is drawn again
        self._on_scrolled()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay out again; the reading position is kept."""
        super().resizeEvent(event)
        self._keep_reading_position()
        self.zoom_changed.emit()

    def showEvent(self, event: QShowEvent) -> None:
        """Request the visible pages."""
        super().showEvent(event)
        self._settle.start()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll; with Ctrl zoom."""
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            factor = _WHEEL if event.angleDelta().y() > 0 else 1 / _WHEEL
            self.set_zoom(self.page_layout.zoom * factor)
            event.accept()
            return
        super().wheelEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Home and End go to the first and the last page; the scroll area handles the rest."""
        keys = Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.ControlModifier
        if event.modifiers() & keys:
            event.ignore()  # the scroll area would scroll at Alt+Down too
        elif event.key() == Qt.Key.Key_Home:
            self.go_to_page(1)
        elif event.key() == Qt.Key.Key_End:
            self.verticalScrollBar().setValue(self.verticalScrollBar().maximum())
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the focus."""
        super().focusInEvent(event)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Show that the focus has left."""
        super().focusOutEvent(event)
        self.viewport().update()
