"""Main window: can be typed in as soon as it is made, and does more once it has its content."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QCloseEvent

from core.base.settings.app_settings import Settings
from desktop.kit.theme import Theme
from desktop.window.early_input import EarlyInput
from desktop.window.window_frame import WindowFrame
from desktop.window.window_registry import SingleWindowRegistry, WindowRegistry

if TYPE_CHECKING:  # the window is shown before these are loaded
    from collections.abc import Iterator

    from core.app.app import App
    from desktop.kit.notices import NoticeCenter
    from desktop.kit.thread_bridge import ThreadBridge


class MainWindow(WindowFrame):
    """One window; `load_initial_content` and `start_child_processes` follow its first paint."""

    def __init__(self, theme: Theme, settings: Settings) -> None:
        super().__init__(theme, settings)
        self._window_registry: WindowRegistry = SingleWindowRegistry(self)
        self._is_complete = False
        self._close_wanted = False
        self._early_input = EarlyInput(self)

    @classmethod
    def with_content(
        cls,
        app: App,
        theme: Theme,
        notices: NoticeCenter,
        bridge: ThreadBridge,
        window_registry: WindowRegistry | None = None,
    ) -> MainWindow:
        """Return a window that is filled in one go, not piece by piece as at the start."""
        window = cls(theme, app.settings)
        for _step in window.fill(app, notices, bridge, window_registry):
            pass
        window.end_start()
        return window

    def fill(
        self,
        app: App,
        notices: NoticeCenter,
        bridge: ThreadBridge,
        window_registry: WindowRegistry | None = None,
    ) -> Iterator[None]:
        """Give the window its content, step by step: between two of them keys can be handled."""
        from desktop.window.window_content import WindowContent  # noqa: PLC0415 - as said above

        self._window_registry = window_registry or self._window_registry
        self.content = content = WindowContent(self, app, notices, bridge, self._window_registry)
        for step in content.build_steps:
            step()
            yield
        self.controllers, self.dialogs = content.controllers, content.dialogs
        self.sidebar, self.sources, self.panes = content.sidebar, content.sources, content.panes
        self.privacy, self.preferences = content.privacy, content.preferences
        self.welcome, self.path_opener = content.welcome, content.path_opener
        self.composer_controller, self.overlay = content.composer_controller, content.overlay
        self.load_initial_content = content.load_initial_content
        self.start_child_processes = content.start_child_processes
        self.open_models = content.open_models

    @property
    def was_typed_in(self) -> bool:
        """Whether something was typed or asked for since the window is shown."""
        return bool(self.view.composer.draft) or not self._early_input.is_empty

    def end_start(self) -> None:
        """Do what keys and clicks asked for while the content was made."""
        self._is_complete = True
        self._early_input.replay_input()
        if self._close_wanted:
            self._window_registry.close_all_windows()  # Qt ends for no window that is hidden

    def closeEvent(self, event: QCloseEvent) -> None:
        """Hide at once; running work is stopped and saved after the window is hidden."""
        if not self._is_complete:  # half a window can't be closed in order
            event.ignore()
            self._close_wanted = True
            self.hide()
            return
        self.content.save_place()
        if event.spontaneous() and self._window_registry.hides_on_close(
            self
        ):  # its frame; all else means to leave
            event.ignore()
            self.hide()
            return
        self.dialogs.show_chat()  # a page that is written on keeps it then
        self.controllers.chat.edit_saver.save_edits()
        self.controllers.chat.next_question.leave_chat()
        self.controllers.chat.next_question.release_new_chat()
        event.accept()
        self.hide()
        self.content.close()
