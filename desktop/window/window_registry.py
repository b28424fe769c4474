"""Window registry protocol: a window's view of the other windows of the process."""

from typing import TYPE_CHECKING, Protocol

from PySide6.QtWidgets import QApplication, QMainWindow

if TYPE_CHECKING:
    from desktop.privacy.privacy_controller import EraseRequest


class WindowRegistry(Protocol):
    """The windows of one process."""

    def is_last_window(self, window: QMainWindow) -> bool:
        """Whether no other window is open; the application ends with the last one."""

    def receives_open_requests(self, window: QMainWindow) -> bool:
        """Whether this window handles the paths passed on by a second start."""

    def open_new_window(self, chat_id: str) -> None:
        """Open another window with a chat; "" means a new chat."""

    def show_window_with_chat(self, chat_id: str) -> bool:
        """Raise the window in which a chat is open; returns whether there is one."""

    def remove_window(self, window: QMainWindow) -> None:
        """Remove a closed window that was not the last one."""

    def hides_on_close(self, window: QMainWindow) -> bool:
        """Whether a window that the user closes is only hidden."""

    def close_all_windows(self) -> None:
        """Close every window."""

    def erase_everything(self, request: "EraseRequest") -> None:
        """Close every window, and erase what is asked for once the data folder is given back."""


class SingleWindowRegistry(WindowRegistry):
    """Registry of a window that is the only one."""

    def __init__(self, window: QMainWindow) -> None:
        self._window = window

    def is_last_window(self, window: QMainWindow) -> bool:
        """It is."""
        return window is self._window

    def receives_open_requests(self, window: QMainWindow) -> bool:
        """It is."""
        return window is self._window

    def open_new_window(self, chat_id: str) -> None:
        """Not supported: does nothing."""

    def show_window_with_chat(self, chat_id: str) -> bool:
        """Always false: no other window has the chat."""
        del chat_id
        return False

    def remove_window(self, window: QMainWindow) -> None:
        """Does nothing: there is no other window."""

    def hides_on_close(self, window: QMainWindow) -> bool:
        """Always false: nothing could show the window again."""
        del window
        return False

    def close_all_windows(self) -> None:
        """Close the only window; Qt doesn't end by itself if it is hidden."""
        self._window.close()
        QApplication.quit()

    def erase_everything(self, request: "EraseRequest") -> None:
        """Close the only window: whoever holds its data folder erases."""
        del request
        self.close_all_windows()
