"""The real library child over its pipe: add, search, change, die, go on."""

import os
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import psutil
import pytest

from core.base.errors import ErrorCode
from core.base.paths import Paths
from core.library.client.file_request_sender import FileLocation
from core.library.client.library_client import LibraryClient
from core.messages import (
    Document,
    Failed,
    FileRead,
    FileSkipped,
    FilesListed,
    FolderRemoved,
    FoldersListed,
    FolderState,
    LibraryEvent,
    PageLetters,
    RenderedPage,
    SearchDone,
    SkippedFiles,
    SyncDone,
    SyncProgress,
)
from tests.library import documents, pictures

pytestmark = pytest.mark.slow

Event = TypeVar("Event")
SECONDS = 150
_SIGKILL = 9


class Driver:
    """A client with the loop that a front end gives it; keeps every event."""

    def __init__(self, paths: Paths) -> None:
        self.client = LibraryClient(paths, lambda: None)
        self.events: list[LibraryEvent] = []

    def until(self, condition: Callable[[], bool]) -> None:
        deadline = time.monotonic() + SECONDS
        while not condition():
            assert time.monotonic() < deadline, f"waited in vain; last: {self.events[-3:]}"
            self.events += self.client.poll()
            time.sleep(0.01)

    def answer(self, request_id: str, kind: type[Event]) -> Event:
        """Return the last event of a request; fails if it is of another kind."""

        def last() -> list[LibraryEvent]:
            ends = (kind, Failed)
            return [
                event
                for event in self.events
                if getattr(event, "request_id", None) == request_id and isinstance(event, ends)
            ]

        self.until(lambda: bool(last()))
        event = last()[-1]
        assert isinstance(event, kind), event
        return event

    def search(self, question: str) -> SearchDone:
        return self.answer(self.client.search_folders(question), SearchDone)

    def failure(self, request_id: str) -> Failed:
        return self.answer(request_id, Failed)


@pytest.fixture
def driver(root: Paths) -> Iterator[Driver]:
    driver = Driver(root)
    yield driver
    driver.client.stop()


@pytest.fixture
def papers(tmp_path: Path) -> Path:
    folder = tmp_path / "papers"
    folder.mkdir()
    (folder / "lease.docx").write_bytes(
        documents.docx("The tenant gives three months notice in writing.", heading="Notice")
    )
    (folder / "washer.pdf").write_bytes(
        documents.pdf("Quick guide.", "Error E18: clean the drain pump filter.")
    )
    scan = pictures.page(("Parking permit, zone C4,", "valid until 28 February"))
    (folder / "permit.png").write_bytes(pictures.as_file(scan, "PNG"))
    (folder / "broken.pdf").write_bytes(b"%PDF-1.4 nothing")
    (folder / "notes.txt").write_text("The strawberries were sown on 3 April.\n")
    return folder


def test_a_folder_from_the_first_day_to_the_last(driver: Driver, papers: Path) -> None:
    """One long story, since each child takes seconds to import its model."""
    assert driver.answer(driver.client.list_folders(), FoldersListed).folders == ()
    folder_id = it_is_added(driver, papers)
    it_answers(driver, papers, folder_id)
    it_shows_files(driver, papers, folder_id)
    it_follows_changes(driver, papers, folder_id)
    it_is_kept_while_offline(driver, papers, folder_id)
    driver.answer(driver.client.remove_folder(folder_id), FolderRemoved)
    assert driver.answer(driver.client.list_folders(), FoldersListed).folders == ()
    assert driver.search("drain pump filter").hits == ()
    assert driver.failure(driver.client.sync_folder(folder_id)).code == ErrorCode.FOLDER_UNKNOWN


def it_is_added(driver: Driver, papers: Path) -> str:
    done = driver.answer(driver.client.add_folder(str(papers)), SyncDone)
    assert (done.folder.name, done.folder.state) == ("papers", "ready")
    assert (done.folder.indexed, done.folder.skipped) == (4, 1)
    progress = [event for event in driver.events if isinstance(event, SyncProgress)]
    assert (progress[-1].done, progress[-1].total) == (5, 5)
    skipped = [event for event in driver.events if isinstance(event, FileSkipped)]
    assert [(event.file, event.code) for event in skipped] == [
        ("broken.pdf", ErrorCode.FILE_BROKEN)
    ]
    return done.folder.folder_id


