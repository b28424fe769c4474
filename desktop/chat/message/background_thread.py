"""Background thread of a window for jobs longer than a frame: formulas, syntax colours.

Jobs are plain functions of plain values; what they return comes back in the window's thread. The
thread ends when nothing is left to do, so an idle window has none.
"""

import gc
import logging
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from threading import Lock, Thread
from typing import TypeVar

from PySide6.QtCore import QObject, Qt, Signal

_log = logging.getLogger(__name__)
Result = TypeVar("Result")
Job = Callable[[], Callable[[], None]]


class BackgroundThread(QObject):
    """Runs one job after the other, the latest first: that is the one in view."""

    _done = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._bench = _JobQueue(self._done.emit)
        self._done.connect(self._on_done, Qt.ConnectionType.QueuedConnection)
        self.destroyed.connect(self._bench.close)

    def run_job(self, job: Callable[[], Result], then: Callable[[Result], None]) -> None:
        """Run `job` in the background, and `then` with its result in the window's thread.

        A job that raises is a mistake of ours: it is logged, and `then` not called.
        """

        def run() -> Callable[[], None]:
            result = job()
            return lambda: then(result)

        self._bench.add_job(run)

    @property
    def is_busy(self) -> bool:
        """Whether a job is running or waiting, or a result has not been delivered."""
        return self._bench.is_busy

    def _on_done(self) -> None:
        for result in self._bench.take_results():
            result()


class _JobQueue:
    """The part used by the thread, which outlives the widget."""

    def __init__(self, notify: Callable[[], None]) -> None:
        self._notify = notify
        self._jobs: deque[Job] = deque()
        self._results: deque[Callable[[], None]] = deque()
        self._thread: Thread | None = None
        self._open = True
        self._lock = Lock()
        """Protects the four attributes above, which both threads use."""

    @property
    def is_busy(self) -> bool:
        with self._lock:
            return self._thread is not None or bool(self._jobs or self._results)

    def add_job(self, job: Job) -> None:
        with self._lock:
            if not self._open:
                return
            self._jobs.append(job)
            if self._thread is None:
                self._thread = Thread(target=self._work, name="background", daemon=True)
                self._thread.start()

    def take_results(self) -> list[Callable[[], None]]:
        with self._lock:
            taken = list(self._results)
            self._results.clear()
        return taken

    def close(self) -> None:
        """Drop waiting jobs, and return when the running one is done."""
        with self._lock:
            self._open = False
            self._jobs.clear()
            thread = self._thread
        if thread is not None:
            thread.join()

    def _work(self) -> None:
        """Run the waiting jobs, then end.

        Python's collector rests meanwhile: run by this thread, it could delete a dropped widget,
        and Qt ends the process when a widget dies outside its thread.
        """
        collects = gc.isenabled()
        gc.disable()
        try:
            self._do_all()
        finally:
            if collects:
                gc.enable()

    def _do_all(self) -> None:
        while True:
            with self._lock:
                if not self._jobs:
                    self._thread = None
                    return
                job = self._jobs.pop()
            try:
                result = job()
            except Exception:  # noqa: BLE001 - the border of the thread
                _log.exception("a background job failed")
                continue
            with self._lock:
                self._results.append(result)
                if self._open:
                    with suppress(RuntimeError):  # its window is being deleted right now
                        self._notify()
