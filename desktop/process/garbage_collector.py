"""Garbage collection of Python, restricted to the window's thread.

Left alone it runs in whichever thread allocates, so a pipe reader could delete a dropped widget,
and Qt ends the process when a widget dies outside its thread.
"""

import gc

from PySide6.QtCore import QObject, QTimer

INTERVAL_MS = 2000


class GarbageCollector(QObject):
    """Collects on a timer of the thread that made it, by Python's own thresholds."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._timer = QTimer(self)
        self._timer.setInterval(INTERVAL_MS)
        self._timer.timeout.connect(self._on_timeout)

    def start(self) -> None:
        """Replace Python's automatic collection; objects that exist now are never scanned again."""
        gc.disable()
        gc.freeze()
        self._timer.start()

    def close(self) -> None:
        """Return to Python's automatic collection."""
        self._timer.stop()
        gc.unfreeze()
        gc.enable()

    def _on_timeout(self) -> None:
        thresholds, counts = gc.get_threshold(), gc.get_count()
        for generation in (2, 1, 0):
            if counts[generation] > thresholds[generation]:
                gc.collect(generation)
                return