def it_answers(driver: Driver, papers: Path, folder_id: str) -> None:
    client = driver.client
    hit = driver.search("The washer shows E18, what now?").hits[0]
    assert (hit.file, hit.page, hit.rank) == ("washer.pdf", 2, 1)
    assert hit.path == str(papers / "washer.pdf")
    assert hit.text == "Error E18: clean the drain pump filter."
    assert hit.text in hit.section
    assert 0 < hit.score <= 1
    assert driver.search("How much notice must the tenant give?").hits[0].heading == "Notice"
    assert driver.search("Which team won the football match?").hits == ()
    document = driver.answer(client.request_document(folder_id, "washer.pdf"), Document)
    assert [page.number for page in document.pages] == [1, 2]
    listed = driver.answer(client.list_skipped(folder_id), SkippedFiles)
    assert [file.file for file in listed.files] == ["broken.pdf"]
    assert (
        driver.failure(client.request_document(folder_id, "gone.txt")).code
        == ErrorCode.FILE_UNKNOWN
    )


def it_shows_files(driver: Driver, papers: Path, folder_id: str) -> None:
    client = driver.client
    hit = driver.search("Until when is the parking permit valid?").hits[0]
    assert (hit.file, hit.page) == ("permit.png", 1)
    drawn = client.render_page(
        FileLocation(folder_id, "washer.pdf"), 2, 400, text="Error E18: clean the drain"
    )
    page = driver.answer(drawn, RenderedPage)
    assert (page.page, page.pages, page.width, len(page.boxes)) == (2, 2, 400, 1)
    assert len(page.pixels) == page.width * page.height * 3
    letters = driver.answer(
        client.read_letters(FileLocation(folder_id, "washer.pdf"), 2), PageLetters
    )
    assert "drain pump filter" in letters.text
    files = driver.answer(client.list_files(folder_id, "WASH"), FilesListed)
    assert [file.file for file in files.files] == ["washer.pdf"]
    unknown = client.render_page(FileLocation(folder_id, "broken.pdf"), 1, 400)
    assert driver.failure(unknown).code == ErrorCode.FILE_UNKNOWN
    read = driver.answer(client.read_file(str(papers / "lease.docx")), FileRead)
    assert [passage.title for passage in read.passages] == ["lease > Notice"]
    broken = client.read_file(str(papers / "broken.pdf"))
    assert driver.failure(broken).code == ErrorCode.FILE_BROKEN


def it_follows_changes(driver: Driver, papers: Path, folder_id: str) -> None:
    again = driver.answer(driver.client.sync_folder(folder_id), SyncDone).statistics
    assert (again.read, again.unchanged, again.skipped) == (0, 5, 0)
    (papers / "moved").mkdir()
    shutil.move(papers / "washer.pdf", papers / "moved" / "washer.pdf")
    (papers / "lease.docx").unlink()
    moved = driver.answer(driver.client.sync_folder(folder_id), SyncDone).statistics
    assert (moved.read, moved.removed, moved.tokens) == (1, 2, 0)
    assert driver.search("drain pump filter").hits[0].file == "moved/washer.pdf"
    assert "lease.docx" not in {hit.file for hit in driver.search("three months notice").hits}


def it_is_kept_while_offline(driver: Driver, papers: Path, folder_id: str) -> None:
    papers.rename(papers.with_name("elsewhere"))
    assert driver.failure(driver.client.sync_folder(folder_id)).code == ErrorCode.FOLDER_GONE
    (offline,) = driver.answer(driver.client.list_folders(), FoldersListed).folders
    assert (offline.state, offline.indexed) == ("offline", 3)
    assert driver.search("drain pump filter").hits


def test_what_can_not_be_added(driver: Driver, root: Paths, tmp_path: Path) -> None:
    client = driver.client
    anchor = Path(tmp_path.anchor)
    assert driver.failure(client.add_folder(str(anchor))).code == ErrorCode.FOLDER_REFUSED
    assert driver.failure(client.add_folder(str(root.root))).code == ErrorCode.FOLDER_REFUSED
    assert driver.failure(client.add_folder(str(tmp_path / "gone"))).code == ErrorCode.FOLDER_GONE
    (tmp_path / "empty").mkdir()
    done = driver.answer(client.add_folder(str(tmp_path / "empty")), SyncDone)
    assert done.folder.state == "empty"


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux takes any bytes as a name")
def test_a_folder_of_odd_bytes_can_be_added(driver: Driver, tmp_path: Path) -> None:
    folder = tmp_path / os.fsdecode(b"caf\xe9")
    folder.mkdir()
    (folder / "note.txt").write_text("The strawberries were sown on 3 April.")
    done = driver.answer(driver.client.add_folder(str(folder)), SyncDone)
    assert (done.folder.name, done.folder.indexed) == (r"caf\udce9", 1)
    hit = driver.search("When were the strawberries sown?").hits[0]
    assert (hit.folder, hit.folder_id) == (r"caf\udce9", done.folder.folder_id)
    gone = driver.failure(driver.client.add_folder(os.fsdecode(b"/gone\xff")))
    assert (gone.code, gone.facts["path"]) == (ErrorCode.FOLDER_GONE, r"/gone\udcff")


