"""Window registry protocol: what a window needs to know of the other windows of the process."""

from typing import Protocol

from PySide6.QtWidgets import QMainWindow


class WindowRegistry(Protocol):
    """The windows of one process."""

    def is_last_window(self, window: QMainWindow) -> bool:
        """Whether no other window is open: with the last one the application ends."""

    def receives_open_requests(self, window: QMainWindow) -> bool:
        """Whether this window takes what is handed over to the whole application."""

    def open_new_window(self, chat_id: str) -> None:
        """Open one more window, with a chat or ("") a new one."""

    def show_window_with_chat(self, chat_id: str) -> bool:
        """Bring the window forward in which a chat is open; returns whether there is one."""

    def remove_window(self, window: QMainWindow) -> None:
        """A window was closed that was not the last."""

    def hides_on_close(self, window: QMainWindow) -> bool:
        """Whether a window that is closed by its frame is only hidden."""

    def close_all_windows(self) -> None:
        """Close every window."""


class SingleWindowRegistry(WindowRegistry):
    """There is one window and no other."""

    def __init__(self, window: QMainWindow) -> None:
        self._window = window

    def is_last_window(self, window: QMainWindow) -> bool:
        """It is."""
        return window is self._window

    def receives_open_requests(self, window: QMainWindow) -> bool:
        """It is."""
        return window is self._window

    def open_new_window(self, chat_id: str) -> None:
        """There is nobody to open it."""

    def show_window_with_chat(self, chat_id: str) -> bool:
        """No other window has it."""
        del chat_id
        return False

    def remove_window(self, window: QMainWindow) -> None:
        """It never leaves anybody."""

    def hides_on_close(self, window: QMainWindow) -> bool:
        """There is nothing to bring it back."""
        del window
        return False

    def close_all_windows(self) -> None:
        """Close the one."""
        self._window.close()
