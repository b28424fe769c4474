"""Clocks: functions that return seconds, handed in so that a test can say what time it is."""

from collections.abc import Callable

Clock = Callable[[], float]
"""Seconds from any beginning, as of `time.monotonic` or `time.thread_time`: differences count."""
WallClock = Callable[[], float]
"""Seconds since the epoch, as of `time.time`, for what is stored or shown; it may jump."""
