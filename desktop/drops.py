"""What was dropped on the window or handed over by a second start, by kind."""

from collections.abc import Iterable
from pathlib import Path

from msgspec import Struct
from PySide6.QtCore import QEvent, QMimeData, QObject, Signal
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent
from PySide6.QtWidgets import QWidget

from desktop.overlay import DropOverlay

MODEL_SUFFIX = ".gguf"


class Dropped(Struct, frozen=True):
    """Absolute paths: folders, GGUF files, and anything else."""

    folders: tuple[str, ...]
    models: tuple[str, ...]
    others: tuple[str, ...]


def sort_paths(paths: Iterable[str]) -> Dropped:
    """Tell folders from models from other files."""
    folders, models, others = [], [], []
    for path in paths:
        if Path(path).is_dir():
            folders.append(path)
        elif path.lower().endswith(MODEL_SUFFIX):
            models.append(path)
        else:
            others.append(path)
    return Dropped(folders=tuple(folders), models=tuple(models), others=tuple(others))


def sorted_paths(data: QMimeData) -> Dropped:
    """Return what a drag carries from this computer."""
    return sort_paths(url.toLocalFile() for url in data.urls() if url.isLocalFile())


class DropCatcher(QObject):
    """Takes files and folders that are dropped anywhere on a window; `cover` is laid over it."""

    dropped = Signal(object)  # Dropped

    def __init__(self, window: QWidget, cover: DropOverlay) -> None:
        super().__init__(window)
        self._cover = cover
        window.setAcceptDrops(True)
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Cover the window while something is dragged over it."""
        if isinstance(event, QDragEnterEvent):
            if event.mimeData().hasUrls():
                event.acceptProposedAction()
                self._cover.cover()
            else:
                event.ignore()
            return True
        if isinstance(event, QDragLeaveEvent):
            self._cover.hide()
        elif type(event) is QDropEvent:
            self._cover.hide()
            event.acceptProposedAction()
            self.dropped.emit(sorted_paths(event.mimeData()))
            return True
        return super().eventFilter(watched, event)
