"""Single files are asked for at a desk of their own, and told as a front end hears of them."""

from core.app.events.app_events import (
    FileTextReady,
    FolderFilesListed,
    PageCharactersReady,
    PageImageReady,
    RequestFailed,
)
from core.base.errors import ErrorCode
from core.base.paths import Paths
from core.library.client.file_request_sender import FileLocation
from core.messages import (
    Failed,
    FileRead,
    FilesListed,
    FolderFile,
    PageLetters,
    ReadFile,
    RenderedPage,
    RenderPage,
)
from tests.app.stage import Stage

PLACE = FileLocation(folder_id="f", file="a.pdf")


def test_a_file_is_read_and_told(root: Paths) -> None:
    stage = Stage(root)
    request_id = stage.app.documents.read_file("/g/scan.pdf")
    assert stage.library.last_sent(ReadFile).path == "/g/scan.pdf"
    read = FileRead(
        request_id=request_id, path="/g/scan.pdf", encoding="", seconds=1.0, pages=(), passages=()
    )
    stage.hear(read)
    assert stage.of(FileTextReady) == [FileTextReady(request_id=request_id, file=read)]
    stage.app.close()


def test_a_page_is_drawn_and_told(root: Paths) -> None:
    stage = Stage(root)
    request_id = stage.app.documents.render_page(PLACE, 2, width=300, text="The rent")
    asked = stage.library.last_sent(RenderPage)
    assert (asked.file, asked.page, asked.width, asked.text) == ("a.pdf", 2, 300, "The rent")
    page = RenderedPage(
        request_id=request_id, page=2, pages=9, width=1, height=1, pixels=b"abc", boxes=()
    )
    stage.hear(page)
    assert stage.of(PageImageReady) == [PageImageReady(request_id=request_id, page=page)]
    stage.app.close()


def test_a_file_that_cant_be_shown_says_why(root: Paths) -> None:
    stage = Stage(root)
    request_id = stage.app.documents.render_page(PLACE, 1)
    stage.hear(Failed(request_id=request_id, code=ErrorCode.FILE_BROKEN))
    (failed,) = stage.of(RequestFailed)
    assert (failed.request_id, failed.problem.code) == (request_id, ErrorCode.FILE_BROKEN)
    stage.app.close()


def test_letters_and_the_files_of_a_folder_are_told(root: Paths) -> None:
    stage = Stage(root)
    letters = PageLetters(
        request_id=stage.app.documents.locate_characters(PLACE, 3),
        page=3,
        text="a",
        places=bytes(8),
    )
    file = FolderFile(file="a.pdf", size=3, modified=1.0, read=2.0)
    listed = FilesListed(
        request_id=stage.app.documents.list_folder_files("f", "a"),
        folder_id="f",
        files=(file,),
        total=9,
    )
    stage.hear(letters, listed)
    assert stage.of(PageCharactersReady)[0].letters is letters
    assert [(each.files, each.total) for each in stage.of(FolderFilesListed)] == [((file,), 9)]
    stage.app.close()
