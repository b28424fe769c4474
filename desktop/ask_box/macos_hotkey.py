"""macOS hotkey: Carbon's `RegisterEventHotKey`, whose events the window's own loop delivers."""

import ctypes

from PySide6.QtCore import QKeyCombination, QObject, Qt

from core.base.i18n import _
from desktop.ask_box.global_hotkey import GlobalHotkey, key_name

_CARBON = "/System/Library/Frameworks/Carbon.framework/Carbon"
_KEYBOARD_EVENTS = int.from_bytes(b"keyb", "big")
_SIGNATURE = int.from_bytes(b"ingl", "big")
_HOTKEY_PRESSED = 5
# Qt calls the command key Control, and the control key Meta.
_MODIFIERS = {
    Qt.KeyboardModifier.ControlModifier: 1 << 8,
    Qt.KeyboardModifier.ShiftModifier: 1 << 9,
    Qt.KeyboardModifier.AltModifier: 1 << 11,
    Qt.KeyboardModifier.MetaModifier: 1 << 12,
}
_KEY_CODES = {
    "A": 0, "S": 1, "D": 2, "F": 3, "H": 4, "G": 5, "Z": 6, "X": 7, "C": 8, "V": 9, "B": 11,
    "Q": 12, "W": 13, "E": 14, "R": 15, "Y": 16, "T": 17, "1": 18, "2": 19, "3": 20, "4": 21,
    "6": 22, "5": 23, "9": 25, "7": 26, "8": 28, "0": 29, "O": 31, "U": 32, "I": 34, "P": 35,
    "Return": 36, "L": 37, "J": 38, "K": 40, "N": 45, "M": 46, "Tab": 48, "Space": 49,
    "Esc": 53, "F5": 96, "F6": 97, "F7": 98, "F3": 99, "F8": 100, "F9": 101, "F11": 103,
    "F10": 109, "F12": 111, "F4": 118, "F2": 120, "F1": 122,
}  # fmt: skip


class _EventType(ctypes.Structure):
    _fields_ = (("kind_of_event", ctypes.c_uint32), ("kind", ctypes.c_uint32))


class _HotkeyId(ctypes.Structure):
    _fields_ = (("signature", ctypes.c_uint32), ("number", ctypes.c_uint32))


_Handler = ctypes.CFUNCTYPE(ctypes.c_int32, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p)


class MacosHotkey(GlobalHotkey):
    """Needs no thread and no permission: the system sends the event to this application."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._carbon: ctypes.CDLL | None = None
        self._hotkey = ctypes.c_void_p()
        self._handler = _Handler(self._on_event)

    def start_listening(self, keys: QKeyCombination) -> None:
        """Register the key; `failed` if another program has it."""
        self.stop_listening()
        code = _KEY_CODES.get(key_name(keys))
        if code is None:
            self.failed.emit(_("the keyboard has no key {key}").format(key=key_name(keys)))
            return
        carbon = self._carbon or self._open()
        held = sum(bit for each, bit in _MODIFIERS.items() if each in keys.keyboardModifiers())
        status = carbon.RegisterEventHotKey(
            ctypes.c_uint32(code),
            ctypes.c_uint32(held),
            _HotkeyId(_SIGNATURE, 1),
            carbon.GetApplicationEventTarget(),
            ctypes.c_uint32(0),
            ctypes.byref(self._hotkey),
        )
        if status:
            self.failed.emit(_("another program has taken it"))

    def stop_listening(self) -> None:
        """Give the key back."""
        if self._carbon is not None and self._hotkey:
            self._carbon.UnregisterEventHotKey(self._hotkey)
            self._hotkey = ctypes.c_void_p()

    def _open(self) -> ctypes.CDLL:
        self._carbon = carbon = ctypes.CDLL(_CARBON)
        carbon.GetApplicationEventTarget.restype = ctypes.c_void_p
        carbon.RegisterEventHotKey.argtypes = (
            ctypes.c_uint32, ctypes.c_uint32, _HotkeyId, ctypes.c_void_p, ctypes.c_uint32,
            ctypes.c_void_p,
        )  # fmt: skip
        carbon.UnregisterEventHotKey.argtypes = (ctypes.c_void_p,)
        carbon.InstallEventHandler.argtypes = (
            ctypes.c_void_p, _Handler, ctypes.c_ulong, ctypes.c_void_p, ctypes.c_void_p,
            ctypes.c_void_p,
        )  # fmt: skip
        kind = _EventType(_KEYBOARD_EVENTS, _HOTKEY_PRESSED)
        target = carbon.GetApplicationEventTarget()
        carbon.InstallEventHandler(target, self._handler, 1, ctypes.byref(kind), None, None)
        return carbon

    def _on_event(self, _caller: int, _event: int, _data: int) -> int:
        self.pressed.emit()
        return 0
