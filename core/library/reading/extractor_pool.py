"""Extractor pool: disposable child processes, one request at a time each, with time limits."""

import contextlib
import os
import sys
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import psutil

from core.base.errors import ErrorCode, LibraryError
from core.base.i18n import _
from core.ipc.child_process import ChildProcess, describe_exit
from core.ipc.file_passing import can_pass_files
from core.library.extractors.safe_file_open import open_descriptor
from core.library.reading.encrypted_files import with_decrypted_content
from core.library.reading.file_time import FileTime
from core.messages import (
    ChildDied,
    ExtractorEvent,
    ExtractorRequest,
    ExtractorResult,
    Failed,
    Hello,
)

_START_SECONDS = 60.0
"""A child that has not sent Hello by then never will."""
_FAILED_STARTS = 3
"""After so many children in a row that ended before they got a file, none will ever read one."""

_LOWEST, _FAIR_STEPS = 19, 3
"""Where nobody waits, and how far below the library otherwise: beside an answer on the only core
that is a seventh of it, and on a busy machine eleven times as much as the lowest gets."""

Outcome = ExtractorResult | Failed


@dataclass(frozen=True, slots=True)
class ChildLimits:
    """Limits of one request; past them, its child is killed.

    `restart_seconds` is the wait after a child that never became ready. `in_background` gives the
    children the lowest priority: the engine must come first, since its threads wait for the slowest
    of them. `ExtractorPool.set_slow` and `hurry` end that.
    """

    seconds: float
    memory_bytes: int
    files_per_child: int = 200
    restart_seconds: float = 0.5
    in_background: bool = True


class _Child:
    """One process and the request it works on."""

    def __init__(self, role: str, log_path: Path, wake: Callable[[], None]) -> None:
        self.process: ChildProcess[ExtractorEvent] = ChildProcess(
            role, ExtractorEvent, log_path, wake
        )
        self.process.passes_files = True
        self.begun = False
        self.ready = False
        self.is_slow = False
        self.started = 0.0
        self.file_time = FileTime()
        self.files = 0
        self.request: ExtractorRequest | None = None

    @property
    def ended(self) -> bool:
        return self.begun and self.process.pid is None

    def begin(self) -> None:
        self.begun = True
        self.started = time.monotonic()
        self.process.start()

    def work_on(self, request: ExtractorRequest) -> None:
        """Send the request with its file, which the child could not open. Raises LibraryError."""
        request = with_decrypted_content(request)
        path = os.fsdecode(request.raw) if request.raw else request.path
        if can_pass_files() and not request.content:
            self.process.pass_file(open_descriptor(path))
        self.request = request
        self.file_time.start_counting(self.process.pid)
        self.files += 1
        self.process.send(request)


