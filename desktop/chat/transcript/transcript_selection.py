"""Text selection across several messages, including cards that are not built.

Inside one text Qt selects by itself. When the pointer leaves it with the button down, the texts
between both ends are selected whole; what is out of view is selected when it is built.
"""

from collections.abc import Iterator
from typing import Protocol

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, QTimer
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence, QMouseEvent, QTextCursor
from PySide6.QtWidgets import QWidget

from desktop.chat.message.message_text import MessageText

_STEP_MS, _STEP = 30, 24


class SelectableTexts(Protocol):
    """The transcript that a selection is made in."""

    def built_texts(self) -> Iterator[tuple[int, MessageText]]:
        """Yield the texts of built cards, each with its row, from top to bottom."""

    def row_text(self, row: int) -> str:
        """Return the text of a row, built or not."""

    def scroll_by(self, pixels: int) -> None:
        """Scroll by pixels, down if positive."""

    def viewport(self) -> QWidget:
        """Return the visible area of the texts."""


class _End:
    """One end of a selection: a position in a text of a row."""

    def __init__(self, row: int, part: int, place: int) -> None:
        self.row, self.part, self.place = row, part, place

    @property
    def sort_key(self) -> tuple[int, int, int]:
        return self.row, self.part, self.place


class TranscriptSelection(QObject):
    """Watches the texts; `selected_text` is the selection over more than one of them."""

    def __init__(self, parent: QWidget, texts: SelectableTexts) -> None:
        super().__init__(parent)
        self._texts = texts
        self._anchor: _End | None = None
        self._head: _End | None = None
        self._pressed: MessageText | None = None
        self._pointer = QPoint()
        self._scroll = QTimer(self)
        self._scroll.setInterval(_STEP_MS)
        self._scroll.timeout.connect(self._on_scroll)

    def watch_text(self, text: MessageText) -> None:
        """Watch mouse and keys of a text."""
        if not text.property("watched"):
            text.setProperty("watched", True)  # noqa: FBT003 - as Qt has it
            text.installEventFilter(self)
            text.viewport().installEventFilter(self)

    @property
    def is_active(self) -> bool:
        """Whether more than one text is selected."""
        return self._head is not None

    def clear(self) -> None:
        """Clear the selection."""
        was_active = self.is_active
        self._anchor = self._head = None
        if was_active:
            for _row, text in self._texts.built_texts():
                _select(text, 0, 0)

    def select_all(self, rows: int) -> None:
        """Select the whole chat, up to a number of rows."""
        self._anchor, self._head = _End(0, 0, 0), _End(rows, 0, 0)
        self.apply_selection()

    def apply_selection(self) -> None:
        """Select the part of each text between both ends, also in new cards."""
        if self._anchor is None or self._head is None:
            return
        first, last = sorted((self._anchor, self._head), key=_order)
        for row, part, text in self._numbered():
            end = _length(text)
            if (row, part) < first.sort_key[:2] or (row, part) > last.sort_key[:2]:
                _select(text, 0, 0)
                continue
            start = first.place if (row, part) == first.sort_key[:2] else 0
            stop = last.place if (row, part) == last.sort_key[:2] else end
            forward = self._anchor is first
            _select(text, start if forward else stop, stop if forward else start)

    @property
    def selected_text(self) -> str:
        """The selected text, message by message; Markdown source for cards that aren't built."""
        if self._anchor is None or self._head is None:
            return ""
        first, last = sorted((self._anchor, self._head), key=_order)
        built: dict[int, list[str]] = {}
        for row, _part, text in self._numbered():
            if selected := text.selected_plain_text():
                built.setdefault(row, []).append(selected)
            elif first.row <= row <= last.row:
                built.setdefault(row, [])
        there = {row for row, _text in self._texts.built_texts()}
        parts: list[str] = []
        for row in range(first.row, last.row + 1):
            try:
                words = "\n".join(built.get(row, [])) if row in there else self._texts.row_text(row)
            except IndexError:
                break
            if words:
                parts.append(words.strip("\n"))
        return "\n\n".join(parts)

    def copy_selection(self) -> None:
        """Copy the selected text to the clipboard."""
        QGuiApplication.clipboard().setText(self.selected_text)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Handle the mouse before the text does, and Ctrl+C while several texts are selected."""
        kind = event.type()
        if isinstance(event, QMouseEvent):
            return self._on_mouse(watched, event)
        if kind == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            keys = QKeySequence.StandardKey
            if event.matches(keys.SelectAll) or (self.is_active and event.matches(keys.Copy)):
                event.accept()  # else the window's own action hears it first
                return True
        elif kind == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            return self._on_key(watched, event)
        return False

    def _on_mouse(self, watched: QObject, event: QMouseEvent) -> bool:
        kind = event.type()
        text = watched.parent() if not isinstance(watched, MessageText) else None
        if not isinstance(text, MessageText):
            return False
        self._pointer = event.globalPosition().toPoint()
        is_left = event.button() == Qt.MouseButton.LeftButton
        if kind == QEvent.Type.MouseButtonPress and is_left:
            return self._on_press(text, event)
        if kind == QEvent.Type.MouseMove and self._pressed is not None:
            return self._on_move()
        if kind == QEvent.Type.MouseButtonRelease and self._pressed is not None:
            self._pressed = None
            self._scroll.stop()
        return False

    def _on_press(self, text: MessageText, event: QMouseEvent) -> bool:
        here = self._end_at(text, event.position().toPoint())
        extends = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if extends and self._anchor is not None and here is not None:
            self._head = here
            self._pressed = text
            self.apply_selection()
            return True
        self.clear()
        for _row, other in self._texts.built_texts():
            if other is not text and other.textCursor().hasSelection():
                _select(other, 0, 0)
        self._anchor, self._pressed = here, text
        return False

    def _on_move(self) -> bool:
        view = self._texts.viewport()
        y = view.mapFromGlobal(self._pointer).y()
        outside = y < 0 or y > view.height()
        if outside != self._scroll.isActive():
            self._scroll.start() if outside else self._scroll.stop()
        target = self._text_at(self._pointer)
        if target is None or (target is self._pressed and self._head is None):
            return False
        self._head = self._end_at(target, target.viewport().mapFromGlobal(self._pointer))
        self.apply_selection()
        return True

    def _on_scroll(self) -> None:
        view = self._texts.viewport()
        y = view.mapFromGlobal(self._pointer).y()
        self._texts.scroll_by(-_STEP if y < 0 else _STEP)
        self._on_move()

    def _on_key(self, watched: QObject, event: QKeyEvent) -> bool:
        if event.matches(QKeySequence.StandardKey.Copy) and self.is_active:
            self.copy_selection()
            return True
        if event.matches(QKeySequence.StandardKey.SelectAll) and isinstance(watched, MessageText):
            cursor = watched.textCursor()
            if cursor.selectionEnd() - cursor.selectionStart() >= _length(watched):
                self.select_all(1 << 30)
            else:
                watched.selectAll()
            return True
        if self.is_active and event.key() == Qt.Key.Key_Escape:
            self.clear()
            return True
        return False

    def _text_at(self, pointer: QPoint) -> MessageText | None:
        """Return the text under the pointer, or the nearest above or below it."""
        best: tuple[int, MessageText] | None = None
        for _row, text in self._texts.built_texts():
            if not text.isVisible():
                continue
            top = text.mapToGlobal(QPoint(0, 0)).y()
            far = max(top - pointer.y(), pointer.y() - (top + text.height()), 0)
            if best is None or far < best[0]:
                best = (far, text)
        return best[1] if best else None

    def _end_at(self, text: MessageText, place: QPoint) -> _End | None:
        for row, part, each in self._numbered():
            if each is text:
                return _End(row, part, text.cursorForPosition(place).position())
        return None

    def _numbered(self) -> Iterator[tuple[int, int, MessageText]]:
        before, part = -1, 0
        for row, text in self._texts.built_texts():
            part = part + 1 if row == before else 0
            before = row
            yield row, part, text


def _select(text: MessageText, start: int, end: int) -> None:
    cursor = text.textCursor()
    if cursor.anchor() == start and cursor.position() == end:
        return
    cursor.setPosition(min(start, _length(text)))
    cursor.setPosition(min(end, _length(text)), QTextCursor.MoveMode.KeepAnchor)
    text.setTextCursor(cursor)


def _length(text: MessageText) -> int:
    return text.document().characterCount() - 1


def _order(end: _End) -> tuple[int, int, int]:
    return end.sort_key
