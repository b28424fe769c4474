"""Between the library child and an extractor child: one file in, its text out."""

from core.messages.common import Failed, Hello, Message
from core.messages.library import DocumentPage


class ExtractFile(Message, frozen=True, kw_only=True):
    """Read the file at an absolute `path`; `raw` holds its bytes where they are no text."""

    request_id: str
    path: str
    raw: bytes = b""


class Extracted(Message, frozen=True, kw_only=True):
    """The text of one file, page by page."""

    request_id: str
    title: str
    pages: tuple[DocumentPage, ...]


ExtractorRequest = ExtractFile
ExtractorEvent = Hello | Extracted | Failed
