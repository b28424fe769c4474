"""Log files of the program: ids, sizes and errors, never chat or document text."""

import contextlib
import errno
import faulthandler
import logging
import sys
import traceback
from pathlib import Path
from types import TracebackType
from typing import TypeAlias

from core.base.private_files import create_private_file

_ExceptionFacts: TypeAlias = (
    tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]
)
MAX_BYTES = 1024 * 1024
_FORMAT = "%(asctime)s %(process)d %(levelname)s %(name)s: %(message)s"


class _Formatter(logging.Formatter):
    """Leaves out what an exception says where the data is encrypted: it may name a file."""

    is_brief = False

    def formatException(self, ei: _ExceptionFacts) -> str:  # noqa: N802 - the name of logging
        if not _Formatter.is_brief or ei[0] is None:
            return super().formatException(ei)
        frames = "".join(traceback.format_tb(ei[2]))
        return f"{frames}{ei[0].__name__}"


class _LogFile(logging.FileHandler):
    """Loses lines without a word where the disk is full: a terminal would show a traceback."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - the name of logging
        """Say nothing."""

    def close(self) -> None:
        """Close the file; what is left in the buffer may be lost."""
        with contextlib.suppress(OSError):
            super().close()


def hide_details(*, hidden: bool) -> None:
    """Keep what exceptions say out of the log, or let it in; frames and names of errors stay."""
    _Formatter.is_brief = hidden


def trim_log(path: Path) -> None:
    """Cut a log longer than MAX_BYTES to its last half; on a full disk it stays as it is."""
    with contextlib.suppress(OSError):
        if path.stat().st_size > MAX_BYTES:
            kept = path.read_bytes()[-MAX_BYTES // 2 :].partition(b"\n")[2]
            partial = path.with_name(path.name + ".part")
            partial.write_bytes(kept)
            partial.replace(path)


def to_file(path: Path) -> None:
    """Send this process's log and its fatal signals to `path` (front end); none on a full disk."""
    trim_log(path)
    try:
        create_private_file(path)
        handler = _LogFile(path, encoding="utf-8")
    except OSError as error:
        if error.errno not in {errno.ENOSPC, errno.EDQUOT}:
            raise
        return
    handler.setFormatter(_Formatter(_FORMAT))
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    assert handler.stream is not None  # opened at once: `delay` is off
    faulthandler.enable(handler.stream.fileno())


def close() -> None:
    """Close the log file; the last step of a front end."""
    faulthandler.disable()
    root = logging.getLogger()
    for handler in list(root.handlers):
        if isinstance(handler, logging.FileHandler):
            root.removeHandler(handler)
            handler.close()


def to_stderr() -> None:
    """Send this process's log and its fatal signals to standard error (children: their log)."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Formatter(_FORMAT))
    logging.basicConfig(level=logging.INFO, handlers=[handler])
    faulthandler.enable(sys.stderr)
