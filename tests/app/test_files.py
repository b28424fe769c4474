"""Single files are asked for at the desk of folders, and told as a front end hears of them."""

from core.app.events import FileTextReady, PageReady, RequestFailed
from core.errors import Code
from core.messages import Failed, FileRead, RenderedPage
from core.paths import Paths
from tests.app.stage import Stage


def test_a_file_is_read_and_told(root: Paths) -> None:
    stage = Stage(root)
    request_id = stage.app.folders.read_file("/g/scan.pdf")
    assert stage.library.calls[-1] == ("read_file", "/g/scan.pdf")
    read = FileRead(
        request_id=request_id, path="/g/scan.pdf", encoding="", seconds=1.0, pages=(), passages=()
    )
    stage.hear(read)
    assert stage.of(FileTextReady) == [FileTextReady(request_id=request_id, file=read)]
    stage.app.close()


def test_a_page_is_drawn_and_told(root: Paths) -> None:
    stage = Stage(root)
    request_id = stage.app.folders.render_page("f", "a.pdf", 2, width=300, text="The rent")
    assert stage.library.calls[-1] == ("render_page", "f", "a.pdf", 2, 300, "The rent")
    page = RenderedPage(
        request_id=request_id, page=2, pages=9, width=1, height=1, pixels=b"abc", boxes=()
    )
    stage.hear(page)
    assert stage.of(PageReady) == [PageReady(request_id=request_id, page=page)]
    stage.app.close()


def test_a_file_that_cant_be_shown_says_why(root: Paths) -> None:
    stage = Stage(root)
    request_id = stage.app.folders.render_page("f", "a.docx", 1)
    stage.hear(Failed(request_id=request_id, code=Code.FILE_BROKEN))
    (failed,) = stage.of(RequestFailed)
    assert (failed.request_id, failed.problem.code) == (request_id, Code.FILE_BROKEN)
    stage.app.close()
