"""Request interrupts: which requests native code works on, and when it has to stop."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from core.engine.llama.abort_flag import AbortFlag


class Interrupts:
    """Requests that run and that were cancelled; `flag` is set while one of them is both.

    It is also set while something arrives during work that nobody waits for. The thread that reads
    requests calls `note_arrival` and `note_cancel`, the one that computes everything else.
    """

    def __init__(self) -> None:
        self.flag = AbortFlag()
        self._running: set[str] = set()
        self._cancelled: set[str] = set()
        self._is_idle_work = False
        self._lock = threading.Lock()  # the sets and the flag change together

    def note_arrival(self) -> None:
        """Stop what nobody waits for: a request is there."""
        with self._lock:
            if self._is_idle_work:
                self.flag.set_flag()

    def note_cancel(self, request_id: str) -> None:
        """Stop native code if it works on this request."""
        with self._lock:
            self._cancelled.add(request_id)
            if request_id in self._running:
                self.flag.set_flag()

    def begin_request(self, request_id: str) -> None:
        """Native code is about to work on a request, which may be cancelled already."""
        with self._lock:
            self._running.add(request_id)
            if request_id in self._cancelled:
                self.flag.set_flag()

    def end_request(self, request_id: str) -> None:
        """Native code has no more to do with a request."""
        with self._lock:
            self._running.discard(request_id)
            self._clear_flag()

    def forget_cancel(self, request_id: str) -> None:
        """A cancel was handled in its turn."""
        with self._lock:
            self._cancelled.discard(request_id)

    def was_cancelled(self, request_id: str) -> bool:
        """Whether a request was cancelled, and that is not yet handled."""
        return request_id in self._cancelled

    @property
    def due_requests(self) -> set[str]:
        """The requests that run and were cancelled."""
        with self._lock:
            return self._running & self._cancelled

    @contextmanager
    def idle_work(self) -> Iterator[None]:
        """Whatever arrives within interrupts native code."""
        with self._lock:
            self._is_idle_work = True
        try:
            yield
        finally:
            with self._lock:
                self._is_idle_work = False
                self._clear_flag()

    def _clear_flag(self) -> None:
        if not self._running & self._cancelled:
            self.flag.clear_flag()
