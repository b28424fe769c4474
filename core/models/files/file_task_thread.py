"""Background thread for long work on files, one task after the other."""

import itertools
import logging
import queue
import threading
from collections import deque
from collections.abc import Callable
from typing import Any, NamedTuple

from core.base.errors import ErrorCode, InglenookError
from core.models.files.idle_priority import lower_thread_priority

_log = logging.getLogger(__name__)

JOIN_SECONDS = 2.0
"""A thread that hangs on a drive that doesn't answer is left behind after so long."""


class FileTaskCancelled(Exception):  # noqa: N818 - the person's wish, not an error
    """The errand is to end without having done anything."""


class FileTaskEvent(NamedTuple):
    """What an errand says: on its way, at its end, or why it came to nothing."""

    errand: str
    value: Any
    ended: bool = False


class FileTaskContext:
    """What an errand is given: `tell` says how far it is, `raise_if_cancelled` raises Cancelled."""

    def __init__(self, tell: Callable[[Any], None], stopped: Callable[[], bool]) -> None:
        self.report_progress = tell
        self._stopped = stopped

    def raise_if_cancelled(self) -> None:
        """Raise Cancelled when the errand is to end."""
        if self._stopped():
            raise FileTaskCancelled


FileTask = Callable[[FileTaskContext], Any]


class FileTaskThread:
    """One thread while there is something to do. All methods belong to the thread that made it.

    `wake` is called from the other one when there is something to `poll`. With `idle`, the work
    takes only what the machine has to spare.
    """

    def __init__(self, name: str, wake: Callable[[], None], *, idle: bool = False) -> None:
        self._name = name
        self._wake = wake
        self._idle = idle
        self._numbers = itertools.count(1)
        self._lock = threading.Lock()  # `_waiting`, `_thread` and `_current` change together
        self._waiting: deque[tuple[str, FileTask]] = deque()
        self._thread: threading.Thread | None = None
        self._current = ""
        self._cancelled: set[str] = set()  # only grows by the owner, read by the other thread
        self._told: queue.SimpleQueue[FileTaskEvent] = queue.SimpleQueue()

    def submit_task(self, errand: FileTask) -> str:
        """Do it when it is its turn; returns the name that `poll` gives with what it says."""
        name = f"{self._name} {next(self._numbers)}"
        with self._lock:
            self._waiting.append((name, errand))
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name=self._name, daemon=True)
                self._thread.start()
        return name

    def cancel(self, name: str) -> None:
        """End an errand; it says so with the code `cancelled`, unless it was over before."""
        self._cancelled.add(name)

    @property
    def has_tasks(self) -> bool:
        """Whether something is being done, or waits."""
        with self._lock:
            return self._thread is not None

    def poll(self) -> list[FileTaskEvent]:
        """Return what was said since; the last of each errand has `ended`."""
        told: list[FileTaskEvent] = []
        while True:
            try:
                told.append(self._told.get_nowait())
            except queue.Empty:
                return told

    def close(self) -> None:
        """End all errands; what they would have said is lost."""
        with self._lock:
            thread = self._thread
            self._cancelled.update(name for name, _errand in self._waiting)
            self._cancelled.add(self._current)
            self._waiting.clear()
        if thread is not None:
            thread.join(JOIN_SECONDS)
        self.poll()

    def _run(self) -> None:
        if self._idle:
            lower_thread_priority()
        while True:
            with self._lock:
                if not self._waiting:
                    self._thread = None
                    return
                self._current, errand = self._waiting.popleft()
            self._say(FileTaskEvent(self._current, self._done(self._current, errand), ended=True))

    def _done(self, name: str, errand: FileTask) -> Any:  # noqa: ANN401 - what the errand gives
        """Return what an errand gives; an InglenookError is what it came to nothing for."""
        course = FileTaskContext(
            lambda value: self._say(FileTaskEvent(name, value)), lambda: name in self._cancelled
        )
        try:
            course.raise_if_cancelled()
            return errand(course)
        except FileTaskCancelled:
            return InglenookError(ErrorCode.CANCELLED)
        except InglenookError as error:
            return error
        except Exception as error:  # noqa: BLE001 - the border of a thread: say it and go on
            _log.exception("an errand failed")
            return InglenookError(
                ErrorCode.INTERNAL, detail=type(error).__name__, logs="front-end.log"
            )

    def _say(self, told: FileTaskEvent) -> None:
        self._told.put(told)
        self._wake()
