"""File time: whether a child hangs or computes for ever, or only waits for a busy machine."""

import contextlib
import time

import psutil

from core.base.clock import Clock

_STARVED_FACTOR = 10
"""A child that gets no processor time has so many times as long."""
_LONGEST_LOOK = 1.0
"""Seconds that one look stands for, at most: whoever looks may be kept from it himself."""
_WANTS_TO_RUN = {psutil.STATUS_RUNNING, psutil.STATUS_DISK_SLEEP, psutil.STATUS_WAKING}


class FileTime:
    """Time that a child takes for one request, told from the time it is kept from working."""

    def __init__(self, clock: Clock = time.monotonic) -> None:
        self._clock = clock
        self.start_counting(None)

    def start_counting(self, pid: int | None) -> None:
        """Begin to count: the child has been given a request."""
        self._began = self._looked = self._clock()
        self._idle = 0.0
        self._used_before = self._used = _processor_seconds(pid)

    def has_run_out(self, pid: int | None, limit: float) -> bool:
        """Look at the child; return whether it has taken more than `limit` seconds.

        That is so many of the processor's, or so many in which it was seen to want nothing, or
        ten times as many on the wall.
        """
        now = self._clock()
        gap, self._looked = now - self._looked, now
        if now - self._began > _STARVED_FACTOR * limit:
            return True
        used = _processor_seconds(pid)
        if used > self._used or _wants_to_run(pid):
            self._idle = 0.0
        else:
            self._idle += min(gap, _LONGEST_LOOK)
        self._used = used
        if now - self._began <= limit:  # threads of one child may use more between them
            return False
        return used - self._used_before > limit or self._idle > limit


def _processor_seconds(pid: int | None) -> float:
    with contextlib.suppress(psutil.Error):
        return sum(psutil.Process(pid).cpu_times()[:2]) if pid else 0.0
    return 0.0


def _wants_to_run(pid: int | None) -> bool:
    """Return whether a child computes, waits for the processor or for the disk."""
    with contextlib.suppress(psutil.Error):
        return pid is not None and psutil.Process(pid).status() in _WANTS_TO_RUN
    return False
