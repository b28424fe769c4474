"""Page host: the middle of the window, which holds the chat and the pages opened over it."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from core.base.i18n import _
from desktop.kit.buttons_and_labels import ElidedLabel, IconButton
from desktop.kit.layers.least_size_area import LeastSizeArea
from desktop.kit.layers.page import Page, first_focusable
from desktop.kit.reading_column import margins
from desktop.kit.theme import Theme

_INSIDE = 100
"""Stretch of a page between its margins, which only grow beside a page of its greatest width."""


class _PageFrame(QWidget):
    """A page under its heading, with a button that goes back."""

    def __init__(self, theme: Theme, notice_stack: QWidget, page: Page) -> None:
        super().__init__()
        self._theme = theme
        self.page = page
        self.first_focused = page.focusWidget()
        """Which the page forgets as soon as it stands in here."""
        self._build(notice_stack)
        page.windowTitleChanged.connect(self._on_title_changed)
        theme.changed.connect(self._on_theme_changed)

    def _build(self, notice_stack: QWidget) -> None:
        self.setObjectName("page_frame")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        back = "right" if QGuiApplication.isRightToLeft() else "left"
        self.back_button = IconButton(self._theme, back, _("Back (Esc)"))
        self._heading = ElidedLabel(self.page.windowTitle(), "heading")
        head = QHBoxLayout()
        head.setContentsMargins(margins(16, 12, 24, 0))
        head.setSpacing(8)
        head.addWidget(self.back_button)
        head.addWidget(self._heading, 1)
        self._column = QWidget()
        column = QVBoxLayout(self._column)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(notice_stack)
        column.addWidget(LeastSizeArea(self.page), 1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addStretch(1)
        row.addWidget(self._column, _INSIDE)
        row.addStretch(1)
        self._on_theme_changed()

    def _on_title_changed(self, title: str) -> None:
        self._heading.setText(title)

    def _on_theme_changed(self) -> None:
        if self.page.widest:
            self._column.setMaximumWidth(self._theme.scaled(self.page.widest))


class PageHost(QStackedWidget):
    """The chat, or the page that was opened last; a page that ends gives way to the one before.

    The chat goes on behind: it is only hidden.
    """

    page_changed = Signal()

    def __init__(self, theme: Theme, chat: QWidget) -> None:
        super().__init__()
        self._theme = theme
        self.make_notice_stack: Callable[[], QWidget] = QWidget
        """Called for each page: returns what shows the notices above it."""
        self.addWidget(chat)

    @property
    def page(self) -> Page | None:
        """The page that is shown, None for the chat."""
        shown = self.currentWidget()
        return shown.page if isinstance(shown, _PageFrame) else None

    def show_page(self, page: Page) -> None:
        """Show a page over all others, a new one or one that lies below."""
        frame = self._frame_of(page)
        if frame is None:
            frame = _PageFrame(self._theme, self.make_notice_stack(), page)
            frame.back_button.clicked.connect(page.reject)
            page.finished.connect(lambda: self._remove_page(page))
        elif frame is self.currentWidget():
            return
        else:
            self.removeWidget(frame)
        self.addWidget(frame)
        self._show_last()

    def close_pages(self) -> None:
        """End all pages and show the chat."""
        while (page := self.page) is not None:
            page.yield_to_chat()

    def _frame_of(self, page: Page) -> _PageFrame | None:
        frames = (self.widget(place) for place in range(self.count()))
        return next((f for f in frames if isinstance(f, _PageFrame) and f.page is page), None)

    def _remove_page(self, page: Page) -> None:
        frame = self._frame_of(page)
        if frame is not None:
            self.removeWidget(frame)
            frame.hide()
            frame.deleteLater()
            self._show_last()

    def _show_last(self) -> None:
        self.setCurrentIndex(self.count() - 1)
        shown = self.currentWidget()
        if isinstance(shown, _PageFrame):
            page, first = shown.page, shown.first_focused
            focused = page.focusWidget() or first or first_focusable(page)
            if focused is not None:
                focused.setFocus()
        self.page_changed.emit()
