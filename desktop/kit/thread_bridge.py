"""Thread bridge: reader threads wake the window's thread, which pumps the events of the app."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, QTimer, Signal

BUSY_INTERVAL_MS = 500


class ThreadBridge(QObject):
    """Calls `pump` in the window's thread whenever `wake` was called in any thread.

    `wake` may be called before `start_pumping` and after `close`; then nothing happens.
    """

    woken = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pump: Callable[[], None] | None = None
        # Set by any thread, cleared by the window's thread before it pumps: a wake that finds it
        # set has its message drained by the pump that is still to come.
        self._pending = False
        self._busy: set[int] = set()
        self._timer = QTimer(self)
        self._timer.setInterval(BUSY_INTERVAL_MS)
        self._timer.timeout.connect(self._on_timeout)
        self.woken.connect(self._on_woken, Qt.ConnectionType.QueuedConnection)

    def start_pumping(self, pump: Callable[[], None]) -> None:
        """Start pumping; earlier wakes are handled at the next turn of the event loop."""
        self._pump = pump
        self.woken.emit()

    def close(self) -> None:
        """Stop pumping; threads may still call `wake`."""
        self._pump = None
        self._timer.stop()

    def wake(self) -> None:
        """Request a pump; may be called from any thread."""
        if self._pump is None or self._pending:
            return
        self._pending = True
        self.woken.emit()

    def set_busy(self, *, busy: bool, who: object) -> None:
        """While something runs, pump every half second too: a child may die without a message.

        `who` says so; it is enough that one of them is busy.
        """
        if busy:
            self._busy.add(id(who))
        else:
            self._busy.discard(id(who))
        if self._busy and self._pump is not None:
            if not self._timer.isActive():
                self._timer.start()
        else:
            self._timer.stop()

    def _on_woken(self) -> None:
        self._pending = False
        if self._pump is not None:
            self._pump()

    def _on_timeout(self) -> None:
        if self._pump is not None:
            self._pump()
