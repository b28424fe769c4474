"""Progress of work on a file, in bytes."""

from collections.abc import Callable
from typing import NamedTuple

REPORT_SECONDS = 0.2
"""Progress is reported at most five times a second."""


class ByteProgress(NamedTuple):
    """So many bytes of `total` are done."""

    done: int
    total: int


ReportBytes = Callable[[ByteProgress], None]
