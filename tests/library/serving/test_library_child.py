"""The real library child over its pipe: add, search, change, die, go on."""

import os
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import psutil
import pytest

from core.app.events.app_events import AppEvent
from core.app.library.document_service import DocumentService, FileLocation
from core.app.library.folder_service import FolderService
from core.base.errors import ErrorCode
from core.base.paths import Paths
from core.base.settings.app_settings import TEXT_RECOGNITION, Settings
from core.ipc.reply import Reply
from core.library.client.library_client import LibraryClient
from core.messages import Failed, FileSkipped, FolderState, SearchDone, SearchVerdict, SyncProgress
from tests.library import documents, pictures

pytestmark = pytest.mark.slow

Result = TypeVar("Result")
SECONDS = 150
_SIGKILL = 9


class Driver:
    """The client and its services, with the loop that a front end gives them."""

    def __init__(self, paths: Paths) -> None:
        self.client = LibraryClient(paths, lambda: None)
        self.events: list[AppEvent] = []
        self.folders = FolderService(self.client, self.events.append)
        self.documents = DocumentService(self.client)

    def until(self, condition: Callable[[], bool]) -> None:
        deadline = time.monotonic() + SECONDS
        while not condition():
            assert time.monotonic() < deadline, f"waited in vain; last: {self.events[-3:]}"
            self.client.poll()
            time.sleep(0.01)

    def answer(self, reply: Reply[Any, Result]) -> Result:
        """Return the result of a reply; fails if there is none."""
        self.until(lambda: reply.is_done)
        assert reply.failure is None
        assert reply.result is not None
        return reply.result

    def search(self, question: str) -> SearchDone:
        return self.answer(self.client.search_folders(question))

    def failure(self, reply: Reply[Any, Any]) -> Failed:
        self.until(lambda: reply.is_done)
        assert reply.failure is not None
        return reply.failure


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
    assert driver.answer(driver.folders.list_folders()) == ()
    folder_id = it_is_added(driver, papers)
    it_answers(driver, papers, folder_id)
    it_shows_files(driver, papers, folder_id)
    it_follows_changes(driver, papers, folder_id)
    it_is_kept_while_offline(driver, papers, folder_id)
    driver.answer(driver.folders.remove_folder(folder_id))
    assert driver.answer(driver.folders.list_folders()) == ()
    assert driver.search("drain pump filter").hits == ()
    assert driver.failure(driver.folders.sync_folder(folder_id)).code == ErrorCode.FOLDER_UNKNOWN


def it_is_added(driver: Driver, papers: Path) -> str:
    reply = driver.folders.add_folder(str(papers))
    updates: list[SyncProgress | FileSkipped] = []
    reply.on_progress(updates.append)
    done = driver.answer(reply)
    assert (done.folder.name, done.folder.state) == ("papers", "ready")
    assert (done.folder.indexed, done.folder.skipped) == (4, 1)
    progress = [update for update in updates if isinstance(update, SyncProgress)]
    assert (progress[-1].done, progress[-1].total) == (5, 5)
    assert progress == [event for event in driver.events if isinstance(event, SyncProgress)]
    skipped = [update for update in updates if isinstance(update, FileSkipped)]
    assert [(event.file, event.code) for event in skipped] == [
        ("broken.pdf", ErrorCode.FILE_BROKEN)
    ]
    return done.folder.folder_id


def it_answers(driver: Driver, papers: Path, folder_id: str) -> None:
    hit = driver.search("The washer shows E18, what now?").hits[0]
    assert (hit.file, hit.page, hit.rank) == ("washer.pdf", 2, 1)
    assert hit.path == str(papers / "washer.pdf")
    assert hit.text == "Error E18: clean the drain pump filter."
    assert hit.text in hit.section
    assert 0 < hit.score <= 1
    assert driver.search("How much notice must the tenant give?").hits[0].heading == "Notice"
    assert driver.search("Which team won the football match?").verdict is SearchVerdict.NOTHING
    document = driver.answer(driver.documents.open_document(folder_id, "washer.pdf"))
    assert [page.number for page in document.pages] == [1, 2]
    listed = driver.answer(driver.folders.list_skipped_files(folder_id))
    assert [file.file for file in listed.files] == ["broken.pdf"]
    assert (
        driver.failure(driver.documents.open_document(folder_id, "gone.txt")).code
        == ErrorCode.FILE_UNKNOWN
    )


def it_shows_files(driver: Driver, papers: Path, folder_id: str) -> None:
    hit = driver.search("Until when is the parking permit valid?").hits[0]
    assert (hit.file, hit.page) == ("permit.png", 1)
    drawn = driver.documents.render_page(
        FileLocation(folder_id, "washer.pdf"), 2, width=400, text="Error E18: clean the drain"
    )
    page = driver.answer(drawn)
    assert (page.page, page.pages, page.width, len(page.boxes)) == (2, 2, 400, 1)
    assert len(page.pixels) == page.width * page.height * 3
    letters = driver.answer(
        driver.documents.locate_characters(
            FileLocation(folder_id, "washer.pdf"), 2, recognize=False
        )
    )
    assert "drain pump filter" in letters.text
    files = driver.answer(driver.documents.list_folder_files(folder_id, "WASH"))
    assert [file.file for file in files.files] == ["washer.pdf"]
    unknown = driver.documents.render_page(FileLocation(folder_id, "broken.pdf"), 1, width=0)
    assert driver.failure(unknown).code == ErrorCode.FILE_UNKNOWN
    read = driver.answer(driver.documents.read_file(str(papers / "lease.docx")))
    assert [passage.title for passage in read.passages] == ["lease > Notice"]
    broken = driver.documents.read_file(str(papers / "broken.pdf"))
    assert driver.failure(broken).code == ErrorCode.FILE_BROKEN


