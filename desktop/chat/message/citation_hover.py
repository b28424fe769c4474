"""Citation marks under the pointer or the keyboard focus, with their place on the screen."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QTimer, QUrl
from PySide6.QtGui import QCursor, QKeyEvent, QTextCursor
from PySide6.QtWidgets import QTextBrowser

from desktop.chat.markdown.citation_marks import CitationMark, mark_of_address


class HoveredCitation(QObject):
    """Tracks the pointer over one text."""

    def __init__(
        self,
        text: QTextBrowser,
        come: Callable[[CitationMark, QRect], object],
        left: Callable[[], object],
    ) -> None:
        super().__init__(text)
        self._text = text
        self._come = come
        self._left = left
        self._is_on = False
        text.highlighted.connect(self._on_highlighted)

    def _on_highlighted(self, url: QUrl) -> None:
        """Handle that the pointer entered or left an anchor."""
        mark = mark_of_address(url.toString())
        if self._is_on:
            self._is_on = False
            self._left()
        if mark is not None:
            self._is_on = True
            self._come(mark, self._anchor_place())

    def _anchor_place(self) -> QRect:
        """Return the screen rectangle of the anchor under the pointer."""
        view = self._text.viewport()
        cursor = self._text.cursorForPosition(view.mapFromGlobal(QCursor.pos()))
        href = cursor.charFormat().anchorHref()
        block = cursor.block()
        fragments = block.begin()
        place = self._text.cursorRect(cursor)
        while not fragments.atEnd():
            part = fragments.fragment()
            if part.charFormat().anchorHref() == href and part.contains(cursor.position() - 1):
                start, end = QTextCursor(block), QTextCursor(block)
                start.setPosition(part.position())
                end.setPosition(part.position() + part.length())
                place = self._text.cursorRect(start).united(self._text.cursorRect(end))
            fragments += 1
        return QRect(view.mapToGlobal(QPoint(place.left(), place.top())), place.size())


class FocusedCitation(QObject):
    """Tracks the focus in one text; Qt selects the focused anchor and emits nothing."""

    def __init__(
        self,
        text: QTextBrowser,
        come: Callable[[CitationMark, QRect], object],
        left: Callable[[], object],
    ) -> None:
        """`come` is called with a mark and its rectangle on the screen."""
        super().__init__(text)
        self._text = text
        self._come = come
        self._left = left
        self._mark: CitationMark | None = None
        text.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Check the focused anchor after Tab; report leaving when the focus goes elsewhere."""
        if event.type() is QEvent.Type.FocusOut:
            self._leave()
        elif isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress:
            QTimer.singleShot(0, self, self._check_hover)
        return super().eventFilter(watched, event)

    def _check_hover(self) -> None:
        cursor = self._text.textCursor()
        href = cursor.charFormat().anchorHref() if cursor.hasSelection() else ""
        mark = mark_of_address(href)
        if not self._text.hasFocus() or mark is None:
            self._leave()
        elif mark != self._mark:
            self._leave()
            self._mark = mark
            self._come(mark, self._place(cursor))

    def _leave(self) -> None:
        if self._mark is not None:
            self._mark = None
            self._left()

    def _place(self, cursor: QTextCursor) -> QRect:
        """Return the screen rectangle of a selection."""
        start, end = QTextCursor(cursor), QTextCursor(cursor)
        start.setPosition(cursor.selectionStart())
        end.setPosition(cursor.selectionEnd())
        place = self._text.cursorRect(start).united(self._text.cursorRect(end))
        corner = self._text.viewport().mapToGlobal(QPoint(place.left(), place.top()))
        return QRect(corner, place.size())
