"""Reads files in disposable children: one file at a time, replaced after any failure."""

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import psutil

from core.errors import Code, LibraryError
from core.library.extractors.limits import MAX_MEMORY_BYTES
from core.library.names import display_name, raw_name
from core.messages import (
    DocumentPage,
    Extracted,
    ExtractFile,
    ExtractorEvent,
    Failed,
    Hello,
    WorkerDied,
)
from core.words import _
from core.worker import Worker, describe_exit

FILE_SECONDS = 30.0
FILES_PER_CHILD = 25
_START_SECONDS = 60.0
"""A child that has not said hello by then never will."""
_FAILED_STARTS = 3
"""As many children in a row that ended before they were given a file: none will ever read."""
RESTART_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class Reading:
    """How reading one file ended: with pages, or with the reason why not."""

    key: str
    pages: tuple[DocumentPage, ...] = ()
    code: str | None = None
    facts: dict[str, str] | None = None


class _Child:
    """One extractor process and the file it is at."""

    def __init__(self, log_path: Path, wake: Callable[[], None]) -> None:
        self.worker: Worker[ExtractorEvent] = Worker("extractor", ExtractorEvent, log_path, wake)
        self.begun = False
        self.ready = False
        self.started = 0.0
        self.files = 0
        self.request: ExtractFile | None = None

    @property
    def ended(self) -> bool:
        return self.begun and self.worker.pid is None

    def begin(self) -> None:
        self.begun = True
        self.started = time.monotonic()
        self.worker.start()

    def read(self, request: ExtractFile) -> None:
        self.request = request
        self.started = time.monotonic()
        self.files += 1
        self.worker.send(request)


class Reader:
    """A queue of files, `lanes` of which are read at once; call `poll` until nothing is open.

    All methods belong to one thread; `wake` is called from others when `poll` has news.
    """

    def __init__(
        self,
        log_path: Path,
        wake: Callable[[], None],
        *,
        lanes: int = 1,
        file_seconds: float = FILE_SECONDS,
        memory_bytes: int = MAX_MEMORY_BYTES,
        files_per_child: int = FILES_PER_CHILD,
        restart_seconds: float = RESTART_SECONDS,
    ) -> None:
        self._log_path = log_path
        self._wake = wake
        self._file_seconds = file_seconds
        self._memory_bytes = memory_bytes
        self._files_per_child = files_per_child
        self._restart_seconds = restart_seconds
        self._failed_starts = 0
        self._next_start = 0.0
        self._queue: deque[ExtractFile] = deque()
        # One child more than lanes: the spare has started by the time another is used up.
        self._children = [_Child(log_path, wake) for _ in range(lanes + 1)]
        self._lanes = lanes
        self._begin_children()

    @property
    def open(self) -> int:
        """How many submitted files have not come back yet."""
        return len(self._queue) + sum(1 for child in self._children if child.request)

    def submit(self, key: str, path: str) -> None:
        """Queue a file; `key` names it in the answer. `path` may hold lone surrogates."""
        request = ExtractFile(request_id=key, path=display_name(path), raw=raw_name(path))
        self._queue.append(request)

    def poll(self) -> list[Reading]:
        """Return the files that are done, and hand the next ones out. Never waits.

        Raises LibraryError when no child can be started.
        """
        done: list[Reading] = []
        for index, child in enumerate(self._children):
            reading = self._news_of(child)
            if reading is not None:
                done.append(reading)
            if reading is None and not child.ended:
                continue
            if (
                child.ended
                or child.files >= self._files_per_child
                or (reading is not None and _is_suspicious(reading))
            ):
                child.worker.stop()
                self._children[index] = _Child(self._log_path, self._wake)
        self._begin_children()
        self._hand_out()
        return done

    def stop(self) -> None:
        """End all children; what was queued is dropped."""
        self._queue.clear()
        for child in self._children:
            child.worker.kill()
            child.worker.stop()

    def _begin_children(self) -> None:
        """Start what is to be started; after a failed start, only one at a time and later."""
        for child in self._children:
            if not child.begun and time.monotonic() >= self._next_start:
                child.begin()
                if self._failed_starts:
                    self._next_start = time.monotonic() + self._restart_seconds

    def _never_began(self, detail: str) -> None:
        """Count a child that ended without a file; the next one has to wait."""
        self._failed_starts += 1
        self._next_start = time.monotonic() + self._restart_seconds
        if self._failed_starts >= _FAILED_STARTS and not any(c.ready for c in self._children):
            logs = str(self._log_path.parent)
            raise LibraryError(Code.READER_FAILED, detail=detail, logs=logs)

    def _hand_out(self) -> None:
        busy = sum(1 for child in self._children if child.request)
        for child in sorted(self._children, key=lambda child: -child.files):
            if not self._queue or busy >= self._lanes:
                return
            if child.ready and child.request is None:
                child.read(self._queue.popleft())
                busy += 1

    def _news_of(self, child: _Child) -> Reading | None:
        """Return how the child's file ended, None if it hasn't."""
        for event in child.worker.poll():
            if isinstance(event, Hello):
                child.ready = True
            elif isinstance(event, WorkerDied):
                return self._died(child, event)
            elif isinstance(event, Extracted):
                self._failed_starts = 0
                return _ended(child, Reading(event.request_id, event.pages))
            elif isinstance(event, Failed):
                self._failed_starts = 0
                return _ended(child, Reading(event.request_id, (), event.code, event.facts))
        return self._overstepped(child)

    def _overstepped(self, child: _Child) -> Reading | None:
        """Kill a child that takes too long or too much."""
        elapsed = time.monotonic() - child.started
        if child.request is None:
            if child.begun and not child.ready and elapsed > _START_SECONDS:
                child.worker.stop()
                self._never_began(_("it does not answer"))
            return None
        reason: Reading | None = None
        if elapsed > self._file_seconds:
            facts = {"seconds": f"{self._file_seconds:g}"}
            reason = Reading(child.request.request_id, (), Code.FILE_TIMEOUT, facts)
        elif _memory_of(child.worker.pid) > self._memory_bytes:
            reason = Reading(child.request.request_id, (), Code.FILE_MEMORY, {})
        if reason is None:
            return None
        child.worker.kill()
        child.worker.stop()
        return _ended(child, reason)

    def _died(self, child: _Child, event: WorkerDied) -> Reading | None:
        child.ready = False
        if child.request is None:
            self._never_began(describe_exit(event.exit_code))
            return None
        out_of_memory = "memory allocation of" in event.tail or "MemoryError" in event.tail
        code = Code.FILE_MEMORY if out_of_memory else Code.FILE_READER_DIED
        return _ended(child, Reading(child.request.request_id, (), code, {}))


def _ended(child: _Child, reading: Reading) -> Reading:
    child.request = None
    return reading


def _is_suspicious(reading: Reading) -> bool:
    """Whether the child may have been harmed: it read something broken, or ran out of memory."""
    return reading.code in {Code.FILE_BROKEN, Code.FILE_MEMORY, Code.INTERNAL}


def _memory_of(pid: int | None) -> int:
    """Return the resident bytes of a child; POSIX limits it too, this is what Windows has."""
    try:
        return int(psutil.Process(pid).memory_info().rss) if pid else 0
    except psutil.Error:
        return 0