def it_follows_changes(driver: Driver, papers: Path, folder_id: str) -> None:
    again = driver.answer(driver.folders.sync_folder(folder_id)).statistics
    assert (again.read, again.unchanged, again.skipped) == (0, 5, 0)
    (papers / "moved").mkdir()
    shutil.move(papers / "washer.pdf", papers / "moved" / "washer.pdf")
    (papers / "lease.docx").unlink()
    moved = driver.answer(driver.folders.sync_folder(folder_id)).statistics
    assert (moved.read, moved.removed, moved.tokens) == (1, 2, 0)
    assert driver.search("drain pump filter").hits[0].file == "moved/washer.pdf"
    assert "lease.docx" not in {hit.file for hit in driver.search("three months notice").hits}


def it_is_kept_while_offline(driver: Driver, papers: Path, folder_id: str) -> None:
    papers.rename(papers.with_name("elsewhere"))
    assert driver.failure(driver.folders.sync_folder(folder_id)).code == ErrorCode.FOLDER_GONE
    (offline,) = driver.answer(driver.folders.list_folders())
    assert (offline.state, offline.indexed) == ("offline", 3)
    assert driver.search("drain pump filter").hits


def test_what_can_not_be_added(driver: Driver, root: Paths, tmp_path: Path) -> None:
    for path, code in (
        (tmp_path.anchor, ErrorCode.FOLDER_REFUSED),
        (root.root, ErrorCode.FOLDER_REFUSED),
        (tmp_path / "gone", ErrorCode.FOLDER_GONE),
    ):
        assert driver.failure(driver.folders.add_folder(str(path))).code == code
    (tmp_path / "empty").mkdir()
    done = driver.answer(driver.folders.add_folder(str(tmp_path / "empty")))
    assert done.folder.state == "empty"


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux takes any bytes as a name")
def test_a_folder_of_odd_bytes_can_be_added(driver: Driver, tmp_path: Path) -> None:
    folder = tmp_path / os.fsdecode(b"caf\xe9")
    folder.mkdir()
    (folder / "note.txt").write_text("The strawberries were sown on 3 April.")
    done = driver.answer(driver.folders.add_folder(str(folder)))
    assert (done.folder.name, done.folder.indexed) == (r"caf\udce9", 1)
    hit = driver.search("When were the strawberries sown?").hits[0]
    assert (hit.folder, hit.folder_id) == (r"caf\udce9", done.folder.folder_id)
    gone = driver.failure(driver.folders.add_folder(os.fsdecode(b"/gone\xff")))
    assert (gone.code, gone.facts["path"]) == (ErrorCode.FOLDER_GONE, r"/gone\udcff")


def many(folder: Path, count: int) -> Path:
    folder.mkdir()
    for number in range(count):
        lines = [f"Fact {number}.{n}: crate {number * n} holds {n} apples." for n in range(20)]
        (folder / f"{number:03}.txt").write_text(" ".join(lines))
    return folder


def test_searches_are_answered_while_a_folder_is_read(driver: Driver, tmp_path: Path) -> None:
    folder = many(tmp_path / "crates", 120)
    request = driver.folders.add_folder(str(folder))
    driver.until(lambda: any(isinstance(e, SyncProgress) and e.done > 5 for e in driver.events))
    driver.search("crates of apples")
    assert not request.is_done
    driver.client.throttle_indexing(active=True)
    driver.search("crates of apples")
    driver.client.throttle_indexing(active=False)
    request.cancel()
    stopped = driver.answer(request)
    assert stopped.folder.state == "stopped"
    assert 0 < stopped.folder.indexed < 120
    assert driver.search("crates of apples").unread_files >= stopped.folder.waiting > 0


@pytest.mark.skipif(sys.platform == "win32", reason="kill -9")
def test_a_killed_child_goes_on_where_it_was(driver: Driver, tmp_path: Path) -> None:
    folder = many(tmp_path / "crates", 160)
    request = driver.folders.add_folder(str(folder))
    driver.until(lambda: any(isinstance(e, SyncProgress) and e.done > 5 for e in driver.events))
    first_pid = driver.client.pid
    assert first_pid is not None
    os.kill(first_pid, _SIGKILL)
    done = driver.answer(request)
    assert driver.client.pid != first_pid
    assert psutil.Process(driver.client.pid).nice() > psutil.Process().nice()  # the window first
    assert (done.folder.files, done.folder.indexed) == (160, 160)
    assert done.statistics.unchanged > 0
    assert done.statistics.unchanged + done.statistics.read == 160
    assert driver.search("Fact 39.1: crate 39 holds 1 apples").hits[0].file == "039.txt"