class ExtractorPool:
    """A queue of requests, `slots` of which are worked on at once; call `poll` while any is open.

    One thread calls all methods; `wake` is called from others when `poll` has something to return.
    """

    def __init__(
        self,
        role: str,
        log_path: Path,
        wake: Callable[[], None],
        limits: ChildLimits,
        *,
        slots: int = 1,
        spares: int = 0,
    ) -> None:
        """`spares` are children beyond the slots, ready by the time another is used up."""
        self._role = role
        self._log_path = log_path
        self._wake = wake
        self._limits = limits
        self._failed_starts = 0
        self._next_start = 0.0
        self._queue: deque[ExtractorRequest] = deque()
        self._refused: list[Outcome] = []  # files that could not be opened
        self._children = [self._new_child() for _ in range(slots + spares)]
        self._slots = slots
        self._is_slow = True
        self._begin_children()

    def hurry(self) -> None:
        """Give children a fair share from now on; what slow ones work on begins anew in others.

        The priority of a process can't be raised again without special rights.
        """
        self._is_slow = False
        for index, child in enumerate(self._children):
            if child.is_slow:
                if child.request is not None:
                    self._queue.appendleft(child.request)
                child.process.kill()
                child.process.stop()
                self._children[index] = self._new_child()
        self._begin_children()

    def set_slow(self, *, slow: bool) -> None:
        """Give children the lowest priority, or a fair share again from their next file on."""
        self._is_slow = slow
        for child in self._children:
            if slow and child.ready and self._limits.in_background and not child.is_slow:
                child.is_slow = True
                _lower_priority(child.process.pid, to_the_lowest=True)

    def submit_request(self, request: ExtractorRequest) -> None:
        """Queue a request; one outcome will have its id."""
        self._queue.append(request)

    def poll(self) -> list[Outcome]:
        """Return new outcomes, and hand the next requests out. Never waits.

        Raises LibraryError when no child can be started.
        """
        done: list[Outcome] = []
        for index, child in enumerate(self._children):
            outcome = self._poll_child(child)
            if outcome is not None:
                done.append(outcome)
            used_up = outcome is not None and (
                child.files >= self._limits.files_per_child or _is_suspicious(outcome)
            )
            too_slow = child.is_slow and not self._is_slow and child.request is None
            if child.ended or used_up or too_slow:
                child.process.stop()
                self._children[index] = self._new_child()
        self._begin_children()
        self._hand_out()
        done += self._refused
        self._refused = []
        return done

    def stop(self) -> None:
        """End all children; queued requests are dropped."""
        self._queue.clear()
        for child in self._children:
            child.process.kill()
            child.process.stop()

    def _new_child(self) -> _Child:
        return _Child(self._role, self._log_path, self._wake)

    def _begin_children(self) -> None:
        """Start children that don't run; after a failed start, one at a time and later."""
        for child in self._children:
            if not child.begun and time.monotonic() >= self._next_start:
                child.begin()
                if self._failed_starts:
                    self._next_start = time.monotonic() + self._limits.restart_seconds

    def _count_failed_start(self, detail: str) -> None:
        """Count a child that ended before it got a request; the next one has to wait."""
        self._failed_starts += 1
        self._next_start = time.monotonic() + self._limits.restart_seconds
        if self._failed_starts >= _FAILED_STARTS and not any(c.ready for c in self._children):
            logs = str(self._log_path.parent)
            raise LibraryError(ErrorCode.READER_FAILED, detail=detail, logs=logs)

    def _hand_out(self) -> None:
        busy = sum(1 for child in self._children if child.request)
        for child in sorted(self._children, key=lambda child: -child.files):
            if not self._queue or busy >= self._slots:
                return
            if child.ready and child.request is None:
                busy += self._begin_next(child)

    def _begin_next(self, child: _Child) -> bool:
        """Give a child the next request whose file can be opened; return whether there was one."""
        while self._queue:
            request = self._queue.popleft()
            try:
                child.work_on(request)
            except LibraryError as error:
                failed = Failed.from_error(request.request_id, error)
                self._refused.append(failed)
            else:
                return True
        return False

    def _poll_child(self, child: _Child) -> Outcome | None:
        """Return the outcome of the child's request, None if it hasn't ended."""
        for event in child.process.poll():
            if isinstance(event, Hello):
                child.ready = True
                if self._limits.in_background:
                    child.is_slow = self._is_slow
                    _lower_priority(child.process.pid, to_the_lowest=child.is_slow)
            elif isinstance(event, ChildDied):
                return self._on_child_died(child, event)
            elif child.request and event.request_id == child.request.request_id:
                self._failed_starts = 0
                child.request = None
                return event
        return self._enforce_limits(child)

    def _enforce_limits(self, child: _Child) -> Outcome | None:
        """Kill a child that takes too long or too much memory; return its outcome then."""
        if child.request is None:
            elapsed = time.monotonic() - child.started
            if child.begun and not child.ready and elapsed > _START_SECONDS:
                child.process.stop()
                self._count_failed_start(_("it does not answer"))
            return None
        if child.file_time.has_run_out(child.process.pid, self._limits.seconds):
            code, facts = ErrorCode.FILE_TIMEOUT, {"seconds": f"{self._limits.seconds:g}"}
        elif _memory_of(child.process.pid) > self._limits.memory_bytes:
            code, facts = ErrorCode.FILE_MEMORY, {}
        else:
            return None
        child.process.kill()
        child.process.stop()
        return _failed(child, code, facts)

    def _on_child_died(self, child: _Child, event: ChildDied) -> Outcome | None:
        child.ready = False
        if child.request is None:
            self._count_failed_start(describe_exit(event.exit_code))
            return None
        out_of_memory = "memory allocation of" in event.tail or "MemoryError" in event.tail
        return _failed(
            child, ErrorCode.FILE_MEMORY if out_of_memory else ErrorCode.FILE_READER_DIED, {}
        )


def _lower_priority(pid: int | None, *, to_the_lowest: bool) -> None:
    """Give a child the lowest priority there is, or one a little below the library's."""
    with contextlib.suppress(psutil.Error):
        process = psutil.Process(pid)
        if sys.platform == "win32":
            lowest, below = psutil.IDLE_PRIORITY_CLASS, psutil.BELOW_NORMAL_PRIORITY_CLASS
            process.nice(lowest if to_the_lowest else below)
        else:
            process.nice(_LOWEST if to_the_lowest else min(process.nice() + _FAIR_STEPS, _LOWEST))


def _failed(child: _Child, code: ErrorCode, facts: dict[str, str]) -> Failed:
    assert child.request is not None  # only a request can fail
    failed = Failed(request_id=child.request.request_id, code=code, facts=facts)
    child.request = None
    return failed


def _is_suspicious(outcome: Outcome) -> bool:
    """Whether the child may be in a bad state: its file was broken, or memory ran out."""
    codes = {ErrorCode.FILE_BROKEN, ErrorCode.FILE_MEMORY, ErrorCode.INTERNAL}
    return isinstance(outcome, Failed) and outcome.code in codes


def _memory_of(pid: int | None) -> int:
    """Return the resident bytes of a child; POSIX limits it too, this is what Windows has."""
    try:
        return int(psutil.Process(pid).memory_info().rss) if pid else 0
    except psutil.Error:
        return 0
