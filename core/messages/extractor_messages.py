"""Messages between the library child and the extractor children: one file in, its text out.

A request's `content` is that of a file which is encrypted on disk; extractors have no key.
"""

from typing import Never

from core.messages.common_messages import Failed, FinalMessage, Hello, Request
from core.messages.document_messages import DocumentPage, TextBox


class ExtractFile(Request[Never, "TextExtracted"], frozen=True, kw_only=True):
    """Read the file at an absolute `path`; `raw` holds its bytes where they are no text."""

    path: str
    raw: bytes = b""
    content: bytes = b""


class TextExtracted(FinalMessage, frozen=True, kw_only=True):
    """The text of one file, page by page; `encoding` is given for files that are text.

    `scanned` are the numbers of the pages that are pictures: their text must be recognised.
    """

    pages: tuple[DocumentPage, ...]
    encoding: str
    scanned: tuple[int, ...]


class RecognizePage(Request[Never, "PageRecognized"], frozen=True, kw_only=True):
    """Recognise the text in the picture that is page `page` (from 1) of a PDF or picture file."""

    path: str
    page: int
    raw: bytes
    content: bytes = b""


class PageRecognized(FinalMessage, frozen=True, kw_only=True):
    """What stands on one scanned page; "" if nothing could be read."""

    text: str


class DrawPage(Request[Never, "DrawnPage"], frozen=True, kw_only=True):
    """Draw a page and find `text` and its `sentences` on it, as described in RenderPage."""

    path: str
    page: int
    width: int
    text: str
    sentences: tuple[str, ...]
    recognize: bool
    sizes: bool
    raw: bytes
    content: bytes = b""


class DrawnPage(FinalMessage, frozen=True, kw_only=True):
    """A page's picture, as described in RenderedPage."""

    width: int
    height: int
    pixels: bytes
    pages: int
    boxes: tuple[TextBox, ...]
    sentence_boxes: tuple[TextBox, ...]
    sizes: tuple[tuple[float, float], ...]


class LocateLetters(Request[Never, "LocatedLetters"], frozen=True, kw_only=True):
    """Tell where the letters of a page stand; `recognize`: those of a scan."""

    path: str
    page: int
    recognize: bool
    raw: bytes
    content: bytes = b""


class LocatedLetters(FinalMessage, frozen=True, kw_only=True):
    """The letters of a page and their places, as described in PageLetters."""

    text: str
    places: bytes


ExtractorRequest = ExtractFile | RecognizePage | DrawPage | LocateLetters
ExtractorResult = TextExtracted | PageRecognized | DrawnPage | LocatedLetters
ExtractorEvent = Hello | ExtractorResult | Failed
