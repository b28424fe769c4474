"""Messages about single documents: their text, their pages, the picture of a page."""

from typing import Never

from core.messages.common_messages import FinalMessage, Message, Request


class LoadDocument(Request[Never, "Document"], frozen=True, kw_only=True):
    """Ask for the text of an indexed file as it was read."""

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


class Document(FinalMessage, frozen=True, kw_only=True):
    """An indexed file as it was read, page by page.

    `content_hash` names the bytes it was read from. `standing` is what has become of the file
    since: here, changed, gone, or offline when its whole folder is not there.
    """

    file: str
    path: str
    pages: tuple[DocumentPage, ...]
    content_hash: str = ""
    standing: str = "here"


class ReadFile(Request[Never, "FileRead"], frozen=True, kw_only=True):
    """Read one file anew, whether a folder holds it or not; nothing of it is kept.

    `path` is absolute; `raw` holds its bytes where they are no text.
    """

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


class FileRead(FinalMessage, frozen=True, kw_only=True):
    """What was read from a file. `encoding` is "" for files that are no text."""

    path: str
    encoding: str
    seconds: float
    pages: tuple[DocumentPage, ...]
    passages: tuple[PassageText, ...]


class RenderPage(Request[Never, "RenderedPage"], frozen=True, kw_only=True):
    """Ask for the picture of a page of a PDF or picture, and for the places of `text` on it.

    An indexed file is named by `folder_id` and `file`, which is relative, with "/"; any other by
    its absolute `path` (`raw`: its bytes where they are no text). `page` counts from 1; `width` in
    pixels. `sentences` of `text` are looked for within it. `recognize`: look for both in what is
    recognised on a scan, which takes seconds; `sizes`: tell the sizes of all pages too.
    """

    page: int
    folder_id: str = ""
    file: str = ""
    path: str = ""
    raw: bytes = b""
    width: int = 1000
    text: str = ""
    sentences: tuple[str, ...] = ()
    recognize: bool = False
    sizes: bool = False


class ReadLetters(Request[Never, "PageLetters"], frozen=True, kw_only=True):
    """Ask where each letter of a page stands; the file is named as in RenderPage.

    `recognize`: of a scan, the letters that are recognised on it.
    """

    page: int
    folder_id: str
    file: str
    path: str = ""
    raw: bytes = b""
    recognize: bool = False


class PageLetters(FinalMessage, frozen=True, kw_only=True):
    """The letters of a page in reading order, and the box of each.

    `places` holds four little-endian 16-bit numbers a letter: left, top, right and bottom as shares
    of the page's sides, 65535 being the whole side.
    """

    page: int
    text: str
    places: bytes


class PrepareViewing(Message, frozen=True, kw_only=True):
    """Somebody may look at a page soon: let the process that draws it be ready."""


class TextBox(Message, frozen=True, kw_only=True):
    """A rectangle around words on a page, as shares (0 to 1) of its width and height from the top.

    Shares stay right at any size of the picture.
    """

    left: float
    top: float
    right: float
    bottom: float


class RenderedPage(FinalMessage, frozen=True, kw_only=True):
    """A page's picture: `height` rows of `width` pixels, 3 bytes (red, green, blue) each, no gaps.

    Plain pixels, because a picture file would have to be parsed by whoever shows it. `boxes` hold
    the words of the passage, one or more a line, `sentence_boxes` those of its sentences; `pages`
    is how many pages the file has, `sizes` their widths and heights if these were asked for.
    """

    page: int
    pages: int
    width: int
    height: int
    pixels: bytes
    boxes: tuple[TextBox, ...]
    sentence_boxes: tuple[TextBox, ...] = ()
    sizes: tuple[tuple[float, float], ...] = ()


DocumentRequest = LoadDocument | ReadFile | RenderPage | ReadLetters | PrepareViewing
DocumentEvent = Document | FileRead | RenderedPage | PageLetters