def many(folder: Path, count: int) -> Path:
    folder.mkdir()
    for number in range(count):
        lines = [f"Fact {number}.{n}: crate {number * n} holds {n} apples." for n in range(20)]
        (folder / f"{number:03}.txt").write_text(" ".join(lines))
    return folder


def test_searches_are_answered_while_a_folder_is_read(driver: Driver, tmp_path: Path) -> None:
    folder = many(tmp_path / "crates", 120)
    request = driver.client.add_folder(str(folder))
    driver.until(lambda: any(isinstance(e, SyncProgress) and e.done > 5 for e in driver.events))
    driver.search("crates of apples")
    assert not any(isinstance(event, SyncDone) for event in driver.events)
    driver.client.pause_indexing(active=True)
    driver.search("crates of apples")
    driver.client.pause_indexing(active=False)
    driver.client.cancel(request)
    stopped = driver.answer(request, SyncDone)
    assert stopped.folder.state == "stopped"
    assert 0 < stopped.folder.indexed < 120


@pytest.mark.skipif(sys.platform == "win32", reason="kill -9")
def test_a_killed_child_goes_on_where_it_was(driver: Driver, tmp_path: Path) -> None:
    folder = many(tmp_path / "crates", 160)
    request = driver.client.add_folder(str(folder))
    driver.until(lambda: any(isinstance(e, SyncProgress) and e.done > 5 for e in driver.events))
    first_pid = driver.client.pid
    assert first_pid is not None
    os.kill(first_pid, _SIGKILL)
    done = driver.answer(request, SyncDone)
    assert driver.client.pid != first_pid
    assert psutil.Process(driver.client.pid).nice() > psutil.Process().nice()  # the window first
    assert (done.folder.files, done.folder.indexed) == (160, 160)
    assert done.statistics.unchanged > 0
    assert done.statistics.unchanged + done.statistics.read == 160
    assert driver.search("Fact 39.1: crate 39 holds 1 apples").hits[0].file == "039.txt"


def files_of(driver: Driver, question: str) -> set[str]:
    return {hit.file for hit in driver.search(question).hits}


def test_a_folder_is_kept_in_step_by_itself(driver: Driver, tmp_path: Path) -> None:
    """No sync is asked for: the child hears of it, also after it was killed."""
    folder = tmp_path / "notes"
    (folder / "old").mkdir(parents=True)
    (folder / "old" / "key.txt").write_text("The cellar key hangs behind the kitchen clock.")
    driver.client.start()
    folder_id = driver.answer(driver.client.add_folder(str(folder)), SyncDone).folder.folder_id

    def state() -> FolderState:
        return driver.answer(driver.client.list_folders(), FoldersListed).folders[0]

    driver.until(lambda: state().watched == "live")
    shutil.move(folder / "old", folder / "new")
    driver.until(lambda: "new/key.txt" in files_of(driver, "Where is the cellar key?"))
    killed = driver.client.pid
    driver.client.kill()
    driver.until(lambda: driver.client.pid not in {None, killed})
    (folder / "parrot.txt").write_text("The parrot is called Polly.")
    driver.until(lambda: "parrot.txt" in files_of(driver, "What is the parrot called?"))
    driver.answer(driver.client.pause_folders((folder_id,), paused=True), FoldersListed)
    (folder / "new" / "key.txt").unlink()
    assert state().state == "paused"
    assert driver.failure(driver.client.sync_folder(folder_id)).code == ErrorCode.FOLDER_PAUSED
    driver.answer(driver.client.pause_folders((), paused=False), FoldersListed)
    driver.until(lambda: "new/key.txt" not in files_of(driver, "Where is the cellar key?"))
    folder.rename(tmp_path / "unplugged")
    driver.until(lambda: state().state == "offline")
    (tmp_path / "unplugged").rename(folder)
    driver.until(lambda: state().state == "ready")


@pytest.mark.skipif(sys.platform == "win32", reason="kill -9")
def test_a_search_whose_child_dies_fails(driver: Driver) -> None:
    driver.answer(driver.client.list_folders(), FoldersListed)
    request = driver.client.search_folders("anything")
    driver.client.kill()
    assert driver.failure(request).code == ErrorCode.LIBRARY_DIED
    assert driver.answer(driver.client.list_folders(), FoldersListed).folders == ()
