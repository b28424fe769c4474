"""Startup task queue: work left for after the first paint, one task per event-loop turn."""

from collections import deque
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer


class StartupTaskQueue(QObject):
    """Pieces of work in order; keys that come in between are taken between two of them."""

    def __init__(self, holder: QObject | None = None) -> None:
        super().__init__(holder)
        self._pieces: deque[tuple[int, Callable[[], object]]] = deque()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._on_timeout)

    def add_task(self, piece: Callable[[], object], *, wait_ms: int = 0) -> None:
        """Do this when all that was added before is done, and `wait_ms` have passed since."""
        self._pieces.append((wait_ms, piece))
        if not self._timer.isActive():
            self._timer.start(self._pieces[0][0])

    def close(self) -> None:
        """Leave what is not done yet undone."""
        self._timer.stop()
        self._pieces.clear()

    def _on_timeout(self) -> None:
        _wait, piece = self._pieces.popleft()
        if self._pieces:  # first: a piece that fails holds up none
            self._timer.start(self._pieces[0][0])
        piece()
