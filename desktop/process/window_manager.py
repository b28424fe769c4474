"""Window manager of the process: creates, shows and closes windows over one app."""

import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, QRect
from PySide6.QtWidgets import QApplication, QMainWindow, QWidget

from core.app.app import App
from core.base.settings.setting import Scalar, Setting
from core.base.settings.window_settings import ASK_BOX_KEY, STAY_IN_TRAY, TRAY
from desktop.kit.notices import NoticeCenter
from desktop.kit.theme import Theme
from desktop.kit.thread_bridge import ThreadBridge
from desktop.privacy.privacy_controller import EraseRequest
from desktop.process.long_task_notifier import LongTaskNotifier
from desktop.process.program_icon import program_icon
from desktop.process.tray_icon import TrayIcon
from desktop.window.main_window import MainWindow
from desktop.window.window_registry import WindowRegistry

if TYPE_CHECKING:
    from desktop.ask_box.ask_box_controller import AskBoxController

_STEP = QPoint(32, 32)


class WindowManager(QObject):
    """Creates and closes windows; closing the last one closes the app."""

    def __init__(self, app: App, theme: Theme, notices: NoticeCenter, bridge: ThreadBridge) -> None:
        super().__init__(notices)
        self._app = self.app = app
        self._theme = theme
        self._notices = notices
        self._bridge = bridge
        self._windows: list[MainWindow] = []
        self._window_registry = _ManagedWindowRegistry(self)
        self.erase_request: EraseRequest | None = None
        """What to erase after the last window has closed, None for nothing."""
        self.starts_again = False
        """Whether the program starts again after the last window has closed."""
        self._tray = TrayIcon(theme, self)
        self._task_notifier = LongTaskNotifier(app, self._tray, self)
        self._ask_box: AskBoxController | None = None
        self._connect()

    def _connect(self) -> None:
        self._app.subscribe(self._task_notifier.on_app_event)
        self._tray.window_wanted.connect(self._on_tray_chosen)
        self._tray.new_chat_wanted.connect(self._on_new_chat_wanted)
        self._tray.quit_wanted.connect(self.close_all_windows)

    def show_icons(self) -> None:
        """Show the tray icon after the first paint."""
        if sys.platform != "darwin":  # there the bundle has its own
            QApplication.setWindowIcon(program_icon())
        self._task_notifier.update_tray_icon()

    def listen_for_ask_box(self) -> None:
        """Hear the key of the ask box, if one is set; nothing of it is loaded before."""
        if self._ask_box is None and not self._app.settings.get_value(ASK_BOX_KEY):
            return
        if self._ask_box is None:
            from desktop.ask_box.ask_box_controller import AskBoxController  # noqa: PLC0415 - as said

            self._ask_box = AskBoxController(self._app, self._theme, self._notices)
            self._ask_box.chat_wanted.connect(self._on_tray_chosen)
            self._app.call_before_close(self._ask_box.close)
        self._ask_box.apply_setting()

    @property
    def open_windows(self) -> tuple[MainWindow, ...]:
        """The open windows, the oldest first."""
        return tuple(self._windows)

    def create_window(self) -> MainWindow:
        """Return another window, not shown yet."""
        window = MainWindow.with_content(
            self._app, self._theme, self._notices, self._bridge, self._window_registry
        )
        self._add_window(window)
        return window

    def fill_first_window(self, window: MainWindow) -> Iterator[None]:
        """Give the window that is shown already its content, step by step."""
        yield from window.fill(self._app, self._notices, self._bridge, self._window_registry)
        self._add_window(window)

    def _add_window(self, window: MainWindow) -> None:
        self._windows.append(window)
        window.privacy.restart_wanted.connect(self._on_restart_wanted)
        window.preferences.changed.connect(self._on_setting_changed)

    def open_window(self, chat_id: str) -> MainWindow:
        """Show one more window next to the active one."""
        active = QApplication.activeWindow() or self._windows[-1]
        window = self.create_window()
        window.controllers.chat.running_answers.follow_window(
            self._windows[0].controllers.chat.running_answers
        )
        window.move(_place_beside(active, window))
        window.load_initial_content()
        window.show()
        if chat_id:
            window.controllers.chat.open_chat(chat_id)
        return window

    def hides_on_close(self, window: QMainWindow) -> bool:
        """Whether a window that the user closes is only hidden: the tray can show it again."""
        wanted = self._app.settings.get_value(STAY_IN_TRAY)
        return wanted and self._tray.is_reachable and self.open_windows == (window,)

    def close_all_windows(self) -> None:
        """Close every window and, with the last one, the app."""
        self._tray.close()
        seen = any(window.isVisible() for window in self._windows)
        for window in self.open_windows:
            window.close()
        if not seen:  # Qt ends by itself only with the last window that is seen to close
            QApplication.quit()

    def erase_everything(self, request: EraseRequest) -> None:
        """Close every window; what is to be erased is known before, while the data is open."""
        self.erase_request = request
        self.close_all_windows()

    def remove_window(self, window: QMainWindow) -> None:
        """Remove a closed window."""
        self._windows = [each for each in self._windows if each is not window]
        window.deleteLater()

    def _on_setting_changed(self, setting: Setting[Scalar]) -> None:
        if setting is TRAY:
            self._task_notifier.update_tray_icon()
        elif setting is ASK_BOX_KEY:
            self.listen_for_ask_box()

    def _on_tray_chosen(self, chat_id: str) -> None:
        if chat_id and self._window_registry.show_window_with_chat(chat_id):
            return
        window = self._windows[-1]
        window.bring_to_front()
        if chat_id:
            window.controllers.chats.open_chat(chat_id)

    def _on_new_chat_wanted(self) -> None:
        window = self._windows[-1]
        window.bring_to_front()
        window.controllers.chats.open_new_chat()

    def _on_restart_wanted(self) -> None:
        self.starts_again = True


def _place_beside(active: QWidget, window: QWidget) -> QPoint:
    """Return a place a step from the active window, back at the edge if it would leave the screen.

    The frame is not known yet: that of the active window is as thick.
    """
    frame = active.frameGeometry().size() - active.size()
    screen = active.screen().availableGeometry()
    place = QRect(active.pos() + _STEP, window.size() + frame)
    if place.right() > screen.right():
        place.moveLeft(screen.left())
    if place.bottom() > screen.bottom():
        place.moveTop(screen.top())
    return place.topLeft()


class _ManagedWindowRegistry(WindowRegistry):
    """Registry of the windows of this process."""

    def __init__(self, windows: WindowManager) -> None:
        self._windows = windows

    def is_last_window(self, window: QMainWindow) -> bool:
        return self._windows.open_windows == (window,)

    def receives_open_requests(self, window: QMainWindow) -> bool:
        """True for the active window, or for the oldest if none is active."""
        active = QApplication.activeWindow()
        windows = self._windows.open_windows
        return window is (active if active in windows else windows[0])

    def open_new_window(self, chat_id: str) -> None:
        if not chat_id or not self.show_window_with_chat(chat_id):
            self._windows.open_window(chat_id)

    def show_window_with_chat(self, chat_id: str) -> bool:
        for window in self._windows.open_windows:
            if window.controllers.chat.chat_id == chat_id:
                window.bring_to_front()
                return True
        return False

    def remove_window(self, window: QMainWindow) -> None:
        self._windows.remove_window(window)

    def hides_on_close(self, window: QMainWindow) -> bool:
        return self._windows.hides_on_close(window)

    def close_all_windows(self) -> None:
        self._windows.close_all_windows()

    def erase_everything(self, request: EraseRequest) -> None:
        self._windows.erase_everything(request)
