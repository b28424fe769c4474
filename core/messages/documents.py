"""What is asked about single files: their text, their pages, the picture of a page."""

from core.messages.common import Message


class DocumentText(Message, frozen=True, kw_only=True):
    """Ask for the text of an indexed file as it was read."""

    request_id: str
    folder_id: str
    file: str


class DocumentPage(Message, frozen=True, kw_only=True):
    """One page (or sheet, slide, chapter) of a file; `number` counts from 1, None: no pages.

    `line` is where `text` begins in a file that is itself text, from 1; `recognized` tells that
    the page was a picture whose text was recognised.
    """

    number: int | None
    heading: str
    text: str
    line: int | None = None
    recognized: bool = False


class Document(Message, frozen=True, kw_only=True):
    """An indexed file as it was read, page by page."""

    request_id: str
    file: str
    path: str
    pages: tuple[DocumentPage, ...]


class ReadFile(Message, frozen=True, kw_only=True):
    """Read one file anew, whether a folder holds it or not; nothing of it is kept.

    `path` is absolute; `raw` holds its bytes where they are no text.
    """

    request_id: str
    path: str
    raw: bytes = b""


class PassageText(Message, frozen=True, kw_only=True):
    """One passage as it would be embedded: its title path, its text, its tokens without title."""

    number: int | None
    heading: str
    line: int | None
    title: str
    text: str
    tokens: int


class FileRead(Message, frozen=True, kw_only=True):
    """What was read from a file. `encoding` is "" for files that are no text."""

    request_id: str
    path: str
    encoding: str
    seconds: float
    pages: tuple[DocumentPage, ...]
    passages: tuple[PassageText, ...]


class RenderPage(Message, frozen=True, kw_only=True):
    """Ask for the picture of a page of an indexed PDF or picture, and for the places of `text`.

    `file` is relative, with "/"; `page` counts from 1; `width` in pixels.
    """

    request_id: str
    folder_id: str
    file: str
    page: int
    width: int = 1000
    text: str = ""


class TextBox(Message, frozen=True, kw_only=True):
    """A rectangle around words on a page, as shares (0 to 1) of its width and height from the top.

    Shares stay right at any size of the picture.
    """

    left: float
    top: float
    right: float
    bottom: float


class RenderedPage(Message, frozen=True, kw_only=True):
    """A page's picture: `height` rows of `width` pixels, 3 bytes (red, green, blue) each, no gaps.

    Plain pixels, because a picture file would have to be parsed by whoever shows it. `boxes` hold
    the words of the passage, one or more a line; `pages` is how many pages the file has.
    """

    request_id: str
    page: int
    pages: int
    width: int
    height: int
    pixels: bytes
    boxes: tuple[TextBox, ...]
