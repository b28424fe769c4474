"""Helpers for the viewer: open a document from an answer, deliver its pages and text."""

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
from tests.desktop.open_window import OpenWindow
from tests.desktop.values import LINE, folder, hit, letters

WORDS = "Every second Friday the long beds are watered."


def pdf(n: int = 1, **changes: object) -> SearchHit:
    return hit(n, WORDS, **{"file": "garden/duties.pdf", "page": 3, **changes})


def opened(ui: OpenWindow, *found: SearchHit) -> DocumentViewer:
    """Ask a folder, in which this is found, and open the first passage."""
    ui.backend.folder_seen(folder())
    ui.tick("folder-1")
    ui.backend.found(*(found or (pdf(),)))
    ui.ask("When?")
    ui.backend.answer_text(WORDS)
    ui.backend.answer_finished()
    ui.window.sources.choose_source(1)
    ui.settle()
    return ui.window.sources.viewer


def turn_id(ui: OpenWindow) -> str:
    """Return the last answer."""
    return ui.window.view.transcript.shown_turns[-1].turn_id


def page_request(ui: OpenWindow, page: int, *, recognize: bool = False) -> RenderPage:
    """Return the last request for a page that is not answered yet."""
    found = [
        request
        for request in ui.backend.library.waiting.values()
        if isinstance(request, RenderPage)
        and (request.page, request.recognize) == (page, recognize)
    ]
    assert found, f"page {page} was not asked for"
    return found[-1]


def draw(
    ui: OpenWindow,
    page: int,
    *,
    boxes: tuple[TextBox, ...] = (LINE,),
    sentence_boxes: tuple[TextBox, ...] = (),
    pages: int = 12,
    recognize: bool = False,
) -> None:
    """Answer the last request for a page."""
    width, height = 60, 80
    ui.backend.library_answers(
        RenderedPage,
        request_id=page_request(ui, page, recognize=recognize).request_id,
        page=page,
        pages=pages,
        width=width,
        height=height,
        pixels=b"\xff" * (width * height * 3),
        boxes=boxes,
        sentence_boxes=sentence_boxes,
        sizes=((595.0, 842.0),) * pages,
    )
    ui.settle()


def read(ui: OpenWindow, **changes: str) -> None:
    """Answer the request for the document's text."""
    pages = tuple(
        DocumentPage(number=n, heading="", text=f"Page {n}. {WORDS} Roses want less.")
        for n in range(1, 13)
    )
    facts = {"content_hash": "0" * 64, "standing": "here", **changes}
    request_id = ui.backend.library.waiting_for(LoadDocument)[-1].request_id
    ui.backend.library_answers(
        Document, request_id=request_id, file="", path="", pages=pages, **facts
    )
    ui.settle()


def spell(ui: OpenWindow, page: int, text: str = WORDS) -> None:
    """Answer the last request for letters."""
    request_id = ui.backend.library.waiting_for(ReadLetters)[-1].request_id
    places = letters(page, text).places
    ui.backend.library_answers(
        PageLetters, request_id=request_id, page=page, text=text, places=places
    )
    ui.settle()
