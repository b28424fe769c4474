"""X11 hotkey: a key grabbed at the root window, on a connection and a thread of its own."""

import ctypes
import os
import select
import threading

from PySide6.QtCore import QKeyCombination, QObject, Qt

from core.base.i18n import _
from desktop.ask_box.global_hotkey import GlobalHotkey, HotkeyRefused, key_name

_KEY_PRESS = 2
_GRAB_ASYNC = 1
_EVENT_LONGS = 24
"""Size of an XEvent in longs."""
_MODIFIERS = {
    Qt.KeyboardModifier.ShiftModifier: 1 << 0,
    Qt.KeyboardModifier.ControlModifier: 1 << 2,
    Qt.KeyboardModifier.AltModifier: 1 << 3,
    Qt.KeyboardModifier.MetaModifier: 1 << 6,
}
_LOCKS = (0, 1 << 1, 1 << 4, 1 << 1 | 1 << 4)
"""Caps Lock and Num Lock, which a grab distinguishes and a person does not."""
_KEYSYMS = {
    "Space": "space", "Return": "Return", "Enter": "KP_Enter", "Esc": "Escape", "Tab": "Tab",
    "PgUp": "Prior", "PgDown": "Next", "Ins": "Insert", "Del": "Delete", "Backspace": "BackSpace",
    ".": "period", ",": "comma", "-": "minus", "+": "plus", "/": "slash", "#": "numbersign",
    "'": "apostrophe", ";": "semicolon", "\\": "backslash", "`": "grave", "=": "equal",
    "[": "bracketleft", "]": "bracketright", "<": "less",
}  # fmt: skip
_ErrorHandler = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p)


class X11Hotkey(GlobalHotkey):
    """Waits in a thread that sleeps until the X server has something."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._thread: threading.Thread | None = None
        self._wake = -1

    def start_listening(self, keys: QKeyCombination) -> None:
        """Grab the key; `failed` if another program has it."""
        self.stop_listening()
        waker, self._wake = os.pipe()
        self._thread = threading.Thread(
            target=self._listen, args=(keys, waker), name="hotkey", daemon=True
        )
        self._thread.start()

    def stop_listening(self) -> None:
        """Let the thread end, which gives the key back."""
        if self._thread is None:
            return
        os.close(self._wake)
        self._thread.join()
        self._thread = None

    def _listen(self, keys: QKeyCombination, waker: int) -> None:
        try:
            grab = _KeyGrab(keys)
        except HotkeyRefused as error:
            self.failed.emit(str(error))
            os.close(waker)
            return
        try:
            while True:
                ready, _writable, _broken = select.select([grab.descriptor, waker], [], [])
                if waker in ready:
                    return
                for _press in range(grab.presses()):
                    self.pressed.emit()
        finally:
            grab.close()
            os.close(waker)


class _KeyGrab:
    """One key, grabbed on a connection of its own. Raises HotkeyRefused."""

    def __init__(self, keys: QKeyCombination) -> None:
        try:
            self._x = ctypes.CDLL("libX11.so.6")
        except OSError as error:
            raise HotkeyRefused(_("the library libX11 is missing")) from error
        self._declare()
        self._display = self._x.XOpenDisplay(None)
        if not self._display:
            raise HotkeyRefused(_("the screen can't be reached"))
        self.descriptor = int(self._x.XConnectionNumber(self._display))
        self._root = self._x.XDefaultRootWindow(self._display)
        try:
            self._grab(keys)
        except BaseException:
            self.close()
            raise

    def _declare(self) -> None:
        for name, result, arguments in (
            ("XOpenDisplay", ctypes.c_void_p, (ctypes.c_char_p,)),
            ("XConnectionNumber", ctypes.c_int, (ctypes.c_void_p,)),
            ("XDefaultRootWindow", ctypes.c_ulong, (ctypes.c_void_p,)),
            ("XStringToKeysym", ctypes.c_ulong, (ctypes.c_char_p,)),
            ("XKeysymToKeycode", ctypes.c_ubyte, (ctypes.c_void_p, ctypes.c_ulong)),
            ("XGrabKey", ctypes.c_int, (ctypes.c_void_p, ctypes.c_int, ctypes.c_uint,
                                        ctypes.c_ulong, ctypes.c_int, ctypes.c_int, ctypes.c_int)),
            ("XSync", ctypes.c_int, (ctypes.c_void_p, ctypes.c_int)),
            ("XPending", ctypes.c_int, (ctypes.c_void_p,)),
            ("XNextEvent", ctypes.c_int, (ctypes.c_void_p, ctypes.c_void_p)),
            ("XCloseDisplay", ctypes.c_int, (ctypes.c_void_p,)),
            ("XSetErrorHandler", ctypes.c_void_p, (ctypes.c_void_p,)),
        ):  # fmt: skip
            function = getattr(self._x, name)
            function.restype, function.argtypes = result, arguments

    def _grab(self, keys: QKeyCombination) -> None:
        name = key_name(keys)
        keysym = self._x.XStringToKeysym(_KEYSYMS.get(name, _plain(name)).encode())
        code = self._x.XKeysymToKeycode(self._display, keysym) if keysym else 0
        if not code:
            raise HotkeyRefused(_("the keyboard has no key {key}").format(key=name))
        held = sum(bit for each, bit in _MODIFIERS.items() if each in keys.keyboardModifiers())
        refused: list[bool] = []

        def note_error(_display: int, _event: int) -> int:
            refused.append(True)
            return 0

        handler = _ErrorHandler(note_error)  # the library's own would end the process
        before = self._x.XSetErrorHandler(ctypes.cast(handler, ctypes.c_void_p))
        for locks in _LOCKS:
            self._x.XGrabKey(
                self._display, code, held | locks, self._root, 1, _GRAB_ASYNC, _GRAB_ASYNC
            )
        self._x.XSync(self._display, 0)
        self._x.XSetErrorHandler(before)
        if refused:
            raise HotkeyRefused(_("another program has taken it"))

    def presses(self) -> int:
        """Return how often the key was pressed since the last time."""
        count = 0
        event = (ctypes.c_long * _EVENT_LONGS)()
        while self._x.XPending(self._display):
            self._x.XNextEvent(self._display, ctypes.byref(event))
            count += ctypes.cast(event, ctypes.POINTER(ctypes.c_int))[0] == _KEY_PRESS
        return count

    def close(self) -> None:
        """Give the key back, with the connection."""
        self._x.XCloseDisplay(self._display)


def _plain(name: str) -> str:
    """Return the keysym's name of a letter, a digit or a function key."""
    return name.lower() if len(name) == 1 else name
