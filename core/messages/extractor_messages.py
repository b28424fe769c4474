"""Messages between the library child and the extractor children: one file in, its text out."""

from core.messages.common_messages import Failed, Hello, Message
from core.messages.document_messages import DocumentPage, TextBox


class ExtractFile(Message, frozen=True, kw_only=True):
    """Read the file at an absolute `path`; `raw` holds its bytes where they are no text."""

    request_id: str
    path: str
    raw: bytes = b""


class TextExtracted(Message, frozen=True, kw_only=True):
    """The text of one file, page by page; `encoding` is given for files that are text.

    `scanned` are the numbers of the pages that are pictures: their text must be recognised.
    """

    request_id: str
    pages: tuple[DocumentPage, ...]
    encoding: str = ""
    scanned: tuple[int, ...] = ()


class RecognizePage(Message, frozen=True, kw_only=True):
    """Recognise the text in the picture that is page `page` (from 1) of a PDF or picture file."""

    request_id: str
    path: str
    page: int
    raw: bytes = b""


class PageRecognized(Message, frozen=True, kw_only=True):
    """What stands on one scanned page; "" if nothing could be read."""

    request_id: str
    text: str


class DrawPage(Message, frozen=True, kw_only=True):
    """Draw a page and find `text` on it, as described in RenderPage."""

    request_id: str
    path: str
    page: int
    width: int
    text: str = ""
    recognize: bool = False
    sizes: bool = False
    raw: bytes = b""


class DrawnPage(Message, frozen=True, kw_only=True):
    """A page's picture, as described in RenderedPage."""

    request_id: str
    width: int
    height: int
    pixels: bytes
    pages: int
    boxes: tuple[TextBox, ...]
    sizes: tuple[tuple[float, float], ...] = ()


class LocateLetters(Message, frozen=True, kw_only=True):
    """Tell where the letters of a page stand; `recognize`: those of a scan."""

    request_id: str
    path: str
    page: int
    recognize: bool = False
    raw: bytes = b""


class LocatedLetters(Message, frozen=True, kw_only=True):
    """The letters of a page and their places, as described in PageLetters."""

    request_id: str
    text: str
    places: bytes


ExtractorRequest = ExtractFile | RecognizePage | DrawPage | LocateLetters
ExtractorResult = TextExtracted | PageRecognized | DrawnPage | LocatedLetters
ExtractorEvent = Hello | ExtractorResult | Failed
