"""Text pacing: while a long slice of a prompt is read, text that was written before is shown."""

import contextlib
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence

import msgspec

from core.base.clock import Clock
from core.engine.runtime.answer_job import ShownText
from core.engine.runtime.slice_sizes import ReadingSlice
from core.ipc.channel import ParentGone

Send = Callable[[msgspec.Struct], None]


class TextPacer:
    """Shows waiting text at its time, while the engine's own thread computes.

    Its thread lives while a piece waits.
    """

    def __init__(self, send: Send, clock: Clock = time.perf_counter) -> None:
        self.send = send
        self.clock = clock
        self.changed = threading.Condition()  # guards the waiting pieces of all lines
        self._lines: list[TextLine] = []
        self._thread: threading.Thread | None = None

    def open_line(self) -> "TextLine":
        """Return the line of a new answer."""
        return TextLine(self)

    def follow_line(self, line: "TextLine") -> None:
        """Show what waits in a line from now on. Only with `changed` held."""
        if line not in self._lines:
            self._lines.append(line)
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="text-pacer", daemon=True)
            self._thread.start()
        self.changed.notify()

    def _run(self) -> None:
        """Show pieces until none waits."""
        with self.changed, contextlib.suppress(ParentGone):  # the engine's own thread sees it, too
            while lines := [line for line in self._lines if line.waiting_count]:
                self._lines = lines
                left = min(line.due_at for line in lines) - self.clock()
                if left > 0:
                    self.changed.wait(left)
                for line in lines:
                    line.show_due()
            self._lines = []
            self._thread = None


class TextLine:
    """The events of one answer, in their order. One thread writes, the pacer's shows.

    With an interval, pieces of text wait until that has passed since the last one; any other event
    takes what waits with it.
    """

    def __init__(self, pacer: TextPacer) -> None:
        self._pacer = pacer
        self._interval = 0.0
        self._waiting: deque[msgspec.Struct] = deque()
        self._shown_at = float("-inf")

    @property
    def is_paced(self) -> bool:
        """Whether pieces wait for their time."""
        return self._interval > 0

    @property
    def waiting_count(self) -> int:
        """Pieces that were written and are not yet shown."""
        return len(self._waiting)

    @property
    def due_at(self) -> float:
        """When the next piece is to be shown."""
        return self._shown_at + self._interval

    def set_interval(self, seconds: float) -> None:
        """Show a piece every so many seconds from now on; 0: all at once, as it is written."""
        if seconds == self._interval:
            return
        with self._pacer.changed:
            self._interval = seconds
            if not seconds:
                self._show_all()
            self._pacer.changed.notify()

    def send_text(self, piece: msgspec.Struct) -> None:
        """Show a piece of text when its time has come."""
        if not self._interval:
            self._pacer.send(piece)
            self._shown_at = self._pacer.clock()
            return
        with self._pacer.changed:
            self._waiting.append(piece)
            self._pacer.follow_line(self)

    def send_event(self, event: msgspec.Struct) -> None:
        """Send another event, after the text that waits."""
        with self._pacer.changed:
            self._show_all()
            self._pacer.send(event)
            self._pacer.changed.notify()

    def show_due(self) -> None:
        """Show the next piece if its time has come. Only with the pacer's `changed` held."""
        now = self._pacer.clock()
        if self._waiting and now >= self.due_at:
            # It leaves the line when it is sent: what is written next may not overtake it.
            self._pacer.send(self._waiting[0])
            self._waiting.popleft()
            self._shown_at = now

    def _show_all(self) -> None:
        while self._waiting:
            self._pacer.send(self._waiting.popleft())
            self._shown_at = self._pacer.clock()


class TextBridge:
    """Text that was written ahead, so that a slice may take longer than a pause."""

    def __init__(self) -> None:
        self.is_used = False
        self._written = 0  # batches that only wrote, since the last slice

    def begin_slice(self, reading: ReadingSlice, shown: Sequence[ShownText]) -> bool:
        """Hold text back for a slice; return whether it may begin: enough waits of every answer.

        Until then they write on. An answer that shows nothing of what it writes doesn't hold
        it up for ever.
        """
        for each in shown:
            each.set_interval(reading.interval)
        self.is_used = reading.interval > 0
        is_ready = all(each.waiting_count >= reading.pieces for each in shown)
        if is_ready or self._written > 2 * reading.pieces:
            self._written = 0
            return True
        self._written += 1
        return False

    def show_all(self, shown: Sequence[ShownText]) -> None:
        """Show all that waits: nothing is read beside any more."""
        self.begin_slice(ReadingSlice(0, 0.0), shown)
