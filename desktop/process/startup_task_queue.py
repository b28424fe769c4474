"""Startup task queue: work left for after the first paint, one task per event-loop turn."""

from collections import deque
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer


class StartupTaskQueue(QObject):
    """Runs tasks in order, one per event-loop turn, so that key presses are handled in between."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._pieces: deque[tuple[int, Callable[[], object]]] = deque()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._on_timeout)

    def add_task(self, piece: Callable[[], object], *, wait_ms: int = 0) -> None:
        """Append a task, which runs `wait_ms` after all earlier ones."""
        self._pieces.append((wait_ms, piece))
        if not self._timer.isActive():
            self._timer.start(self._pieces[0][0])

    def close(self) -> None:
        """Drop the remaining tasks."""
        self._timer.stop()
        self._pieces.clear()

    def _on_timeout(self) -> None:
        _wait, piece = self._pieces.popleft()
        if self._pieces:  # first: a piece that fails holds up none
            self._timer.start(self._pieces[0][0])
        piece()
