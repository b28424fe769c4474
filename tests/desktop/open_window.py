"""Window over the real application, driven by a test."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from PySide6.QtCore import QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from core.app.app import App
from core.base.settings.window_settings import GEOMETRY
from core.models.files.file_task_thread import FileTaskThread
from desktop.kit.notices import NoticeCenter
from desktop.kit.theme import Theme
from desktop.kit.thread_bridge import ThreadBridge
from desktop.window.main_window import MainWindow
from tests.desktop.scripted_backend import ScriptedBackend


@dataclass(frozen=True, slots=True)
class OpenWindow:
    """The window and everything a test holds on to."""

    window: MainWindow
    backend: ScriptedBackend
    notices: NoticeCenter
    theme: Theme
    bot: QtBot

    @property
    def app(self) -> App:
        """The application behind the window."""
        return self.backend.app

    def settle(self) -> None:
        """Let everything that is queued happen."""
        settle()

    def wait_for_files(self) -> None:
        """Wait until nothing is done with model files in the background, nor follows from it."""
        while True:
            self.bot.waitUntil(self._is_quiet)
            self.backend.pump()
            settle()
            if self._is_quiet():
                return

    @staticmethod
    def _is_quiet() -> bool:
        owners = [
            getattr(getattr(thread, "_target", None), "__self__", None)
            for thread in threading.enumerate()
        ]
        return not any(isinstance(owner, FileTaskThread) for owner in owners)

    def ask(self, text: str) -> None:
        """Type a question and press Enter."""
        edit = self.window.view.composer.text_edit
        QTest.keyClicks(edit, text)
        QTest.keyClick(edit, Qt.Key.Key_Return)
        self.settle()

    def tick(self, *folder_ids: str) -> None:
        """Answer from these folders."""
        for folder_id in folder_ids:
            self.window.sidebar.folders.tick_folder(folder_id)
        self.settle()


def settle() -> None:
    """Let everything that is queued happen."""
    for _ in range(3):
        QApplication.processEvents()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


@contextmanager
def opened_window(
    backend: ScriptedBackend, bridge: ThreadBridge, theme: Theme, bot: QtBot
) -> Iterator[OpenWindow]:
    """Show a window as a start does, and close it at the end."""
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    notices = NoticeCenter(application)
    window = MainWindow.with_content(backend.app, theme, notices, bridge)
    made = OpenWindow(window=window, backend=backend, notices=notices, theme=theme, bot=bot)
    if not backend.app.settings.get_value(GEOMETRY):
        window.resize(1240, 800)  # the screen that tests draw on is smaller
    window.show()
    bridge.start_pumping(backend.app.process_events)
    window.load_initial_content()
    window.start_child_processes()
    bot.waitExposed(window)
    settle()
    made.wait_for_files()
    yield made
    for dialog in list(application.topLevelWidgets()):
        if dialog is not window:
            dialog.close()
    window.close()
    settle()
    window.deleteLater()
    notices.deleteLater()
    settle()
