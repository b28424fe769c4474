"""A document in the viewer: opened from an answer, its pages drawn, its text and letters read."""

from core.messages import (
    Document,
    DocumentPage,
    LoadDocument,
    PageLetters,
    ReadLetters,
    RenderedPage,
    RenderPage,
    SearchHit,
    TextBox,
)
from desktop.sources.viewer.document_viewer import DocumentViewer
from tests.desktop.desk import Desk
from tests.desktop.values import LINE, folder, hit, letters

WORDS = "Every second Friday the long beds are watered."


def pdf(n: int = 1, **changes: object) -> SearchHit:
    return hit(n, WORDS, **{"file": "garden/duties.pdf", "page": 3, **changes})


def opened(desk: Desk, *found: SearchHit) -> DocumentViewer:
    """Ask a folder, in which this is found, and open the first passage."""
    desk.front.folder_seen(folder())
    desk.tick("folder-1")
    desk.front.found(*(found or (pdf(),)))
    desk.ask("When?")
    desk.front.answer_text(WORDS)
    desk.front.answer_finished()
    desk.window.sources.choose_source(1)
    desk.settle()
    return desk.window.sources.viewer


def turn_id(desk: Desk) -> str:
    """Return the last answer."""
    return desk.window.view.transcript.shown_turns[-1].turn_id


def page_request(desk: Desk, page: int, *, recognize: bool = False) -> RenderPage:
    """Return the last request for a page that is not answered yet."""
    found = [
        request
        for request in desk.front.library.waiting.values()
        if isinstance(request, RenderPage)
        and (request.page, request.recognize) == (page, recognize)
    ]
    assert found, f"page {page} was not asked for"
    return found[-1]


def draw(
    desk: Desk,
    page: int,
    *,
    boxes: tuple[TextBox, ...] = (LINE,),
    pages: int = 12,
    recognize: bool = False,
) -> None:
    """Answer the last request for a page."""
    width, height = 60, 80
    desk.front.library_answers(
        RenderedPage,
        request_id=page_request(desk, page, recognize=recognize).request_id,
        page=page,
        pages=pages,
        width=width,
        height=height,
        pixels=b"\xff" * (width * height * 3),
        boxes=boxes,
        sizes=((595.0, 842.0),) * pages,
    )
    desk.settle()


def read(desk: Desk, **changes: str) -> None:
    """Answer the request for the document's text."""
    pages = tuple(
        DocumentPage(number=n, heading="", text=f"Page {n}. {WORDS} Roses want less.")
        for n in range(1, 13)
    )
    facts = {"content_hash": "0" * 64, "standing": "here", **changes}
    request_id = desk.front.library.waiting_for(LoadDocument)[-1].request_id
    desk.front.library_answers(
        Document, request_id=request_id, file="", path="", pages=pages, **facts
    )
    desk.settle()


def spell(desk: Desk, page: int, text: str = WORDS) -> None:
    """Answer the last request for letters."""
    request_id = desk.front.library.waiting_for(ReadLetters)[-1].request_id
    places = letters(page, text).places
    desk.front.library_answers(
        PageLetters, request_id=request_id, page=page, text=text, places=places
    )
    desk.settle()
