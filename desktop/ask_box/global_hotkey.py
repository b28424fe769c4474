"""Global hotkey: a key that is heard whatever program has the focus, by the means of the system."""

from PySide6.QtCore import QKeyCombination, QObject, Signal
from PySide6.QtGui import QKeySequence


class HotkeyRefused(Exception):  # noqa: N818 - said in words, nothing is wrong with the program
    """The system doesn't let this program hear the key; the message says why."""


class GlobalHotkey(QObject):
    """Listens for one key. Signals come on the window's thread, whatever thread heard the key."""

    pressed = Signal()
    failed = Signal(str)
    """Why the key can't be heard, in words."""

    def start_listening(self, keys: QKeyCombination) -> None:
        """Begin; `failed` tells, now or later, that nothing comes of it."""
        raise NotImplementedError

    def stop_listening(self) -> None:
        """Give the key back."""
        raise NotImplementedError


def parse_keys(text: str) -> QKeyCombination | None:
    """Return what a key sequence such as “Ctrl+Alt+Space” names, None if it is no single one."""
    sequence = QKeySequence(text, QKeySequence.SequenceFormat.PortableText)
    if sequence.count() != 1:
        return None
    keys = sequence[0]  # type: ignore[index]  # which its stub leaves out
    has_modifier = bool(keys.keyboardModifiers().value)
    is_known = keys.key().name != "Key_unknown"
    return keys if has_modifier and is_known else None


def key_name(keys: QKeyCombination) -> str:
    """Return the name of the key without its modifiers, as “Space” or “F1”."""
    return QKeySequence(keys.key()).toString(QKeySequence.SequenceFormat.PortableText)
