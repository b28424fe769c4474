"""Extractor child process: reads untrusted files one at a time under the kernel's limits."""

import functools
import logging
import os
from typing import Any, BinaryIO

from core.base.errors import ErrorCode, InglenookError
from core.ipc.channel import Channel
from core.library.extractors import file_formats
from core.library.extractors.resource_limits import limit_this_process
from core.library.extractors.safe_file_open import read_file_bytes
from core.messages import ExtractFile, ExtractorRequest, ExtractorResult, Failed, TextExtracted

_log = logging.getLogger(__name__)


def serve(incoming: BinaryIO, outgoing: BinaryIO, role: str, memory_bytes: int) -> None:
    """Read files until the parent hangs up, in at most `memory_bytes`."""
    limit_this_process(memory_bytes)
    if role == "renderer":
        _page_handler()  # whoever clicks on a source is not to wait until it is imported
    channel: Channel[ExtractorRequest] = Channel(ExtractorRequest, incoming, outgoing)
    channel.start(role)
    while True:
        request = channel.receive()
        if request is not None:
            channel.send(_answer(request))


def _answer(request: ExtractorRequest) -> ExtractorResult | Failed:
    try:
        path = os.fsdecode(request.raw) if request.raw else request.path
        if isinstance(request, ExtractFile):
            return _extract(request, request.content or read_file_bytes(path))
        shown: ExtractorResult = _page_handler().handle_request(request, path)
        return shown
    except InglenookError as error:
        return Failed.from_error(request.request_id, error)
    except MemoryError:
        return Failed(request_id=request.request_id, code=ErrorCode.FILE_MEMORY)
    except Exception:  # noqa: BLE001 - the border: whatever a parser throws, the file is broken
        _log.exception("a parser failed")
        return Failed(request_id=request.request_id, code=ErrorCode.FILE_BROKEN)


def _extract(request: ExtractFile, data: bytes) -> TextExtracted:
    content = file_formats.extract_content(data, request.path)
    return TextExtracted(
        request_id=request.request_id,
        pages=content.pages,
        encoding=content.encoding,
        scanned=content.scanned,
    )


@functools.cache
def _page_handler() -> Any:  # noqa: ANN401 - its type is imported where it is made
    from core.library.extractors.page_images.page_request_handler import PageRequestHandler  # noqa: PLC0415 - only pages pay for it

    return PageRequestHandler()
