"""Dialog manager of one window: dialogs are created on demand, each at most once."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QDialog, QWidget

_LINE, _EDGE = 16, 48
"""Line height that sizes are given for, and the margin kept free around a dialog."""


def set_initial_size(dialog: QDialog, width: int, height: int) -> None:
    """Give a dialog its first size: larger with larger text, never larger than the screen."""
    growth = max(1.0, dialog.fontMetrics().height() / _LINE)
    most = dialog.screen().availableGeometry().size()
    dialog.resize(
        min(round(width * growth), most.width() - _EDGE),
        min(round(height * growth), most.height() - _EDGE),
    )


class DialogManager(QObject):
    """Opens dialogs over a window; they delete themselves when they are closed."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._open: dict[str, QDialog] = {}

    def open_dialog(self, name: str, make: Callable[[], QDialog]) -> None:
        """Show the dialog called `name`, or raise it if it is open."""
        dialog = self._open.get(name)
        if dialog is None:
            dialog = self._open[name] = make()
            dialog.finished.connect(partial(self._on_finished, name))
            dialog.open()
        dialog.raise_()
        dialog.activateWindow()

    def close(self) -> None:
        """Close all of them."""
        for dialog in tuple(self._open.values()):
            dialog.reject()

    def _on_finished(self, name: str, _code: int) -> None:
        self._open.pop(name, None)
