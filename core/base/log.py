"""Log files of the program: ids, sizes and errors, never chat or document text."""

import contextlib
import faulthandler
import logging
import sys
from pathlib import Path

from core.base.private_files import create_private_file

MAX_BYTES = 1024 * 1024
_FORMAT = "%(asctime)s %(process)d %(levelname)s %(name)s: %(message)s"


def trim_log(path: Path) -> None:
    """Cut a log longer than MAX_BYTES to its last half; on a full disk it stays as it is."""
    with contextlib.suppress(OSError):
        if path.stat().st_size > MAX_BYTES:
            kept = path.read_bytes()[-MAX_BYTES // 2 :].partition(b"\n")[2]
            partial = path.with_name(path.name + ".part")
            partial.write_bytes(kept)
            partial.replace(path)


def to_file(path: Path) -> None:
    """Send this process's log and its fatal signals to `path` (front end)."""
    trim_log(path)
    create_private_file(path)
    handler = logging.FileHandler(path, encoding="utf-8")
    handler.setFormatter(logging.Formatter(_FORMAT))
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
    logging.basicConfig(stream=sys.stderr, level=logging.INFO, format=_FORMAT)
    faulthandler.enable(sys.stderr)
