"""The disposable child that reads hostile files: one at a time, under the kernel's limits."""

import functools
import logging
import os
from typing import Any, BinaryIO

from core.channel import Channel
from core.errors import Code, InglenookError
from core.library.extractors import kinds
from core.library.extractors.limits import limit_self
from core.library.extractors.opening import read_bytes
from core.messages import (
    Extracted,
    ExtractFile,
    ExtractorRequest,
    ExtractorResult,
    Failed,
)

_log = logging.getLogger(__name__)


def serve(incoming: BinaryIO, outgoing: BinaryIO, role: str, memory_bytes: int) -> None:
    """Read files until the parent hangs up, in at most `memory_bytes`."""
    limit_self(memory_bytes)
    if role == "drawer":
        _showing()  # whoever clicks on a source is not to wait until it is imported
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
            return _extract(request, read_bytes(path))
        shown: ExtractorResult = _showing().answer(request, path)
        return shown
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


@functools.cache
def _showing() -> Any:  # noqa: ANN401 - its type is imported where it is made
    from core.library.extractors.showing import Showing  # noqa: PLC0415 - only pages pay for it

    return Showing()
