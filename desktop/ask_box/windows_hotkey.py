"""Windows hotkey: `RegisterHotKey` in a thread with a message loop of its own."""

import ctypes
import sys
import threading

from PySide6.QtCore import QKeyCombination, QObject, Qt

from core.base.i18n import _
from desktop.ask_box.global_hotkey import GlobalHotkey, key_name

_HOTKEY_MESSAGE, _QUIT_MESSAGE = 0x0312, 0x0012
_NO_REPEAT = 0x4000
_MODIFIERS = {
    Qt.KeyboardModifier.AltModifier: 0x1,
    Qt.KeyboardModifier.ControlModifier: 0x2,
    Qt.KeyboardModifier.ShiftModifier: 0x4,
    Qt.KeyboardModifier.MetaModifier: 0x8,
}
_VIRTUAL_KEYS = {
    "Space": 0x20, "Return": 0x0D, "Tab": 0x09, "Esc": 0x1B, "Ins": 0x2D, "Del": 0x2E,
    "PgUp": 0x21, "PgDown": 0x22, "End": 0x23, "Home": 0x24, "Left": 0x25, "Up": 0x26,
    "Right": 0x27, "Down": 0x28, "Backspace": 0x08,
    **{f"F{number}": 0x6F + number for number in range(1, 25)},
}  # fmt: skip


class _Point(ctypes.Structure):
    _fields_ = (("x", ctypes.c_long), ("y", ctypes.c_long))


class _Message(ctypes.Structure):
    """`MSG` of the Windows API."""

    _fields_ = (
        ("window", ctypes.c_void_p),
        ("message", ctypes.c_uint),
        ("first", ctypes.c_size_t),
        ("second", ctypes.c_ssize_t),
        ("time", ctypes.c_ulong),
        ("point", _Point),
    )


class WindowsHotkey(GlobalHotkey):
    """Waits in a thread: the message of a key goes to the thread that registered it."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._thread: threading.Thread | None = None
        self._thread_id = 0
        self._is_ready = threading.Event()

    def start_listening(self, keys: QKeyCombination) -> None:
        """Register the key; `failed` if another program has it."""
        self.stop_listening()
        self._is_ready.clear()
        self._thread = threading.Thread(
            target=self._listen, args=(keys,), name="hotkey", daemon=True
        )
        self._thread.start()

    def stop_listening(self) -> None:
        """Let the thread end, which gives the key back."""
        if self._thread is None or sys.platform != "win32":
            return
        self._is_ready.wait()
        ctypes.windll.user32.PostThreadMessageW(self._thread_id, _QUIT_MESSAGE, 0, 0)
        self._thread.join()
        self._thread = None

    def _listen(self, keys: QKeyCombination) -> None:
        if sys.platform != "win32":
            return
        user, message = ctypes.windll.user32, _Message()
        self._thread_id = int(ctypes.windll.kernel32.GetCurrentThreadId())
        user.PeekMessageW(ctypes.byref(message), None, 0, 0, 0)  # makes the thread's queue
        self._is_ready.set()
        held = sum(bit for each, bit in _MODIFIERS.items() if each in keys.keyboardModifiers())
        name = key_name(keys)
        code = _VIRTUAL_KEYS.get(name, ord(name.upper()) if len(name) == 1 else 0)
        if not code or not user.RegisterHotKey(None, 1, held | _NO_REPEAT, code):
            self.failed.emit(_("another program has taken it"))
        while user.GetMessageW(ctypes.byref(message), None, 0, 0) > 0:
            if message.message == _HOTKEY_MESSAGE:
                self.pressed.emit()
        user.UnregisterHotKey(None, 1)
