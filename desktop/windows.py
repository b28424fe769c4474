"""The windows of one process: over one application, each with a chat of its own."""

import sys

from PySide6.QtCore import QObject, QPoint
from PySide6.QtWidgets import QApplication, QMainWindow

from core.appearance import STAYS, TRAY
from core.setting import Setting
from desktop.bridge import Bridge
from desktop.company import Company
from desktop.notices import Notices
from desktop.ports import Front
from desktop.privacy.room import Erasure
from desktop.program_icon import program_icon
from desktop.telling import Telling
from desktop.theme import Theme
from desktop.tray import Tray
from desktop.window import MainWindow

_STEP = QPoint(32, 32)


class Windows(QObject):
    """Makes windows and lets them go; the application is closed by the last one."""

    def __init__(self, front: Front, theme: Theme, notices: Notices, bridge: Bridge) -> None:
        super().__init__(notices)
        self._front = front
        self._theme = theme
        self._notices = notices
        self._bridge = bridge
        self._windows: list[MainWindow] = []
        self._company = _Company(self)
        self.erasure: Erasure | None = None
        """What is to be erased when the last window is gone, None for nothing."""
        self._tray = Tray(theme, self)
        self._telling = Telling(front, self._tray, self)
        self._connect()

    def _connect(self) -> None:
        self._front.subscribe(self._telling.handle)
        self._tray.chosen.connect(self._on_tray_chosen)
        self._tray.new_chat_wanted.connect(self._on_new_chat_wanted)
        self._tray.quit_wanted.connect(self.close_all)

    def settle_in(self) -> None:
        """Show what stands outside the windows, after the first paint."""
        if sys.platform != "darwin":  # there the bundle has its own
            QApplication.setWindowIcon(program_icon())
        self._telling.look_again()

    @property
    def all(self) -> tuple[MainWindow, ...]:
        """The open windows, the oldest first."""
        return tuple(self._windows)

    def make(self) -> MainWindow:
        """Return one more window, not shown yet."""
        window = MainWindow(self._front, self._theme, self._notices, self._bridge, self._company)
        self._windows.append(window)
        window.privacy.erase_wanted.connect(self._on_erase_wanted)
        window.preferences.changed.connect(self._on_setting_changed)
        return window

    def open(self, chat_id: str) -> MainWindow:
        """Show one more window beside the active one."""
        active = QApplication.activeWindow() or self._windows[-1]
        window = self.make()
        window.rooms.chat.course.join(self._windows[0].rooms.chat.course)
        window.move(active.pos() + _STEP)
        window.settle_in()
        window.show()
        if chat_id:
            window.rooms.chat.open_chat(chat_id)
        return window

    def stays(self, window: QMainWindow) -> bool:
        """Whether a window that is closed by its frame is only hidden: the tray brings it back."""
        wanted = bool(self._front.settings.get(STAYS))
        return wanted and self._tray.there and self.all == (window,)

    def close_all(self) -> None:
        """Close every window, the last one with the application."""
        self._tray.close()
        seen = any(window.isVisible() for window in self._windows)
        for window in self.all:
            window.close()
        if not seen:  # Qt ends by itself only with the last window that is seen to close
            QApplication.quit()

    def leave(self, window: QMainWindow) -> None:
        """Forget a closed window."""
        self._windows = [each for each in self._windows if each is not window]
        window.deleteLater()

    def _on_setting_changed(self, setting: Setting) -> None:
        if setting is TRAY:
            self._telling.look_again()

    def _on_tray_chosen(self, chat_id: str) -> None:
        if chat_id and self._company.bring_forward(chat_id):
            return
        window = self._windows[-1]
        window.come_forward()
        if chat_id:
            window.rooms.chats.open(chat_id)

    def _on_new_chat_wanted(self) -> None:
        window = self._windows[-1]
        window.come_forward()
        window.rooms.chats.open_new()

    def _on_erase_wanted(self, erasure: Erasure) -> None:
        self.erasure = erasure


class _Company(Company):
    """The windows, as each of them knows the others."""

    def __init__(self, windows: Windows) -> None:
        self._windows = windows

    def is_last(self, window: QMainWindow) -> bool:
        return self._windows.all == (window,)

    def is_leader(self, window: QMainWindow) -> bool:
        """The active one is, else the oldest."""
        active = QApplication.activeWindow()
        windows = self._windows.all
        return window is (active if active in windows else windows[0])

    def new(self, chat_id: str) -> None:
        if not chat_id or not self.bring_forward(chat_id):
            self._windows.open(chat_id)

    def bring_forward(self, chat_id: str) -> bool:
        for window in self._windows.all:
            if window.rooms.chat.chat_id == chat_id:
                window.come_forward()
                return True
        return False

    def leave(self, window: QMainWindow) -> None:
        self._windows.leave(window)

    def stays(self, window: QMainWindow) -> bool:
        return self._windows.stays(window)

    def close_all(self) -> None:
        self._windows.close_all()
