"""Typing redirect: letters typed where nothing takes them land in the composer.

Dead keys, compose keys and input methods work only where a widget says that it takes text. So
what has the focus in the window says so too, and what it is sent goes to the composer.
"""

import sys

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QGuiApplication, QInputMethodEvent, QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QApplication, QWidget

from desktop.chat.composer.composer import Composer

_CONTROL, _ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier
_COMPOSED_BY_SYSTEM = "windows"
"""The platform that composes letters before a program sees them; there nothing need be done."""
_META = Qt.KeyboardModifier.MetaModifier


class TypingRedirect(QObject):
    """Sees the keys that came up to the window unused, and those of lists that search by letters.

    The composer gets the focus and the very key that was pressed, before the next one is read.
    """

    def __init__(self, composer: Composer, window: QWidget) -> None:
        super().__init__(window)
        self._composer = composer
        self._window = window
        self.watch_widget(window)
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.connect(self._on_focus_changed)

    def watch_widget(self, widget: QWidget) -> None:
        """Take the letters that this widget would take."""
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Pass a letter on to the composer."""
        if isinstance(event, QInputMethodEvent):
            return self._pass_composed(event) or super().eventFilter(watched, event)
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

    def _pass_composed(self, event: QInputMethodEvent) -> bool:
        """Pass on what an input method wrote, or has begun to; returns whether it did."""
        if not (event.commitString() or event.preeditString()) or not self._can_type():
            return False
        edit = self._composer.text_edit
        edit.setFocus(Qt.FocusReason.OtherFocusReason)
        composed = QInputMethodEvent(event.preeditString(), event.attributes())
        composed.setCommitString(event.commitString())
        QApplication.sendEvent(edit, composed)
        return True

    def _on_focus_changed(self, _before: QWidget | None, now: QWidget | None) -> None:
        """Have a control of the window that takes no text compose letters for the composer."""
        if now is None or now.window() is not self._window:
            return
        if QGuiApplication.platformName() == _COMPOSED_BY_SYSTEM or _takes_text(now):
            return
        now.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled)
        now.installEventFilter(self)  # once more moves it to the front only

    def _can_type(self) -> bool:
        edit = self._composer.text_edit
        return edit.isVisible() and edit.isEnabled() and not edit.hasFocus()


def _takes_text(widget: QWidget) -> bool:
    """Whether a widget writes what is typed; a list does so only while an entry is edited."""
    composes = widget.testAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled)
    return composes and not isinstance(widget, QAbstractItemView)


def is_typed_letter(event: QKeyEvent) -> bool:
    """Whether a key types something other than a space, which presses buttons and scrolls."""
    text = event.text()
    if not text or not text.isprintable() or text.isspace():
        return False
    held = event.modifiers() & (_CONTROL | _ALT | _META)
    if held == _ALT:
        return sys.platform == "darwin"  # there it types other letters, elsewhere it opens menus
    return held in {Qt.KeyboardModifier.NoModifier, _CONTROL | _ALT}  # both: AltGr on Windows
