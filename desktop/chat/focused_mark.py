"""Tells when Tab has come to a citation's mark, as a pointer on it is told."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QTimer
from PySide6.QtGui import QKeyEvent, QTextCursor
from PySide6.QtWidgets import QTextBrowser

_CITE = "cite:"


class FocusedMark(QObject):
    """Belongs to a text; Qt selects the anchor that has the focus, and says nothing else of it."""

    def __init__(
        self,
        text: QTextBrowser,
        come: Callable[[int, QRect], object],
        left: Callable[[], object],
    ) -> None:
        """`come` is given the number of the citation, and where its mark is on the screen."""
        super().__init__(text)
        self._text = text
        self._come = come
        self._left = left
        self._number = 0
        text.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Look, after Tab was taken, where it has led; leave when the focus goes elsewhere."""
        if event.type() is QEvent.Type.FocusOut:
            self._leave()
        elif isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress:
            QTimer.singleShot(0, self, self._look)
        return super().eventFilter(watched, event)

    def _look(self) -> None:
        cursor = self._text.textCursor()
        href = cursor.charFormat().anchorHref() if cursor.hasSelection() else ""
        number = href.removeprefix(_CITE)
        if not self._text.hasFocus() or not href.startswith(_CITE) or not number.isdecimal():
            self._leave()
        elif int(number) != self._number:
            self._leave()
            self._number = int(number)
            self._come(self._number, self._place(cursor))

    def _leave(self) -> None:
        if self._number:
            self._number = 0
            self._left()

    def _place(self, cursor: QTextCursor) -> QRect:
        """Return where on the screen a selection stands."""
        start, end = QTextCursor(cursor), QTextCursor(cursor)
        start.setPosition(cursor.selectionStart())
        end.setPosition(cursor.selectionEnd())
        place = self._text.cursorRect(start).united(self._text.cursorRect(end))
        corner = self._text.viewport().mapToGlobal(QPoint(place.left(), place.top()))
        return QRect(corner, place.size())
