"""The disposable child that reads hostile files: one at a time, under the kernel's limits."""

import logging
import os
import stat
from typing import BinaryIO

from core.channel import Channel
from core.errors import Code, InglenookError, LibraryError
from core.library.extractors import kinds
from core.library.extractors.limits import MAX_FILE_BYTES, limit_self
from core.messages import Extracted, ExtractFile, ExtractorRequest, Failed

_log = logging.getLogger(__name__)


def serve(incoming: BinaryIO, outgoing: BinaryIO) -> None:
    """Read files until the parent hangs up."""
    limit_self()
    channel: Channel[ExtractorRequest] = Channel(ExtractorRequest, incoming, outgoing)
    channel.start("extractor")
    while True:
        request = channel.receive()
        if request is not None:
            channel.send(_answer(request))


def _answer(request: ExtractFile) -> Extracted | Failed:
    try:
        data = _read_bytes(os.fsdecode(request.raw) if request.raw else request.path)
        pages = kinds.read(data, request.path)
    except InglenookError as error:
        return Failed(request_id=request.request_id, code=error.code, facts=error.facts)
    except MemoryError:
        return Failed(request_id=request.request_id, code=Code.FILE_MEMORY)
    except Exception:  # noqa: BLE001 - the border: whatever a parser throws, the file is broken
        _log.exception("a parser failed")
        return Failed(request_id=request.request_id, code=Code.FILE_BROKEN)
    return Extracted(request_id=request.request_id, title="", pages=pages)


def _read_bytes(path: str) -> bytes:
    """Return a regular file's bytes; a link, pipe or device put in its place is not opened."""
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    flags |= getattr(os, "O_BINARY", 0)
    try:
        descriptor = os.open(path, flags)
    except OSError as error:
        raise LibraryError(Code.FILE_UNREADABLE) from error
    with os.fdopen(descriptor, "rb") as file:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise LibraryError(Code.FILE_SPECIAL)
        if status.st_size > MAX_FILE_BYTES:
            raise LibraryError(
                Code.FILE_TOO_LARGE,
                size=f"{status.st_size // 2**20} MB",
                limit=f"{MAX_FILE_BYTES // 2**20} MB",
            )
        try:
            data = file.read(MAX_FILE_BYTES)
        except OSError as error:
            raise LibraryError(Code.FILE_UNREADABLE) from error
    if not data:
        raise LibraryError(Code.FILE_EMPTY)
    return data
