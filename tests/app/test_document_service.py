"""The document service: requests about single files, over a scripted library child."""

import pytest

from core.app.library.document_service import DocumentService, FileLocation
from core.base.errors import ErrorCode
from core.base.paths import Paths
from core.library.client.library_client import LibraryClient
from core.messages import (
    Document,
    Failed,
    FileRead,
    FilesListed,
    FolderFile,
    ListFiles,
    LoadDocument,
    PageLetters,
    PrepareViewing,
    ReadFile,
    ReadLetters,
    RenderedPage,
    RenderPage,
)
from tests.fakes.child_process import FakeChildProcess

PLACE = FileLocation(folder_id="f", file="a.pdf")


@pytest.fixture
def process() -> FakeChildProcess:
    return FakeChildProcess("library")


@pytest.fixture
def library(root: Paths, process: FakeChildProcess) -> LibraryClient:
    return LibraryClient(root, lambda: None, process=process)


@pytest.fixture
def documents(library: LibraryClient) -> DocumentService:
    return DocumentService(library)


def test_a_file_is_read_by_its_path(
    documents: DocumentService, library: LibraryClient, process: FakeChildProcess
) -> None:
    reply = documents.read_file("/g/scan\udce9.pdf")
    request = process.last_sent(ReadFile)
    assert (request.path, request.raw) == (r"/g/scan\udce9.pdf", b"/g/scan\xe9.pdf")
    read = FileRead(
        request_id=reply.request_id, path="", encoding="", seconds=1.0, pages=(), passages=()
    )
    process.deliver(read)
    library.poll()
    assert reply.result == read


def test_the_text_of_a_document_is_loaded(
    documents: DocumentService, library: LibraryClient, process: FakeChildProcess
) -> None:
    reply = documents.open_document("f", "a.pdf")
    request = process.last_sent(LoadDocument)
    assert (request.folder_id, request.file) == ("f", "a.pdf")
    document = Document(request_id=request.request_id, file="a.pdf", path="/g/a.pdf", pages=())
    process.deliver(document)
    library.poll()
    assert reply.result == document


def test_a_page_is_drawn(
    documents: DocumentService, library: LibraryClient, process: FakeChildProcess
) -> None:
    reply = documents.render_page(PLACE, 2, width=300, text="The rent")
    assert process.last_sent(RenderPage) == RenderPage(
        request_id=reply.request_id, folder_id="f", file="a.pdf", page=2, width=300, text="The rent"
    )
    page = RenderedPage(
        request_id=reply.request_id, page=2, pages=9, width=1, height=1, pixels=b"abc", boxes=()
    )
    process.deliver(page)
    library.poll()
    assert reply.result == page


def test_a_file_that_cant_be_shown_says_why(
    documents: DocumentService, library: LibraryClient, process: FakeChildProcess
) -> None:
    reply = documents.render_page(FileLocation(path="/g/a.pdf"), 1, width=0)
    assert process.last_sent(RenderPage).path == "/g/a.pdf"
    process.deliver(Failed(request_id=reply.request_id, code=ErrorCode.FILE_BROKEN))
    library.poll()
    assert reply.failure is not None
    assert reply.failure.code == ErrorCode.FILE_BROKEN


def test_letters_and_the_files_of_a_folder_are_asked_for(
    documents: DocumentService, library: LibraryClient, process: FakeChildProcess
) -> None:
    letters_reply = documents.locate_characters(PLACE, 3, recognize=True)
    files_reply = documents.list_folder_files("f", "a")
    request_id = letters_reply.request_id
    assert process.sent == [
        ReadLetters(request_id=request_id, folder_id="f", file="a.pdf", page=3, recognize=True),
        ListFiles(request_id=files_reply.request_id, folder_id="f", words="a"),
    ]
    letters = PageLetters(request_id=request_id, page=3, text="a", places=bytes(8))
    file = FolderFile(file="a.pdf", size=3, modified=1.0, read=2.0)
    listed = FilesListed(request_id=files_reply.request_id, folder_id="f", files=(file,), total=9)
    process.deliver(listed, letters)
    library.poll()
    assert (letters_reply.result, files_reply.result) == (letters, listed)


def test_a_viewer_is_prepared_for_only_by_a_child_that_runs(
    documents: DocumentService, library: LibraryClient, process: FakeChildProcess
) -> None:
    documents.prepare_viewer()
    assert process.starts == 0
    library.start()
    documents.prepare_viewer()
    assert process.sent[-1] == PrepareViewing()
