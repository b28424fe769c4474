"""Typing redirect: letters typed where nothing takes them land in the composer."""

import sys

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget

from desktop.chat.composer.composer import Composer

_CONTROL, _ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier
_META = Qt.KeyboardModifier.MetaModifier


class TypingRedirect(QObject):
    """Sees the keys that came up to the window unused, and those of lists that search by letters.

    The composer gets the focus and the very key that was pressed, before the next one is read.
    """

    def __init__(self, composer: Composer, window: QWidget) -> None:
        super().__init__(window)
        self._composer = composer
        self.watch_widget(window)

    def watch_widget(self, widget: QWidget) -> None:
        """Take the letters that this widget would take."""
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Pass a letter on to the composer."""
        if not (
            event.type() is QEvent.Type.KeyPress
            and isinstance(event, QKeyEvent)
            and is_typed_letter(event)
            and self._can_type()
        ):
            return super().eventFilter(watched, event)
        edit = self._composer.text_edit
        edit.setFocus(Qt.FocusReason.OtherFocusReason)
        letter = QKeyEvent(
            QEvent.Type.KeyPress,
            event.key(),
            event.modifiers(),
            event.text(),
            event.isAutoRepeat(),
            event.count(),
        )
        QApplication.sendEvent(edit, letter)
        return True

    def _can_type(self) -> bool:
        edit = self._composer.text_edit
        return edit.isVisible() and edit.isEnabled() and not edit.hasFocus()


def is_typed_letter(event: QKeyEvent) -> bool:
    """Whether a key types something other than a space, which presses buttons and scrolls."""
    text = event.text()
    if not text or not text.isprintable() or text.isspace():
        return False
    held = event.modifiers() & (_CONTROL | _ALT | _META)
    if held == _ALT:
        return sys.platform == "darwin"  # there it types other letters, elsewhere it opens menus
    return held in {Qt.KeyboardModifier.NoModifier, _CONTROL | _ALT}  # both: AltGr on Windows