def test_a_file_that_a_person_waits_for_is_read_at_no_lower_priority(
    driver: Driver, tmp_path: Path
) -> None:
    note = tmp_path / "note.txt"
    note.write_text("The cellar key hangs behind the kitchen clock.")
    driver.answer(driver.documents.read_file(str(note)))
    library = psutil.Process(driver.client.pid)
    readers = [each for each in library.children() if "extractor" in each.cmdline()]
    assert readers, "they stay for a while"
    assert {each.nice() for each in readers} == {library.nice()}


def files_of(driver: Driver, question: str) -> set[str]:
    return {hit.file for hit in driver.search(question).hits}


def test_a_folder_is_kept_in_step_by_itself(driver: Driver, tmp_path: Path) -> None:
    """No sync is asked for: the child hears of it, also after it was killed."""
    folder = tmp_path / "notes"
    (folder / "old").mkdir(parents=True)
    (folder / "old" / "key.txt").write_text("The cellar key hangs behind the kitchen clock.")
    driver.client.start()
    folder_id = driver.answer(driver.folders.add_folder(str(folder))).folder.folder_id

    def state() -> FolderState:
        return driver.answer(driver.folders.list_folders())[0]

    driver.until(lambda: state().watched == "live")
    shutil.move(folder / "old", folder / "new")
    driver.until(lambda: "new/key.txt" in files_of(driver, "Where is the cellar key?"))
    killed = driver.client.pid
    driver.client.kill()
    driver.until(lambda: driver.client.pid not in {None, killed})
    (folder / "parrot.txt").write_text("The parrot is called Polly.")
    driver.until(lambda: "parrot.txt" in files_of(driver, "What is the parrot called?"))
    driver.answer(driver.folders.pause_folders((folder_id,), paused=True))
    (folder / "new" / "key.txt").unlink()
    assert state().state == "paused"
    assert driver.failure(driver.folders.sync_folder(folder_id)).code == ErrorCode.FOLDER_PAUSED
    driver.answer(driver.folders.pause_folders((), paused=False))
    driver.until(lambda: "new/key.txt" not in files_of(driver, "Where is the cellar key?"))
    folder.rename(tmp_path / "unplugged")
    driver.until(lambda: state().state == "offline")
    (tmp_path / "unplugged").rename(folder)
    driver.until(lambda: state().state == "ready")
    it_reads_a_folder_in_the_place_of_another(driver, folder)


def it_reads_a_folder_in_the_place_of_another(driver: Driver, folder: Path) -> None:
    """The kernel granted the folder that was there, not its name."""
    folder.rename(folder.with_name("replaced"))
    folder.mkdir()
    (folder / "boat.txt").write_text("The boat is moored at pier seven.")
    driver.until(lambda: "boat.txt" in files_of(driver, "Where is the boat moored?"))


def test_a_file_in_the_place_of_one_that_was_granted_is_read(
    driver: Driver, tmp_path: Path
) -> None:
    """Editors save that way, and folders are replaced."""
    folder = tmp_path / "letters"
    folder.mkdir()
    file = folder / "letter.txt"

    def text() -> str:
        return driver.answer(driver.documents.read_file(str(file))).pages[0].text

    file.write_text("Dear Anna")
    assert text() == "Dear Anna"
    file.rename(folder / "letter.txt~")
    file.write_text("Dear Berta")
    assert text() == "Dear Berta"
    folder.rename(tmp_path / "old letters")
    folder.mkdir()
    file.write_text("Dear Clara")
    assert text() == "Dear Clara"


@pytest.mark.skipif(sys.platform == "win32", reason="kill -9")
def test_a_search_whose_child_dies_fails(driver: Driver) -> None:
    driver.answer(driver.folders.list_folders())
    request = driver.client.search_folders("anything")
    driver.client.kill()
    assert driver.failure(request).code == ErrorCode.LIBRARY_DIED
    assert driver.answer(driver.folders.list_folders()) == ()


def test_text_in_pictures_is_read_when_that_is_switched_on(
    driver: Driver, root: Paths, tmp_path: Path
) -> None:
    """The child can't read the settings itself: it is told them, and again when they change."""
    settings = Settings(root.settings)
    settings.set_value(TEXT_RECOGNITION, False)
    folder = tmp_path / "scans"
    folder.mkdir()
    scan = pictures.page(("Parking permit, zone C4,", "valid until 28 February"))
    (folder / "permit.png").write_bytes(pictures.as_file(scan, "PNG"))
    driver.answer(driver.folders.add_folder(str(folder)))
    assert driver.search("parking permit").hits == ()
    settings.set_value(TEXT_RECOGNITION, True)
    (state,) = driver.answer(driver.folders.list_folders())
    driver.answer(driver.folders.sync_folder(state.folder_id))
    assert [hit.file for hit in driver.search("parking permit").hits] == ["permit.png"]
