"""Choice of what hears a global hotkey on this system."""

import sys
from collections.abc import Callable

from PySide6.QtCore import QKeyCombination, QObject
from PySide6.QtGui import QGuiApplication

from core.base.i18n import _
from desktop.ask_box.global_hotkey import GlobalHotkey


def make_hotkey(parent: QObject) -> GlobalHotkey:
    """Return what hears keys on this system."""
    kinds: dict[str, Callable[[QObject], GlobalHotkey]] = {
        "xcb": _x11,
        "wayland": _portal,
        "windows": _windows,
        "cocoa": _macos,
    }
    return kinds.get(QGuiApplication.platformName(), NoHotkey)(parent)


class NoHotkey(GlobalHotkey):
    """For systems that have no such keys."""

    def start_listening(self, keys: QKeyCombination) -> None:  # noqa: ARG002 - nothing is heard
        """Say that nothing comes of it."""
        self.failed.emit(_("this system has no keys that work in every program"))

    def stop_listening(self) -> None:
        """Nothing is held."""


# Each is loaded where it is needed: they stand on libraries of one system.


def _x11(parent: QObject) -> GlobalHotkey:
    from desktop.ask_box.x11_hotkey import X11Hotkey  # noqa: PLC0415 - as above

    return X11Hotkey(parent)


def _portal(parent: QObject) -> GlobalHotkey:
    from desktop.ask_box.portal_hotkey import PortalHotkey  # noqa: PLC0415 - as above

    return PortalHotkey(parent)


def _windows(parent: QObject) -> GlobalHotkey:
    if sys.platform != "win32":
        return NoHotkey(parent)
    from desktop.ask_box.windows_hotkey import WindowsHotkey  # noqa: PLC0415 - as above

    return WindowsHotkey(parent)


def _macos(parent: QObject) -> GlobalHotkey:
    if sys.platform != "darwin":
        return NoHotkey(parent)
    from desktop.ask_box.macos_hotkey import MacosHotkey  # noqa: PLC0415 - as above

    return MacosHotkey(parent)
