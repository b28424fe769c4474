"""A thread beside the window for what takes longer than a frame: formulas, colours of code.

Jobs are plain functions of plain values; what they return comes back in the window's thread. The
thread ends when nothing is left to do, so an idle window has none.
"""

import logging
from collections import deque
from collections.abc import Callable
from threading import Lock, Thread
from typing import TypeVar

from PySide6.QtCore import QObject, Qt, Signal

_log = logging.getLogger(__name__)
Result = TypeVar("Result")


class Workshop(QObject):
    """Does one job after the other, the latest first: that is what is looked at."""

    _done = Signal()

    def __init__(self, holder: QObject | None = None) -> None:
        super().__init__(holder)
        self._jobs: deque[Callable[[], Callable[[], None]]] = deque()
        self._results: deque[Callable[[], None]] = deque()
        self._thread: Thread | None = None
        self._open = True
        self._lock = Lock()
        """Protects all four: the window's thread asks and takes, the other one does."""
        self._done.connect(self._on_done, Qt.ConnectionType.QueuedConnection)

    def do(self, job: Callable[[], Result], then: Callable[[Result], None]) -> None:
        """Run `job` beside the window, and `then` with its result in the window's thread.

        A job that raises is a mistake of ours: it is logged, and `then` not called.
        """

        def run() -> Callable[[], None]:
            result = job()
            return lambda: then(result)

        with self._lock:
            if not self._open:
                return
            self._jobs.append(run)
            if self._thread is None:
                self._thread = Thread(target=self._work, name="workshop", daemon=True)
                self._thread.start()

    @property
    def busy(self) -> bool:
        """Whether a job is done or waits, or a result has not been taken."""
        with self._lock:
            return self._thread is not None or bool(self._jobs or self._results)

    def close(self) -> None:
        """Drop what waits, and return when the job at hand is done."""
        with self._lock:
            self._open = False
            self._jobs.clear()
            thread = self._thread
        if thread is not None:
            thread.join()

    def _work(self) -> None:
        while True:
            with self._lock:
                if not self._jobs:
                    self._thread = None
                    return
                job = self._jobs.pop()
            try:
                result = job()
            except Exception:
                _log.exception("a job in the workshop failed")
                continue
            with self._lock:
                self._results.append(result)
                if self._open:
                    self._done.emit()

    def _on_done(self) -> None:
        while self._results:
            self._results.popleft()()
