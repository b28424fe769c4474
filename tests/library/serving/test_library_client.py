"""The client of the library child: what it does when the child dies, over a scripted child."""

import os
import stat
from pathlib import Path

import pytest

from core.base.errors import ErrorCode
from core.base.paths import Paths
from core.library.client.library_client import LibraryClient
from core.messages import (
    AddFolder,
    ChildDied,
    FolderState,
    Hello,
    ListFolders,
    Seal,
    SearchDone,
    SearchFiles,
    SearchFilters,
    SearchFolders,
    SyncDone,
    SyncFolder,
    SyncStatistics,
    ThrottleIndexing,
    WatchFolders,
)
from core.sandbox.grants import Grants
from tests.fakes.child_process import FakeChildProcess
from tests.waiting import WaitFor

DIED = ChildDied(role="library", exit_code=-11, tail="")
FOLDER = FolderState(
    folder_id="f", path="/f", name="f", files=1, indexed=1, skipped=0, passages=1, state="ready"
)


@pytest.fixture
def process() -> FakeChildProcess:
    return FakeChildProcess("library")


@pytest.fixture
def client(root: Paths, process: FakeChildProcess) -> LibraryClient:
    return LibraryClient(root, lambda: None, process=process)


def die(client: LibraryClient, process: FakeChildProcess) -> list[object]:
    """Let the child die, and return what is sent to the next one."""
    process.sent.clear()
    process.deliver(DIED)
    client.poll()
    return list(process.sent)


def test_a_child_of_a_fresh_root_may_read_what_is_pasted_later(root: Paths) -> None:
    granted = LibraryClient(root, lambda: None).own_grants()
    assert str(root.attachments) in granted.read
    for place in granted.read + granted.write:
        assert Path(place).exists(), "what is made later is granted to nobody"
    assert os.name == "nt" or stat.S_IMODE(root.attachments.stat().st_mode) == 0o700


def say_hello(client: LibraryClient, process: FakeChildProcess) -> None:
    process.deliver(Hello(protocol=1, role="library", pid=1, seal=Seal(files=True)))
    client.poll()


def replace_folder(folder: Path) -> None:
    """Put another folder in the place of one; the old one stays, so that no inode comes back."""
    folder.rename(folder.with_name("unplugged"))
    folder.mkdir()


def test_an_idle_child_is_renewed_for_a_folder_that_came_later(
    client: LibraryClient, process: FakeChildProcess, tmp_path: Path, wait_for: WaitFor
) -> None:
    process.grants = Grants(read=(str(tmp_path / "watched"), str(tmp_path / "absent")))
    client._own_grants = process.grants
    (tmp_path / "watched").mkdir()
    client.start()
    say_hello(client, process)
    starts = process.starts

    def is_renewed() -> bool:
        client._places.look_soon()
        client.poll()
        return process.starts > starts

    client._places.close()
    assert not is_renewed()
    replace_folder(tmp_path / "watched")
    wait_for(is_renewed)
    assert process.sent == [WatchFolders(), WatchFolders()]
    client.stop()


def test_a_request_renews_a_child_whose_folders_are_others_now(
    client: LibraryClient, process: FakeChildProcess, tmp_path: Path
) -> None:
    picked = tmp_path / "watched" / "picked.txt"
    other = tmp_path / "other.txt"
    process.grants = client._own_grants = Grants(read=(str(picked.parent), str(other)))
    picked.parent.mkdir()
    for file in (picked, other):
        file.write_text("first")
    client.start()
    say_hello(client, process)
    picked.unlink()
    picked.write_text("in a folder that can be read")
    client.search_files("roses", (str(picked),), 3, 100)
    client.poll()
    assert process.starts == 1
    other.rename(tmp_path / "kept.txt")
    other.write_text("saved under the same name by an editor")
    asked = client.search_files("roses", (str(other),), 3, 100)
    client.poll()
    assert process.starts == 2
    assert process.last_sent(SearchFiles).request_id == asked.request_id
    replace_folder(picked.parent)
    say_hello(client, process)
    client.send(ListFolders(request_id="a"))
    client.poll()
    assert process.starts == 3
    assert process.sent[-1] == ListFolders(request_id="a")
    client.stop()


