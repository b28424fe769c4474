"""Tells, outside the windows, that something long is done: the tray icon and notices of the system.

What is told names neither chat nor document: others may see the screen, and systems keep notices.
"""

import time
from collections.abc import Callable

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication, QMenu, QSystemTrayIcon

from core.app.events import (
    AnswerFailed,
    AnswerFinished,
    AnswerStarted,
    AppEvent,
    FolderProgress,
    FolderSynced,
)
from core.appearance import NOTIFY, TRAY
from core.paths import APP_NAME
from core.settings import Settings
from core.words import _
from desktop.theme import Theme

LONG_ANSWER = 10.0
LONG_READING = 20.0
"""Seconds from which on one has looked elsewhere."""
_SHOWN_MS = 10_000


class Tray(QObject):
    """The icon beside the clock; where the system has no place for it, nothing is shown."""

    chosen = Signal()
    new_chat_wanted = Signal()
    quit_wanted = Signal()

    def __init__(self, theme: Theme, holder: QObject) -> None:
        super().__init__(holder)
        self._theme = theme
        self._icon: QSystemTrayIcon | None = None
        self._menu: QMenu | None = None
        self._stays = False

    def show(self, *, stays: bool) -> None:
        """Let the icon be there for good, or only while something is told."""
        self._stays = stays
        if stays and QSystemTrayIcon.isSystemTrayAvailable():
            self._made().show()
        elif self._icon is not None and not stays:
            self._icon.hide()

    def tell(self, title: str, text: str) -> bool:
        """Say something for a while; returns whether the system has a way to."""
        if not QSystemTrayIcon.isSystemTrayAvailable() or not QSystemTrayIcon.supportsMessages():
            return False
        icon = self._made()
        icon.show()  # a notice needs one
        icon.showMessage(title, text, icon.icon(), _SHOWN_MS)
        return True

    def rest(self) -> None:
        """Somebody looks: an icon that was only there for a notice goes."""
        if self._icon is not None and not self._stays:
            self._icon.hide()

    def close(self) -> None:
        """Go with the windows."""
        if self._icon is not None:
            self._icon.hide()
        if self._menu is not None:
            self._menu.deleteLater()

    def _made(self) -> QSystemTrayIcon:
        if self._icon is None:
            self._icon = QSystemTrayIcon(self._theme.icon("hearth", "accent", 32), self)
            self._icon.setToolTip(APP_NAME)
            self._icon.activated.connect(self._on_activated)
            self._icon.messageClicked.connect(self.chosen)
            self._menu = menu = QMenu()
            menu.addAction(_("Show the window")).triggered.connect(self.chosen)
            menu.addAction(_("New chat")).triggered.connect(self.new_chat_wanted)
            menu.addSeparator()
            menu.addAction(_("Quit")).triggered.connect(self.quit_wanted)
            self._icon.setContextMenu(menu)
        return self._icon

    def _on_activated(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        if reason is not QSystemTrayIcon.ActivationReason.Context:
            self.chosen.emit()


class Telling(QObject):
    """Listens for what takes long; `clock` gives seconds."""

    def __init__(
        self,
        settings: Settings,
        tray: Tray,
        holder: QObject,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(holder)
        self._settings = settings
        self._tray = tray
        self._clock = clock
        self._answers: dict[str, float] = {}
        self._folders: dict[str, float] = {}
        """When each began."""
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        application.focusWindowChanged.connect(self._on_focus_changed)

    def look_again(self) -> None:
        """Show the icon as the settings say."""
        self._tray.show(stays=bool(self._settings.get(TRAY)))

    def handle(self, event: AppEvent) -> None:
        """Take what was heard."""
        now = self._clock()
        if isinstance(event, AnswerStarted):
            self._answers[event.turn_id] = now
        elif isinstance(event, AnswerFinished | AnswerFailed):
            began = self._answers.pop(event.turn_id, now)
            if now - began >= LONG_ANSWER:
                self._tell_answer(failed=isinstance(event, AnswerFailed), seconds=now - began)
        elif isinstance(event, FolderProgress):
            self._folders.setdefault(event.folder_id, now)
        elif isinstance(event, FolderSynced):
            began = self._folders.pop(event.folder.folder_id, now)
            if now - began >= LONG_READING:
                self._tell(_("A folder was read"), _("Its documents can be asked now."))

    def _tell_answer(self, *, failed: bool, seconds: float) -> None:
        if failed:
            self._tell(_("An answer ended early"), _("The chat says why."))
        else:
            took = _("It took {seconds} seconds.").format(seconds=round(seconds))
            self._tell(_("An answer is ready"), took)

    def _tell(self, title: str, text: str) -> None:
        if not self._settings.get(NOTIFY) or QApplication.activeWindow() is not None:
            return
        for window in QApplication.topLevelWidgets():
            if window.isVisible() and window.isWindow():
                QApplication.alert(window)
        self._tray.tell(title, text)

    def _on_focus_changed(self) -> None:
        if QApplication.activeWindow() is not None:
            self._tray.rest()
