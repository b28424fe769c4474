"""Background thread for long work on files, one task after the other."""

import contextlib
import itertools
import logging
import os
import queue
import sys
import threading
from collections import deque
from collections.abc import Callable
from functools import partial
from typing import Any, Generic, TypeVar

from core.base.errors import ErrorCode, InglenookError
from core.ipc.reply import Reply
from core.messages import Failed

_LOWEST = 19
_DARWIN_THREAD, _DARWIN_BACKGROUND = 3, 0x1000  # sys/resource.h
_WINDOWS_BACKGROUND = 0x00010000  # THREAD_MODE_BACKGROUND_BEGIN: processor, disk and memory


def lower_thread_priority() -> None:
    """Lower the calling thread, for the rest of its life; a system that refuses does no harm."""
    with contextlib.suppress(OSError, AttributeError):
        if sys.platform == "win32":
            import ctypes  # noqa: PLC0415 - not for the first paint

            kernel = ctypes.windll.kernel32
            kernel.SetThreadPriority(kernel.GetCurrentThread(), _WINDOWS_BACKGROUND)
        elif sys.platform == "darwin":
            os.setpriority(_DARWIN_THREAD, 0, _DARWIN_BACKGROUND)
        else:
            # On Linux a priority belongs to a thread, whatever POSIX says (setpriority(2)).
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _LOWEST)


_log = logging.getLogger(__name__)

Progress = TypeVar("Progress")
Result = TypeVar("Result")

JOIN_SECONDS = 2.0
"""A thread that hangs on a drive that doesn't answer is left behind after so long."""


class FileTaskCancelled(Exception):  # noqa: N818 - a request, not an error
    """The task is to end without having done anything."""


class FileTaskContext(Generic[Progress]):
    """What a task calls, on the background thread: `report_progress` says how far it is."""

    def __init__(
        self, report_progress: Callable[[Progress], None], is_cancelled: Callable[[], bool]
    ) -> None:
        self.report_progress = report_progress
        self._is_cancelled = is_cancelled

    def raise_if_cancelled(self) -> None:
        """Raise FileTaskCancelled when the task is to end."""
        if self._is_cancelled():
            raise FileTaskCancelled


FileTask = Callable[[FileTaskContext[Progress]], Result]


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
        self._waiting: deque[tuple[Reply[Any, Any], FileTask[Any, Any]]] = deque()
        self._thread: threading.Thread | None = None
        self._current = ""
        self._cancelled: set[str] = set()  # only grows by the owner, read by the other thread
        self._deliveries: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()

    def submit_task(self, task: FileTask[Progress, Result]) -> Reply[Progress, Result]:
        """Do it when it is its turn; an InglenookError that it raises is its failure."""
        name = f"{self._name} {next(self._numbers)}"
        reply: Reply[Progress, Result] = Reply(name, partial(self._cancelled.add, name))
        with self._lock:
            self._waiting.append((reply, task))
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name=self._name, daemon=True)
                self._thread.start()
        return reply

    @property
    def has_tasks(self) -> bool:
        """Whether something is being done, or waits."""
        with self._lock:
            return self._thread is not None

    def poll(self) -> None:
        """Deliver progress and ends that came before this moment to their replies; never waits."""
        deliveries = self._deliveries  # `close` replaces them
        for _number in range(deliveries.qsize()):
            deliveries.get_nowait()()

    def close(self) -> None:
        """End all tasks; their replies never end."""
        with self._lock:
            thread = self._thread
            self._cancelled.update(reply.request_id for reply, _task in self._waiting)
            self._cancelled.add(self._current)
            self._waiting.clear()
        if thread is not None:
            thread.join(JOIN_SECONDS)
        self._deliveries = queue.SimpleQueue()

    def _run(self) -> None:
        if self._idle:
            lower_thread_priority()
        while True:
            with self._lock:
                if not self._waiting:
                    self._thread = None
                    return
                reply, task = self._waiting.popleft()
                self._current = reply.request_id
            self._deliver(self._run_task(reply, task))

    def _run_task(self, reply: Reply[Any, Any], task: FileTask[Any, Any]) -> Callable[[], None]:
        """Do a task; return what ends its reply."""
        context: FileTaskContext[Any] = FileTaskContext(
            lambda progress: self._deliver(partial(reply.report, progress)),
            lambda: reply.request_id in self._cancelled,
        )
        try:
            context.raise_if_cancelled()
            return partial(reply.finish, task(context))
        except FileTaskCancelled:
            error = InglenookError(ErrorCode.CANCELLED)
        except InglenookError as raised:
            error = raised
        except Exception as raised:  # noqa: BLE001 - the border of a thread: say it and go on
            _log.exception("a task on files failed")
            error = InglenookError(
                ErrorCode.INTERNAL, detail=type(raised).__name__, logs="front-end.log"
            )
        failed = Failed.from_error(reply.request_id, error)
        return partial(reply.fail, failed)

    def _deliver(self, deliver: Callable[[], None]) -> None:
        """Hand a call over to the owner's thread."""
        self._deliveries.put(deliver)
        self._wake()