def test_searches_are_sent_with_what_narrows_them(
    client: LibraryClient, process: FakeChildProcess
) -> None:
    filters = SearchFilters(types=("pdf",))
    reply = client.search_folders("roses", ("f",), 3, filters)
    assert process.last_sent(SearchFolders) == SearchFolders(
        request_id=reply.request_id, query="roses", folder_ids=("f",), k=3, filters=filters
    )
    other = client.search_files("roses", ("/a\udce9",), 3, 100)
    sent = process.last_sent(SearchFiles)
    assert (sent.paths, sent.raws, sent.tokens) == ((r"/a\udce9",), (b"/a\xe9",), 100)
    done = SearchDone(request_id=other.request_id, hits=(), seconds=0.1)
    process.deliver(done)
    client.poll()
    assert other.result == done
    assert not reply.is_done


@pytest.mark.parametrize(
    "request_",
    [
        AddFolder(request_id="a", path="/f", raw=b"/f"),
        SyncFolder(request_id="a", folder_id="f"),
    ],
)
def test_a_sync_is_resumed_once(
    client: LibraryClient, process: FakeChildProcess, request_: AddFolder | SyncFolder
) -> None:
    reply = client.send(request_)
    assert die(client, process) == [request_]
    assert not reply.is_done
    assert die(client, process) == []
    assert reply.failure is not None
    assert reply.failure.code == ErrorCode.LIBRARY_DIED
    assert "SIGSEGV" in reply.failure.facts["detail"]


def test_a_resumed_sync_that_ends_counts_no_more(
    client: LibraryClient, process: FakeChildProcess
) -> None:
    for _ in range(2):
        reply = client.send(SyncFolder(request_id="a", folder_id="f"))
        die(client, process)
        process.deliver(SyncDone(request_id="a", folder=FOLDER, statistics=SyncStatistics()))
        client.poll()
        assert reply.result is not None


def test_everything_else_fails(client: LibraryClient, process: FakeChildProcess) -> None:
    reply = client.send(ListFolders(request_id="a"))
    assert die(client, process) == []
    assert reply.failure is not None
    assert process.starts == 1


def test_folders_are_watched_again_but_not_for_ever(
    client: LibraryClient, process: FakeChildProcess
) -> None:
    client.start()
    assert process.sent == [WatchFolders()]
    for _ in range(3):
        assert die(client, process) == [WatchFolders()]
    assert die(client, process) == []


def test_an_answer_lets_the_deaths_be_forgotten(
    client: LibraryClient, process: FakeChildProcess
) -> None:
    client.start()
    for _ in range(3):
        die(client, process)
    process.deliver(SyncDone(request_id="", folder=FOLDER, statistics=SyncStatistics()))
    client.poll()
    assert die(client, process) == [WatchFolders()]


def test_a_client_that_was_stopped_watches_nothing(
    client: LibraryClient, process: FakeChildProcess
) -> None:
    client.start()
    client.stop()
    assert die(client, process) == []


def test_a_pause_is_repeated_and_starts_no_child(
    client: LibraryClient, process: FakeChildProcess
) -> None:
    client.throttle_indexing(active=True)
    assert process.starts == 0
    client.start()
    assert die(client, process) == [WatchFolders(), ThrottleIndexing(active=True)]
    client.throttle_indexing(active=False)
    assert process.sent[-1] == ThrottleIndexing(active=False)
    assert die(client, process) == [WatchFolders()]


def test_a_pause_alone_brings_no_child_back(
    client: LibraryClient, process: FakeChildProcess
) -> None:
    client.send(ListFolders(request_id="a"))
    client.throttle_indexing(active=True)
    assert die(client, process) == []
    assert process.pid is None
