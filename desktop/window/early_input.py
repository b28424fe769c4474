"""Early input: keys and clicks that come before the window can act on them, kept in order.

Letters go into the composer at once. From the first key on that does more than edit (Enter, a
shortcut), and from the first pressed button on, all is held and done when `replay_input` is called.
"""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QInputMethodEvent, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractButton, QApplication, QMenu, QWidget

from desktop.window.window_frame import WindowFrame

_EDITING = frozenset(
    {
        Qt.Key.Key_Backspace,
        Qt.Key.Key_Delete,
        Qt.Key.Key_Left,
        Qt.Key.Key_Right,
        Qt.Key.Key_Up,
        Qt.Key.Key_Down,
        Qt.Key.Key_Home,
        Qt.Key.Key_End,
    }
)
_MODIFIERS = frozenset(
    {
        Qt.Key.Key_Shift,
        Qt.Key.Key_Control,
        Qt.Key.Key_Alt,
        Qt.Key.Key_AltGr,
        Qt.Key.Key_Meta,
        Qt.Key.Key_CapsLock,
    }
)


class EarlyInput(QObject):
    """Watches the controls of one frame until `replay_input`."""

    def __init__(self, window: WindowFrame) -> None:
        super().__init__(window)
        self._window = window
        self._held: list[Callable[[], object]] = []
        self._watched = [
            each
            for each in window.findChildren(QWidget)
            if each.focusPolicy() is not Qt.FocusPolicy.NoFocus
        ]
        for each in self._watched:
            each.installEventFilter(self)

    @property
    def is_empty(self) -> bool:
        """Whether nothing is held."""
        return not self._held

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Hold what can't be done yet."""
        kind = event.type()
        if isinstance(event, QInputMethodEvent):
            if self._held and event.commitString():
                self._held.append(partial(self._compose, event.commitString()))
            return bool(self._held)
        if isinstance(event, QKeyEvent) and kind is not QEvent.Type.KeyRelease:
            if event.key() in _MODIFIERS or not (self._held or not _edits(event)):
                return False
            if kind is QEvent.Type.ShortcutOverride:
                event.accept()  # it comes again as a key press then, not as a shortcut
            else:
                self._held.append(partial(self._press, _copy(event)))
            return True
        if isinstance(watched, QAbstractButton) and watched.isEnabled():
            if kind is QEvent.Type.MouseButtonRelease:
                self._held.append(partial(_click, watched))
            return kind in {QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonRelease}
        return False

    def replay_input(self) -> None:
        """Do what was held, and hold nothing any more."""
        for each in self._watched:
            each.removeEventFilter(self)
        self._watched = []
        held, self._held = self._held, []
        for do in held:
            do()

    def _press(self, event: QKeyEvent) -> None:
        """Press a key again; sent to a widget it would not be taken for a shortcut."""
        keys = QKeySequence(event.keyCombination())
        for action in self._window.registry.all_actions():
            if keys in action.shortcuts():
                action.trigger()
                return
        if event.modifiers() == Qt.KeyboardModifier.AltModifier and self._open_menu(event):
            return
        self._send(event)

    def _open_menu(self, event: QKeyEvent) -> bool:
        """Open the menu with this access letter, as Qt does for a key of the system's alone."""
        menu_bar = self._window.menu_bar
        for entry in menu_bar.actions():
            letter = QKeySequence.mnemonic(entry.text())
            menu = entry.menu()
            if isinstance(menu, QMenu) and letter == QKeySequence(event.keyCombination()):
                menu_bar.setActiveAction(entry)
                if not menu.isVisible():
                    menu.popup(menu_bar.mapToGlobal(menu_bar.actionGeometry(entry).bottomLeft()))
                return True
        return False

    def _compose(self, text: str) -> None:
        """Write again what a dead key or an input method has composed."""
        event = QInputMethodEvent()
        event.setCommitString(text)
        self._send(event)

    def _send(self, event: QEvent) -> None:
        target = QApplication.activePopupWidget() or QApplication.focusWidget()
        QApplication.sendEvent(target or self._window.view.composer.text_edit, event)


def _edits(event: QKeyEvent) -> bool:
    """Whether a key only edits the text; AltGr comes as Ctrl and Alt on Windows."""
    control, alt = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier
    commands = event.modifiers() & (control | alt | Qt.KeyboardModifier.MetaModifier)
    if commands and commands != control | alt:
        return False
    return event.key() in _EDITING or (bool(event.text()) and event.text().isprintable())


def _copy(event: QKeyEvent) -> QKeyEvent:
    return QKeyEvent(
        QEvent.Type.KeyPress, event.key(), event.modifiers(), event.text(), event.isAutoRepeat()
    )


def _click(button: QAbstractButton) -> None:
    if button.isVisible() and button.isEnabled():
        button.click()
