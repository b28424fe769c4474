"""The disposable child that reads hostile files: one at a time, under the kernel's limits."""

import errno
import functools
import logging
import os
import stat
from typing import Any, BinaryIO, assert_never

from core.channel import Channel
from core.errors import Code, InglenookError, LibraryError
from core.library.extractors import kinds
from core.library.extractors.limits import MAX_FILE_BYTES, limit_self
from core.messages import (
    DrawnPage,
    DrawPage,
    Extracted,
    ExtractFile,
    ExtractorRequest,
    ExtractorResult,
    Failed,
    Recognized,
    RecognizePage,
)
from core.paths import text_recognition_model

_log = logging.getLogger(__name__)


def serve(incoming: BinaryIO, outgoing: BinaryIO, role: str, memory_bytes: int) -> None:
    """Read files until the parent hangs up, in at most `memory_bytes`."""
    limit_self(memory_bytes)
    channel: Channel[ExtractorRequest] = Channel(ExtractorRequest, incoming, outgoing)
    channel.start(role)
    while True:
        request = channel.receive()
        if request is not None:
            channel.send(_answer(request))


def _answer(request: ExtractorRequest) -> ExtractorResult | Failed:
    try:
        data = _read_bytes(os.fsdecode(request.raw) if request.raw else request.path)
        match request:
            case ExtractFile():
                return _extract(request, data)
            case RecognizePage():
                return _recognize(request, data)
            case DrawPage():
                return _draw(request, data)
            case _:
                assert_never(request)
    except InglenookError as error:
        return Failed(request_id=request.request_id, code=error.code, facts=error.facts)
    except MemoryError:
        return Failed(request_id=request.request_id, code=Code.FILE_MEMORY)
    except Exception:  # noqa: BLE001 - the border: whatever a parser throws, the file is broken
        _log.exception("a parser failed")
        return Failed(request_id=request.request_id, code=Code.FILE_BROKEN)


def _extract(request: ExtractFile, data: bytes) -> Extracted:
    content = kinds.read(data, request.path)
    return Extracted(
        request_id=request.request_id,
        pages=content.pages,
        encoding=content.encoding,
        scanned=content.scanned,
    )


def _recognize(request: RecognizePage, data: bytes) -> Recognized:
    from core.library.extractors import drawing  # noqa: PLC0415 - only scans pay for it

    sheet = drawing.Sheet(data, request.path, request.page)
    try:
        picture = sheet.pixels(area=drawing.RECOGNIZED_PIXELS)
    finally:
        sheet.close()
    return Recognized(request_id=request.request_id, text=_recognizer().read(picture).text)


def _draw(request: DrawPage, data: bytes) -> DrawnPage:
    from core.library.extractors import drawing  # noqa: PLC0415 - only viewers pay for it

    sheet = drawing.Sheet(data, request.path, request.page)
    try:
        picture = sheet.pixels(width=max(1, request.width))
        height, width = picture.shape[:2]
        boxes = tuple(sheet.find(request.text))
        if request.text and not boxes and text_recognition_model().is_dir():
            read = sheet.pixels(area=drawing.RECOGNIZED_PIXELS)
            size = (read.shape[1], read.shape[0])
            boxes = drawing.boxes_of_lines(_recognizer().read(read).lines, request.text, size)
    finally:
        sheet.close()
    return DrawnPage(
        request_id=request.request_id,
        width=width,
        height=height,
        pixels=picture.tobytes(),
        pages=sheet.count,
        boxes=boxes,
    )


@functools.cache
def _recognizer() -> Any:  # noqa: ANN401 - its type is imported where it is made
    from core.library.extractors.recognition import Recognizer  # noqa: PLC0415 - only scans pay

    return Recognizer(text_recognition_model())


def _read_bytes(path: str) -> bytes:
    """Return a regular file's bytes; a link, pipe or device put in its place is not opened."""
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    flags |= getattr(os, "O_BINARY", 0)
    try:
        descriptor = os.open(path, flags)
    except OSError as error:
        code = Code.FILE_LINK if error.errno == errno.ELOOP else Code.FILE_UNREADABLE
        raise LibraryError(code) from error
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
