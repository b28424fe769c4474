"""Whoever looks at a single file is answered: with its text, or with the picture of a page."""

import os
import time
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from core.base.errors import ErrorCode, LibraryError
from core.library.filesystem.folder_scanner import ScannedEntry
from core.library.reading.file_reader import FileReader
from core.library.serving.file_viewer import FileViewer
from core.library.store.library_records import FolderRecord, LibraryRecords
from core.messages import (
    Failed,
    FileRead,
    PageLetters,
    ReadFile,
    ReadLetters,
    RenderedPage,
    RenderPage,
)
from tests.library import documents, pictures, shelving
from tests.library.conftest import ScriptedEmbedder
from tests.library.pictures import as_file


class Stage:
    """A viewer, what it sent, and the folder its files lie in."""

    def __init__(self, records: LibraryRecords, place: Path) -> None:
        self.place = place
        self.records = records
        self.sent: list[msgspec.Struct] = []
        log = place / "extractor.log"
        self.viewer = FileViewer(
            records,
            ScriptedEmbedder(),
            lambda: FileReader(log, lambda: None),
            place,
            self.sent.append,
        )
        self.folder: FolderRecord = records.add_folder(str(place))

    def answer(self, request: ReadFile | RenderPage | ReadLetters) -> msgspec.Struct:
        """Return what the viewer says in the end."""
        self.viewer.submit_request(request)
        deadline = time.monotonic() + 120
        while self.viewer.answer_ready_requests():
            assert time.monotonic() < deadline, "no answer came"
            time.sleep(0.01)
        return self.sent.pop()

    def put(self, name: str, data: bytes) -> str:
        """Write a file into the folder and keep it as read; return its path."""
        path = self.place / name
        path.write_bytes(data)
        shelving.put(self.records, self.folder, name, "text")
        return str(path)


@pytest.fixture
def stage(records: LibraryRecords, tmp_path: Path) -> Iterator[Stage]:
    made = Stage(records, tmp_path)
    yield made
    made.viewer.close()


def test_a_file_is_read_without_being_added(stage: Stage) -> None:
    path = stage.place / "notes.txt"
    path.write_bytes("Rent\n====\n\nIt is 900 €.\n".encode("cp1252"))
    read = stage.answer(ReadFile(request_id="1", path=str(path)))
    assert isinstance(read, FileRead)
    assert read.encoding == "cp1252"
    assert [(page.heading, page.text, page.line) for page in read.pages] == [
        ("Rent", "It is 900 €.", 4)
    ]
    assert [(p.title, p.text, p.line) for p in read.passages] == [
        ("notes > Rent", "It is 900 €.", 4)
    ]


@pytest.mark.slow
def test_a_scan_is_read_page_by_page_between_typed_ones(stage: Stage) -> None:
    path = stage.place / "fax.tif"
    pages = [pictures.page(("Page one",)), pictures.page(("Second sheet",))]
    path.write_bytes(as_file(pages[0], "TIFF", save_all=True, append_images=pages[1:]))
    read = stage.answer(ReadFile(request_id="1", path=str(path)))
    assert isinstance(read, FileRead)
    assert [(page.number, page.text, page.recognized) for page in read.pages] == [
        (1, "Page one", True),
        (2, "Second sheet", True),
    ]


def test_what_cant_be_read_says_why(stage: Stage) -> None:
    path = stage.place / "music.mp3"
    path.write_bytes(b"ID3")
    failed = stage.answer(ReadFile(request_id="1", path=str(path)))
    assert failed == Failed(request_id="1", code=ErrorCode.FILE_UNSUPPORTED, facts={})


def test_a_page_is_drawn_with_the_places_of_a_passage(stage: Stage) -> None:
    stage.put("a.pdf", documents.pdf("cover", "The rent is due."))
    request = RenderPage(
        request_id="1", folder_id=stage.folder.id, file="a.pdf", page=2, width=306, text="rent is"
    )
    page = stage.answer(request)
    assert isinstance(page, RenderedPage)
    assert (page.page, page.pages, page.width, page.height) == (2, 2, 306, 396)
    assert len(page.pixels) == 306 * 396 * 3
    assert len(page.boxes) == 1


