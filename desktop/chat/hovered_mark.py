"""Tells when the pointer has come to a citation's mark, and where on the screen that stands."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QPoint, QRect, QUrl
from PySide6.QtGui import QCursor, QTextCursor
from PySide6.QtWidgets import QTextBrowser


class HoveredMark(QObject):
    """Belongs to a text."""

    def __init__(
        self,
        text: QTextBrowser,
        come: Callable[[int, QRect], object],
        left: Callable[[], object],
    ) -> None:
        super().__init__(text)
        self._text = text
        self._come = come
        self._left = left
        self._is_on = False
        text.highlighted.connect(self._on_highlighted)

    def _on_highlighted(self, url: QUrl) -> None:
        """The pointer came to an anchor, or left one."""
        kind, _, number = url.toString().partition(":")
        if self._is_on:
            self._is_on = False
            self._left()
        if kind == "cite" and number.isdecimal():
            self._is_on = True
            self._come(int(number), self._anchor_place())

    def _anchor_place(self) -> QRect:
        """Return where on the screen the anchor under the pointer stands."""
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
