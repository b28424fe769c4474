"""Tray icon: current activity, a small menu, and desktop notifications."""

import sys
from typing import Protocol

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QMenu, QSystemTrayIcon

from core.base.i18n import _
from core.base.paths import APP_NAME
from desktop.kit.theme import Theme
from desktop.process.program_icon import program_icon

_SHOWN_MS = 10_000


class _Notifications(Protocol):
    def show_notification(self, title: str, text: str, about: str = "") -> bool: ...
    def close(self) -> None: ...


class TrayIcon(QObject):
    """Shows nothing where the system has no tray."""

    window_wanted = Signal(str)
    """The window is requested; carries the id of the chat to show, "" for the current one."""
    new_chat_wanted = Signal()
    quit_wanted = Signal()

    def __init__(self, theme: Theme, parent: QObject) -> None:
        super().__init__(parent)
        self._theme = theme
        self._icon: QSystemTrayIcon | None = None
        self._menu: QMenu | None = None
        self._stays = False
        self._doing = ""
        self._notified_chat_id = ""
        """The chat of the latest notification."""
        self._notices: _Notifications | None = None

    @property
    def is_reachable(self) -> bool:
        """Whether the icon is visible, so that the window can be opened from it."""
        shown = self._icon is not None and self._icon.isVisible()
        return shown and self._stays and QSystemTrayIcon.isSystemTrayAvailable()

    def show(self, *, stays: bool) -> None:
        """Show the icon for good, or only while there is a notice."""
        self._stays = stays
        if stays and QSystemTrayIcon.isSystemTrayAvailable():
            self._made().show()
        elif self._icon is not None and not stays:
            self._icon.hide()

    def show_notification(self, title: str, text: str, chat_id: str = "") -> bool:
        """Show a notification; returns whether the system supports it."""
        if sys.platform == "linux" and self._bus().show_notification(title, text, chat_id):
            return True
        return self._notify_by_icon(title, text, chat_id)

    def _notify_by_icon(self, title: str, text: str, chat_id: str) -> bool:
        if not QSystemTrayIcon.isSystemTrayAvailable() or not QSystemTrayIcon.supportsMessages():
            return False
        icon = self._made()
        icon.show()  # a notice needs one
        self._notified_chat_id = chat_id
        icon.showMessage(title, text, program_icon(), _SHOWN_MS)
        return True

    def set_activity(self, words: str) -> None:
        """Set the tooltip to the current activity ("": none)."""
        if words != self._doing:
            self._doing = words
            if self._icon is not None:
                self._icon.setToolTip(self._words())

    def hide_temporary_icon(self) -> None:
        """The person is back: hide an icon that was only there for a notice."""
        if self._icon is not None and not self._stays:
            self._icon.hide()

    def close(self) -> None:
        """Remove the icon when the windows close."""
        if self._notices is not None:
            self._notices.close()
        if self._icon is not None:
            self._icon.hide()
        if self._menu is not None:
            self._menu.deleteLater()

    def _bus(self) -> _Notifications:
        if self._notices is None:
            # not before the first notice: it takes a while to load, and only Linux has it
            from desktop.process.dbus_notifications import DBusNotifications  # noqa: PLC0415

            notices = DBusNotifications(self)
            notices.clicked.connect(self.window_wanted)
            notices.refused.connect(self._notify_by_icon)
            self._notices = notices
        return self._notices

    def _words(self) -> str:
        return f"{APP_NAME}\n{self._doing}" if self._doing else APP_NAME

    def _made(self) -> QSystemTrayIcon:
        if self._icon is None:
            self._icon = QSystemTrayIcon(self._picture(), self)
            self._icon.setToolTip(self._words())
            self._icon.activated.connect(self._on_activated)
            self._icon.messageClicked.connect(self._on_message_clicked)
            self._menu = menu = QMenu()
            menu.addAction(_("Show the window")).triggered.connect(self._on_show_wanted)
            menu.addAction(_("New chat")).triggered.connect(self.new_chat_wanted)
            menu.addSeparator()
            menu.addAction(_("Quit")).triggered.connect(self.quit_wanted)
            self._icon.setContextMenu(menu)
        return self._icon

    def _picture(self) -> QIcon:
        if sys.platform != "darwin":
            return program_icon()
        icon = self._theme.icon("hearth", "text", 32)
        icon.setIsMask(True)  # the menu bar of macOS tints it itself
        return icon

    def _on_activated(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        # on macOS a click opens the menu, and only what is chosen there is meant
        if reason is not QSystemTrayIcon.ActivationReason.Context and sys.platform != "darwin":
            self.window_wanted.emit("")

    def _on_show_wanted(self) -> None:
        self.window_wanted.emit("")

    def _on_message_clicked(self) -> None:
        self.window_wanted.emit(self._notified_chat_id)