def test_a_file_that_no_folder_holds_is_drawn_by_its_path(stage: Stage) -> None:
    path = stage.place / "picked.pdf"
    path.write_bytes(documents.pdf("one", "two"))
    page = stage.answer(
        RenderPage(request_id="1", path=str(path), page=2, width=100, text="two", sizes=True)
    )
    assert isinstance(page, RenderedPage)
    assert (page.page, len(page.boxes), len(page.sizes)) == (2, 1, 2)
    path.write_bytes(documents.pdf("another"))
    again = stage.answer(RenderPage(request_id="2", path=str(path), page=1, text="another"))
    assert isinstance(again, RenderedPage)
    assert (again.pages, len(again.boxes)) == (1, 1)


@pytest.mark.slow
def test_the_letters_of_a_page_and_of_a_scan_are_told(stage: Stage) -> None:
    stage.put("a.pdf", documents.pdf("The rent is due."))
    letters = stage.answer(
        ReadLetters(request_id="1", folder_id=stage.folder.id, file="a.pdf", page=1)
    )
    assert isinstance(letters, PageLetters)
    assert letters.text.strip() == "The rent is due."
    assert len(letters.places) == 8 * len(letters.text)
    stage.put("scan.png", as_file(pictures.page(), "PNG"))
    scan = ReadLetters(
        request_id="2", folder_id=stage.folder.id, file="scan.png", page=1, recognize=True
    )
    read = stage.answer(scan)
    assert isinstance(read, PageLetters)
    assert "1145 euros" in read.text


@pytest.mark.slow
def test_a_scan_is_drawn_with_the_places_of_a_passage(stage: Stage) -> None:
    stage.put("scan.png", as_file(pictures.page(), "PNG"))
    request = RenderPage(
        request_id="1",
        folder_id=stage.folder.id,
        file="scan.png",
        page=1,
        width=900,
        text="1145 euros a month,\ndue on the third",
        recognize=True,
    )
    page = stage.answer(request)
    assert isinstance(page, RenderedPage)
    tops = [round(box.top * 620) for box in page.boxes]
    assert len(tops) == 2
    assert 120 < tops[0] < 170
    assert 200 < tops[1] < 250


@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
def test_no_link_is_drawn_through(stage: Stage) -> None:
    secret = stage.place / "secret.pdf"
    secret.write_bytes(documents.pdf("secret"))
    stage.put("a.pdf", b"")
    (stage.place / "a.pdf").unlink()
    (stage.place / "a.pdf").symlink_to(secret)
    failed = stage.answer(
        RenderPage(request_id="1", folder_id=stage.folder.id, file="a.pdf", page=1)
    )
    assert failed == Failed(request_id="1", code=ErrorCode.FILE_LINK, facts={})


def test_files_nobody_indexed_are_not_drawn(stage: Stage) -> None:
    stage.records.skip_file(
        stage.folder.id, ScannedEntry("../x.pdf", 1, 1), ErrorCode.FILE_BROKEN, {}
    )
    for name in ("b.pdf", "../x.pdf"):
        with pytest.raises(LibraryError) as caught:
            stage.viewer.submit_request(
                RenderPage(request_id="1", folder_id=stage.folder.id, file=name, page=1)
            )
        assert caught.value.code == ErrorCode.FILE_UNKNOWN


def test_a_request_that_was_stopped_is_answered_once(stage: Stage) -> None:
    path = stage.place / "notes.txt"
    path.write_bytes(b"note")
    stage.viewer.submit_request(ReadFile(request_id="1", path=str(path)))
    stage.viewer.cancel("1")
    stage.answer(ReadFile(request_id="2", path=str(path)))
    assert stage.sent == [Failed(request_id="1", code=ErrorCode.CANCELLED, facts={})]


def test_children_are_let_go_of_when_nobody_looks(stage: Stage) -> None:
    now = 0.0
    stage.viewer._clock = lambda: now
    path = stage.place / "notes.txt"
    path.write_bytes(b"note")
    stage.answer(ReadFile(request_id="1", path=str(path)))
    assert stage.viewer.seconds_until_release is not None
    now = 301.0
    stage.viewer.answer_ready_requests()
    assert stage.viewer.seconds_until_release is None
