"""Prompt gap keys: Tab leads through the variables of a prompt that the person is to fill in."""

from collections.abc import Collection

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent, QTextCursor

from core.chat.prompts.prompt_variables import variable_spans
from desktop.chat.composer.composer import Composer
from desktop.kit.utf16_offsets import utf16_offset

_TABS = frozenset({Qt.Key.Key_Tab, Qt.Key.Key_Backtab})


class PromptGapKeys(QObject):
    """While the question holds a variable of its prompt, Tab and Shift+Tab select the next one."""

    def __init__(self, composer: Composer) -> None:
        super().__init__(composer)
        self._text_edit = composer.text_edit
        self._names: Collection[str] = ()

    def begin_gaps(self, names: Collection[str], gap: tuple[int, int]) -> None:
        """Select the first gap of a prompt with variables of these names."""
        if not self._names:
            self._text_edit.installEventFilter(self)
        self._names = names
        self._select(gap)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take Tab as long as there is a gap besides the selected one."""
        if event.type() is QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            back = event.key() == Qt.Key.Key_Backtab
            if event.key() in _TABS and self._select_next(back=back):
                return True
        return super().eventFilter(watched, event)

    def _select_next(self, *, back: bool) -> bool:
        """Select the gap behind the cursor or before it; returns whether there was one."""
        text, cursor = self._text_edit.toPlainText(), self._text_edit.textCursor()
        here = (cursor.selectionStart(), cursor.selectionEnd())
        spans = [
            (start, end)
            for start, end in variable_spans(text, self._names)
            if (utf16_offset(text, start), utf16_offset(text, end)) != here
        ]
        if not spans:
            self._text_edit.removeEventFilter(self)
            self._names = ()
            return False
        before = [span for span in spans if utf16_offset(text, span[0]) < here[0]]
        behind = spans[len(before) :]
        self._select((before or spans)[-1] if back else (behind or spans)[0])
        return True

    def _select(self, gap: tuple[int, int]) -> None:
        text, cursor = self._text_edit.toPlainText(), self._text_edit.textCursor()
        cursor.setPosition(utf16_offset(text, gap[0]))
        cursor.setPosition(utf16_offset(text, gap[1]), QTextCursor.MoveMode.KeepAnchor)
        self._text_edit.setTextCursor(cursor)
