"""What a window knows of the other windows of its process."""

from typing import Protocol

from PySide6.QtWidgets import QMainWindow


class Company(Protocol):
    """The windows of one process."""

    def is_last(self, window: QMainWindow) -> bool:
        """Whether no other window is open: with the last one the application ends."""

    def is_leader(self, window: QMainWindow) -> bool:
        """Whether this window takes what is handed over to the whole application."""

    def new(self, chat_id: str) -> None:
        """Open one more window, with a chat or ("") a new one."""

    def bring_forward(self, chat_id: str) -> bool:
        """Bring the window forward in which a chat is open; returns whether there is one."""

    def leave(self, window: QMainWindow) -> None:
        """A window was closed that was not the last."""

    def stays(self, window: QMainWindow) -> bool:
        """Whether a window that is closed by its frame is only hidden."""

    def close_all(self) -> None:
        """Close every window."""


class Alone(Company):
    """There is one window and no other."""

    def __init__(self, window: QMainWindow) -> None:
        self._window = window

    def is_last(self, window: QMainWindow) -> bool:
        """It is."""
        return window is self._window

    def is_leader(self, window: QMainWindow) -> bool:
        """It is."""
        return window is self._window

    def new(self, chat_id: str) -> None:
        """There is nobody to open it."""

    def bring_forward(self, chat_id: str) -> bool:
        """No other window has it."""
        del chat_id
        return False

    def leave(self, window: QMainWindow) -> None:
        """It never leaves anybody."""

    def stays(self, window: QMainWindow) -> bool:
        """There is nothing to bring it back."""
        del window
        return False

    def close_all(self) -> None:
        """Close the one."""
        self._window.close()
